/// One security event.
package struct AuditEvent: Sendable, Equatable {
    /// What happened: a stable word such as `login`, `refresh-reused`, `user-disabled`.
    package var kind: String
    /// `ok`, or `refused` when somebody was kept from it.
    package var outcome: String
    /// How often; more than once only for what is summed.
    package var times: Int64
    package var userId: String?
    /// What was typed for an email, as normalised, when that is all there is to say who it was.
    package var email: String?
    package var sessionId: String?
    package var ip: String?
    package var requestId: String?
    /// Never a token, a password or a cookie.
    package var detail: String?

    package init(
        kind: String, outcome: String = "ok", times: Int64 = 1, userId: String? = nil, email: String? = nil,
        sessionId: String? = nil, ip: String? = nil, requestId: String? = nil, detail: String? = nil
    ) {
        self.kind = kind
        self.outcome = outcome
        self.times = times
        self.userId = userId
        self.email = email
        self.sessionId = sessionId
        self.ip = ip
        self.requestId = requestId
        self.detail = detail
    }
}

/// An event as it was written.
package struct AuditRecord: Sendable, Equatable {
    /// 1, 2, 3 and so on, without gaps.
    package var seq: Int64
    /// Unix milliseconds of the database's clock.
    package var at: Int64
    package var event: AuditEvent
    /// Under which key `digest` was made; empty for what was written before there was a chain.
    package var keyId: String
    /// Hex; it covers the record and the digest before it.
    package var digest: String

    static let columns = """
        seq, at, kind, outcome, times, user_id, email, session_id, ip, request_id, detail, key_id, digest
        """

    package init(seq: Int64, at: Int64, event: AuditEvent, keyId: String = "", digest: String = "") {
        self.seq = seq
        self.at = at
        self.event = event
        self.keyId = keyId
        self.digest = digest
    }

    init(_ row: Row) throws(StorageError) {
        var row = row
        seq = try row.integer()
        at = try row.integer()
        event = try AuditEvent(
            kind: row.text(), outcome: row.text(), times: row.integer(), userId: row.optionalText(),
            email: row.optionalText(), sessionId: row.optionalText(), ip: row.optionalText(),
            requestId: row.optionalText(), detail: row.optionalText())
        keyId = try row.text()
        digest = try row.text()
    }
}

/// An end of the chain: the last record, or the last one that was removed because of its age.
package struct AuditMark: Sendable, Equatable {
    package var seq: Int64
    package var digest: String
    package var keyId: String
    /// Hex, over the rest: whoever can only write the database cannot move the end.
    package var seal: String

    package init(seq: Int64, digest: String, keyId: String, seal: String) {
        self.seq = seq
        self.digest = digest
        self.keyId = keyId
        self.seal = seal
    }
}

/// What makes a chain of the records. The key is not the database's business, so it is somebody else's to compute.
package protocol AuditSealing: Sendable {
    /// The name of the key that the following are made with.
    var keyId: String { get }
    /// The digest of a record that follows one with the digest `previous` (empty: it is the first).
    func digest(of record: AuditRecord, after previous: String) -> String
    /// The seal of an end of the chain; `end` says which.
    func seal(_ end: AuditEnd, seq: Int64, digest: String) -> String
    /// Called once the record has been committed.
    func announce(_ record: AuditRecord)
}

/// The two ends of the chain.
package enum AuditEnd: String, Sendable {
    case head
    case anchor
}

/// No chain: for those who write no events.
package struct Unsealed: AuditSealing {
    package init() {}
    package var keyId: String { "" }
    package func digest(of record: AuditRecord, after previous: String) -> String { "" }
    package func seal(_ end: AuditEnd, seq: Int64, digest: String) -> String { "" }
    package func announce(_ record: AuditRecord) {}
}
