import Crypto
import Reasons
import Storage

extension AccountService {
    /// Exchanges a refresh token for its successor and a new access token; `docs/decisions/0005-refresh.md` tells the
    /// whole story.
    ///
    /// Of any number of calls with one token at once, exactly one spends it; the others, and a client that lost the
    /// answer, get the same successor for as long as the grace lasts and the successor is unspent. After that a second
    /// use means that two parties have the token, and the session ends.
    package func refresh(_ presented: RefreshToken, caller: Caller) async -> Settled<SessionGrant> {
        await settle {
            let budgets = budgets(.refresh, from: caller)
            return try await workers.store {
                _ = try takeSlots(budgets)
                let successor = try RefreshToken.fresh()
                let rotation = try store.transaction { transaction in
                    try rotate(presented, to: successor, caller: caller, in: transaction)
                }
                switch rotation {
                case .carriedOn(let opened): return Settled(.success(try grant(opened)))
                case .refused(let reason): return Settled(.failure(Refusal(reason)))
                case .reused(let revocations):
                    return Settled(.failure(Refusal(.refreshTokenReused)), revocations: revocations)
                }
            }
        }
    }

    private enum Rotation {
        case carriedOn(Opened)
        case refused(Reason)
        /// The session has been ended.
        case reused([Revocation])
    }

    private func rotate(
        _ presented: RefreshToken, to fresh: RefreshToken, caller: Caller, in transaction: borrowing Transaction
    ) throws -> Rotation {
        let hash = presented.digest
        guard let known = try transaction.findRefreshToken(hash: hash) else { return .refused(.invalidRefreshToken) }
        // The session's lock comes first: logout and every other ending take it too, so either they see the token that is
        // issued here, or this sees that the session has ended.
        guard let session = try transaction.lockSession(id: known.sessionId) else {
            return .refused(.invalidRefreshToken)
        }
        let now = try transaction.now()
        guard now < min(session.idleExpiresAt, session.absoluteExpiresAt) else {
            return .refused(.refreshTokenExpired)
        }
        guard let user = try transaction.findUser(id: session.userId), user.disabledAt == nil else {
            return .refused(.invalidRefreshToken)
        }

        let won = try transaction.spendRefreshToken(
            hash: hash, successorHash: fresh.digest, successorSealed: presented.seal(fresh))
        if won {
            guard
                let touched = try transaction.touchSession(
                    id: session.id, idleMilliseconds: settings.refreshIdleSeconds * 1000, ip: caller.address)
            else { return .refused(.invalidRefreshToken) }
            try transaction.insertRefreshToken(
                hash: fresh.digest, sessionId: session.id, expiresAt: touched.idleExpiresAt)
            return .carriedOn(try carryOn(touched, of: user, with: fresh, at: now, in: transaction))
        }

        guard let spent = try transaction.findRefreshToken(hash: hash), let spentAt = spent.spentAt else {
            return .refused(.refreshTokenExpired)
        }
        if let successor = try successor(of: spent, spentAt: spentAt, presented: presented, now: now, in: transaction) {
            return .carriedOn(try carryOn(session, of: user, with: successor, at: now, in: transaction))
        }
        let revocations = try ending.end(session.id, cause: .refreshReused, in: transaction) ?? []
        // Two parties have the token. One is calling; the other is whoever exchanged the family's last one.
        try transaction.insertAudit(
            caller.event(
                .refreshReused, outcome: "refused", user: user.id, session: session.id,
                detail: "the session was last used from \(session.ip ?? "an unknown address")"))
        return .reused(revocations)
    }

    private static let clockOrderMilliseconds: Int64 = 10_000

    /// The successor that a spent token may still be exchanged for; nil is reuse.
    private func successor(
        of spent: Storage.RefreshToken, spentAt: Int64, presented: RefreshToken, now: Int64,
        in transaction: borrowing Transaction
    ) throws -> RefreshToken? {
        // A little before zero: two statements may see the database's clock in another order. Far before, it was set back, and
        // nobody knows how long ago the token was spent: it must not live for as long as the clock went back.
        let age = now - spentAt
        guard age > -Self.clockOrderMilliseconds, age < settings.refreshGraceSeconds * 1000,
            let sealed = spent.successorSealed,
            let successor = presented.open(sealed), successor.digest == spent.successorHash,
            let next = try transaction.findRefreshToken(hash: successor.digest), next.spentAt == nil
        else { return nil }
        return successor
    }

    private func carryOn(
        _ session: Session, of user: User, with token: RefreshToken, at now: Int64,
        in transaction: borrowing Transaction
    ) throws -> Opened {
        try Opened(
            user: user, sessionID: session.id, refreshToken: token,
            refreshSeconds: max(0, session.idleExpiresAt - now) / 1000,
            access: note(for: user, session: session.id, in: transaction))
    }
}
