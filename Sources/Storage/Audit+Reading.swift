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

    /// Where the chain ends.
    package func auditHead() throws(StorageError) -> AuditMark? {
        try row("SELECT seq, digest, key_id, seal FROM audit_head WHERE id = 1").map(AuditMark.init)
    }

    /// The last record that was removed because of its age; nil while all are there.
    package func auditAnchor() throws(StorageError) -> AuditMark? {
        try row("SELECT seq, digest, key_id, seal FROM audit_anchor WHERE id = 1").map(AuditMark.init)
    }
}
