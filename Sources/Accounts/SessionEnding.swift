import Storage

/// Ends sessions so that their access tokens end too: the revocation is written in the transaction that ends the
/// session, and returned, so that no path can do the one without the other.
struct SessionEnding: Sendable {
    /// Why a session ended, as `sessions.end_reason` and the audit log say it.
    enum Cause: String {
        case logout
        case logoutAll = "logout-all"
        case login
        case deleted
        case endedByOperator = "ended-by-operator"
        case tooMany = "max-sessions"
        case passwordChanged = "password-changed"
        case passwordSet = "password-set"
        case userDisabled = "user-disabled"
        case userDeleted = "user-deleted"
        case refreshReused = "refresh-reused"
    }

    /// A gateway whose clock is behind the database's takes a token for valid that the database calls expired. So a
    /// revocation lasts this much longer than the tokens it concerns.
    static let clockSkewMilliseconds: Int64 = 120_000

    let issuer: String

    /// Ends one session; what was revoked, or nil when it had ended before or never was.
    func end(_ id: String, cause: Cause, in transaction: borrowing Transaction) throws -> [Revocation]? {
        guard try transaction.endSession(id: id, reason: cause.rawValue) != nil else { return nil }
        return try revoke(sessions: [id], in: transaction)
    }

    /// Ends every session of a user but `except`. The caller holds the user's lock, so none begins meanwhile.
    func endAll(
        of user: String, except: String? = nil, cause: Cause, in transaction: borrowing Transaction
    ) throws -> [Revocation] {
        let ended = try transaction.endAllSessions(ofUser: user, except: except, reason: cause.rawValue)
        return try revoke(sessions: ended, in: transaction)
    }

    /// Revokes the unexpired access tokens of a user and lets the sessions live: what they say about roles is no longer
    /// true. The caller holds the user's lock.
    func revokeTokens(of user: String, in transaction: borrowing Transaction) throws -> [Revocation] {
        // A refresh in flight has locked its session and may have read the old roles; after this lock its token is in the
        // table, or it has not yet read the roles.
        let sessions = try transaction.liveSessions(ofUser: user).map(\.id).sorted()
        for session in sessions { _ = try transaction.lockSession(id: session) }
        let tokens = try transaction.accessTokens(ofUser: user)
        return try write(
            tokens.map { token in
                Storage.Revocation(
                    kind: .token, issuer: issuer, value: token.jti,
                    until: token.expiresAt + Self.clockSkewMilliseconds)
            }, in: transaction)
    }

    /// Writes revocations of tokens that belong to no session of ours.
    func write(
        _ rows: [Storage.Revocation], in transaction: borrowing Transaction
    ) throws -> [Revocation] {
        try transaction.insertRevocations(rows)
        return rows.map(Revocation.init)
    }

    private func revoke(sessions: [String], in transaction: borrowing Transaction) throws -> [Revocation] {
        if sessions.isEmpty { return [] }
        let now = try transaction.now()
        var rows: [Storage.Revocation] = []
        for session in sessions {
            // Written also when the database knows no unexpired token: see the skew.
            let latest = try transaction.latestAccessExpiry(ofSession: session) ?? now
            rows.append(
                Storage.Revocation(
                    kind: .session, issuer: issuer, value: session,
                    until: max(latest, now) + Self.clockSkewMilliseconds))
        }
        return try write(rows, in: transaction)
    }
}
