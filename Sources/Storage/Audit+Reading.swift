/// What `audit list` looks for; nil and empty mean anything.
package struct AuditFilter: Sendable, Equatable {
    package var userId: String?
    package var email: String?
    package var kind: String?
    package var outcome: String?
    package var ip: String?
    package var sessionId: String?
    package var requestId: String?
    /// Unix milliseconds, inclusive.
    package var since: Int64 = 0
    /// Unix milliseconds, exclusive.
    package var until: Int64 = .max

    package init() {}
}

extension Transaction {
    /// One page of records in their order, after `after` (0: from the start).
    package func auditRecords(after seq: Int64, limit: Int) throws(StorageError) -> [AuditRecord] {
        try rows(
            "SELECT \(AuditRecord.columns) FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT $2", seq, limit
        ).map(AuditRecord.init)
    }

    /// The newest records that fit, newest first.
    ///
    /// With both a user and an email, a record of either fits: a failed login knows only what was typed.
    package func auditRecords(_ filter: AuditFilter, limit: Int) throws(StorageError) -> [AuditRecord] {
        try rows(
            """
            SELECT \(AuditRecord.columns) FROM audit_events
            WHERE (($1 = '' AND $2 = '') OR ($1 <> '' AND user_id = $1) OR ($2 <> '' AND email = $2))
                AND ($3 = '' OR kind = $3) AND ($4 = '' OR outcome = $4) AND ($5 = '' OR ip = $5)
                AND ($6 = '' OR session_id = $6) AND ($7 = '' OR request_id = $7) AND at >= $8 AND at < $9
            ORDER BY seq DESC LIMIT $10
            """, filter.userId ?? "", filter.email ?? "", filter.kind ?? "", filter.outcome ?? "", filter.ip ?? "",
            filter.sessionId ?? "", filter.requestId ?? "", filter.since, filter.until, limit
        ).map(AuditRecord.init)
    }

    /// The last time that the account was signed in to, as far back as the audit is kept; nil when it never was.
    package func lastSignIn(ofUser id: String) throws(StorageError) -> AuditRecord? {
        try row(
            """
            SELECT \(AuditRecord.columns) FROM audit_events
            WHERE user_id = $1 AND kind IN ('login', 'register') AND outcome = 'ok' ORDER BY seq DESC LIMIT 1
            """, id
        ).map(AuditRecord.init)
    }

    /// Sign-ins to the account that were refused within so many milliseconds, wrong passwords and those over a limit: how many,
    /// and the last.
    package func refusedSignIns(
        ofUser id: String, email: String, withinMilliseconds: Int64
    ) throws(StorageError) -> (count: Int64, last: AuditRecord?) {
        // What a limit refused is known by the email alone.
        let refused = """
            FROM audit_events WHERE at > {now} - $3 AND (user_id = $1 OR email = $2)
                AND kind IN ('login', 'attempts-refused') AND outcome = 'refused'
            """
        guard var sum = try row("SELECT CAST(sum(times) AS bigint) \(refused)", id, email, withinMilliseconds) else {
            return (0, nil)
        }
        let last = try row(
            "SELECT \(AuditRecord.columns) \(refused) ORDER BY seq DESC LIMIT 1", id, email, withinMilliseconds)
        return (try sum.optionalInteger() ?? 0, try last.map(AuditRecord.init))
    }

    /// The id of the account that had this email last and was deleted.
    package func deletedUser(email: String) throws(StorageError) -> String? {
        let deleted = try row(
            """
            SELECT user_id FROM audit_events WHERE kind = 'user-deleted' AND email = $1 ORDER BY seq DESC LIMIT 1
            """, email)
        guard var deleted else { return nil }
        return try deleted.optionalText()
    }

    /// The number of the newest record; 0 when there is none.
    package func newestAudit() throws(StorageError) -> Int64 {
        var row = try row("SELECT max(seq) FROM audit_events")
        return try row?.optionalInteger() ?? 0
    }

    /// Where the chain ends.
    package func auditHead() throws(StorageError) -> AuditMark? {
        try row("SELECT seq, digest, key_id, seal FROM audit_head WHERE id = 1").map(AuditMark.init)
    }

    /// The last record that was removed because of its age; nil while all are there.
    package func auditAnchor() throws(StorageError) -> AuditMark? {
        try row("SELECT seq, digest, key_id, seal FROM audit_anchor WHERE id = 1").map(AuditMark.init)
    }
}
