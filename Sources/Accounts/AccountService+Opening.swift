import Crypto
import Storage
import Tokens

extension AccountService {
    /// An access token that is noted in the transaction, and signed once that is committed.
    struct PendingToken: Sendable {
        let id: String
        let subject: TokenSubject
        /// Unix seconds.
        let issuedAt: Int64
    }

    /// A session that the transaction has opened or carried on.
    struct Opened: Sendable {
        let user: User
        let sessionID: String
        let refreshToken: RefreshToken
        let refreshSeconds: Int64
        let access: PendingToken
        var revocations: [Revocation] = []
    }

    /// Begins a session for a user whose lock the caller holds; ends the session of the refresh token that came along,
    /// and those beyond `max-sessions`.
    func open(
        for user: User, replacing presented: RefreshToken?, caller: Caller, in transaction: borrowing Transaction
    ) throws -> Opened {
        var revocations: [Revocation] = []
        if let presented, let old = try transaction.findRefreshToken(hash: presented.digest) {
            revocations += try ending.end(old.sessionId, cause: .login, in: transaction) ?? []
        }
        let session = try transaction.insertSession(
            id: Self.freshID(), userId: user.id, idleMilliseconds: settings.refreshIdleSeconds * 1000,
            absoluteMilliseconds: settings.refreshAbsoluteSeconds * 1000, ip: caller.address,
            userAgent: caller.userAgent)
        try transaction.noteSignIn(userId: user.id, address: ThrottleAddress(caller.address).text)
        let token = try RefreshToken.fresh()
        try transaction.insertRefreshToken(
            hash: token.digest, sessionId: session.id, expiresAt: session.idleExpiresAt)
        let others = try transaction.liveSessions(ofUser: user.id).filter { $0.id != session.id }
        // The newest come first, so the oldest go.
        for surplus in others.dropFirst(max(0, settings.sessionsPerUserMax - 1)) {
            revocations += try ending.end(surplus.id, cause: .tooMany, in: transaction) ?? []
        }
        return try Opened(
            user: user, sessionID: session.id, refreshToken: token,
            refreshSeconds: (session.idleExpiresAt - session.createdAt) / 1000,
            access: note(for: user, session: session.id, in: transaction), revocations: revocations)
    }

    /// Notes an access token before anybody has it, so that a role change finds every token there is.
    func note(for user: User, session: String, in transaction: borrowing Transaction) throws -> PendingToken {
        let issuedAt = now()
        let token = PendingToken(
            id: try Self.freshID(),
            subject: TokenSubject(
                userID: user.id, sessionID: session, email: user.email, emailVerified: user.emailVerified,
                name: user.name, roles: user.roles),
            issuedAt: issuedAt)
        try transaction.recordAccessToken(
            jti: token.id, sessionId: session, expiresAt: (issuedAt + issuer.lifetimeSeconds) * 1000)
        return token
    }

    /// Signs, after the commit: an RSA signature takes a millisecond, and nobody should wait for a lock that long.
    func grant(_ opened: Opened) throws -> SessionGrant {
        let token = try issuer.issue(opened.access.subject, tokenID: opened.access.id, now: opened.access.issuedAt)
        return SessionGrant(
            account: Account(opened.user), sessionID: opened.sessionID, accessToken: token.text,
            accessSeconds: issuer.lifetimeSeconds, refreshToken: opened.refreshToken,
            refreshSeconds: opened.refreshSeconds)
    }
}
