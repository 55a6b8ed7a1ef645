/// One security event.
package struct AuditEvent: Sendable, Equatable {
    /// What happened: one of `Kind`, unless somebody else wrote the row.
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

    /// A new event.
    package init(
        _ kind: Kind, outcome: String = "ok", times: Int64 = 1, userId: String? = nil, email: String? = nil,
        sessionId: String? = nil, ip: String? = nil, requestId: String? = nil, detail: String? = nil
    ) {
        self.init(
            kind: kind.rawValue, outcome: outcome, times: times, userId: userId, email: email, sessionId: sessionId,
            ip: ip, requestId: requestId, detail: detail)
    }

    /// An event as it was read.
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

extension AuditEvent {
    /// What can happen. The words are stable: scripts ask for them, and old records have them. `docs/operations.md` lists them.
    package enum Kind: String, Sendable, CaseIterable {
        case register
        case login
        case logout
        case logoutAll = "logout-all"
        case refreshReused = "refresh-reused"
        case sessionDeleted = "session-deleted"
        case passwordChanged = "password-changed"
        // By an operator.
        case userAdded = "user-added"
        case userImported = "user-imported"
        case userRoles = "user-roles"
        case userDisabled = "user-disabled"
        case userEnabled = "user-enabled"
        case userDeleted = "user-deleted"
        case passwordSet = "password-set"
        case sessionRevoked = "session-revoked"
        case sessionsRevoked = "sessions-revoked"
        case keyAdded = "key-added"
        case keyRotated = "key-rotated"
        case keyRetired = "key-retired"
        // By time.
        case keyExpired = "key-expired"
        case attemptsRefused = "attempts-refused"
        // By a gateway that found the audit changed.
        case unsealed = "audit-unsealed"
        case removedBroken = "audit-broken"
    }
}

extension AuditEvent {
    /// What is written first where the head that a gateway found has no good seal: sealing it anew would hide that somebody
    /// has moved it. The seal that was there is kept, for those who know more keys (`audit verify`).
    package static func unsealed(_ head: AuditMark) -> AuditEvent {
        AuditEvent(
            .unsealed, outcome: "refused", detail: sealed(as: head.seal, keyId: head.keyId))
    }

    /// What is written when records go for their age that are not as they were written, or whose key nobody has any more.
    package static func removedBroken(upTo seq: Int64) -> AuditEvent {
        AuditEvent(.removedBroken, outcome: "refused", detail: "records up to \(seq) went, and were not whole")
    }

    /// Cut, because anything at all may stand there.
    package static func sealed(as seal: String, keyId: String) -> String {
        "the head was sealed by \(keyId.prefix(16)) as \(seal.prefix(64))"
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
    /// Whether whoever has one of the keys sealed this end of the chain, or nothing was ever written.
    func isSealed(_ end: AuditEnd, _ mark: AuditMark) -> Bool
    /// Whether the record is as it was written, behind one with the digest `previous`.
    func isWhole(_ record: AuditRecord, after previous: String) -> Bool
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
    package func isSealed(_ end: AuditEnd, _ mark: AuditMark) -> Bool { true }
    package func isWhole(_ record: AuditRecord, after previous: String) -> Bool { true }
    package func announce(_ record: AuditRecord) {}
}
