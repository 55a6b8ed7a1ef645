/// One security event.
package struct AuditEvent: Sendable, Equatable {
    /// What happened: a stable word such as `login`, `refresh-reused`, `user-disabled`.
    package var kind: String
    package var userId: String?
    package var sessionId: String?
    package var ip: String?
    package var requestId: String?
    /// Never a token, a password or a cookie.
    package var detail: String?

    package init(
        kind: String, userId: String? = nil, sessionId: String? = nil, ip: String? = nil, requestId: String? = nil,
        detail: String? = nil
    ) {
        self.kind = kind
        self.userId = userId
        self.sessionId = sessionId
        self.ip = ip
        self.requestId = requestId
        self.detail = detail
    }
}

/// An event as it was written.
package struct AuditRecord: Sendable, Equatable {
    /// Ascending, not without gaps.
    package var id: Int64
    /// Unix milliseconds of the database's clock.
    package var at: Int64
    package var event: AuditEvent

    init(_ row: Row) throws(StorageError) {
        var row = row
        id = try row.integer()
        at = try row.integer()
        event = try AuditEvent(
            kind: row.text(), userId: row.optionalText(), sessionId: row.optionalText(), ip: row.optionalText(),
            requestId: row.optionalText(), detail: row.optionalText())
    }
}

extension Transaction {
    /// Writes an event in the transaction of what it tells, so that neither exists without the other.
    package func insertAudit(_ event: AuditEvent) throws(StorageError) {
        try run(
            """
            INSERT INTO audit_events (at, kind, user_id, session_id, ip, request_id, detail)
            VALUES ({now}, $1, $2, $3, $4, $5, $6)
            """, event.kind, event.userId, event.sessionId, event.ip, event.requestId, event.detail)
    }

    /// One page of events in the order of their ids, after `after` (0: from the start).
    package func auditRecords(after id: Int64, limit: Int) throws(StorageError) -> [AuditRecord] {
        try rows(
            """
            SELECT id, at, kind, user_id, session_id, ip, request_id, detail FROM audit_events
            WHERE id > $1 ORDER BY id LIMIT $2
            """, id, limit
        ).map(AuditRecord.init)
    }
}
