import Reasons
import Storage
import Tokens

extension AccountService {
    /// Ends every session that the call names: by refresh tokens, spent or not, and by an access token whose signature is
    /// valid, expired or not. Naming none is well too: whoever asks to be signed out, is.
    package func logout(tokens: [RefreshToken], bearer: Claims?, caller: Caller) async -> Settled<Void> {
        if tokens.isEmpty, bearer == nil { return Settled(.success(())) }
        return await settle {
            try await workers.store {
                let revocations = try store.transaction { transaction in
                    var named: Set<String> = []
                    for token in tokens {
                        if let known = try transaction.findRefreshToken(hash: token.digest) {
                            named.insert(known.sessionId)
                        }
                    }
                    var revocations: [Revocation] = []
                    // In the order of ids, so that two logouts never wait for each other crosswise.
                    for id in named.sorted() {
                        guard let ended = try ending.end(id, cause: .logout, in: transaction) else { continue }
                        revocations += ended
                        let owner = try transaction.findSession(id: id)?.userId
                        try transaction.insertAudit(caller.event("logout", user: owner, session: id))
                    }
                    if let bearer, !named.contains(bearer.sessionID ?? "") {
                        revocations += try end(bearer, cause: .logout, caller: caller, in: transaction)
                    }
                    return revocations
                }
                return Settled(.success(()), revocations: revocations)
            }
        }
    }

    /// Ends every session of the user, this one included; how many there were.
    package func logoutAll(_ bearer: Claims, caller: Caller) async -> Settled<Int> {
        await settle {
            try await workers.store {
                let revocations = try store.transaction { transaction in
                    guard try transaction.lockAnyUser(id: bearer.subject) != nil else {
                        return try end(bearer, cause: .logoutAll, caller: caller, in: transaction)
                    }
                    var ended = try ending.endAll(of: bearer.subject, cause: .logoutAll, in: transaction)
                    if !ended.contains(where: { $0.value == bearer.sessionID }) {
                        ended += try end(bearer, cause: .logoutAll, caller: caller, in: transaction)
                    }
                    try transaction.insertAudit(
                        caller.event("logout-all", user: bearer.subject, session: bearer.sessionID))
                    return ended
                }
                return Settled(.success(revocations.count), revocations: revocations)
            }
        }
    }

    /// Ends what an access token names. It may be another service's that signs with our key: then there is no session
    /// here to end, and its `sid`, or at least this token, is revoked for as long as the gate would take such a token.
    private func end(
        _ bearer: Claims, cause: SessionEnding.Cause, caller: Caller, in transaction: borrowing Transaction
    ) throws -> [Revocation] {
        let now = try transaction.now()
        let (expiry, overflow) = bearer.expiresAt.multipliedReportingOverflow(by: 1000)
        let latest = now + settings.tokenLifetimeSecondsMax * 1000 + SessionEnding.clockSkewMilliseconds
        let ownUntil = overflow ? latest : min(expiry + SessionEnding.clockSkewMilliseconds, latest)
        guard let session = bearer.sessionID else {
            guard let token = bearer.tokenID else { return [] }
            return try ending.write(
                [Storage.Revocation(kind: .token, issuer: bearer.issuer, value: token, until: ownUntil)],
                in: transaction)
        }
        if let ended = try ending.end(session, cause: cause, in: transaction) {
            try transaction.insertAudit(caller.event(cause.rawValue, user: bearer.subject, session: session))
            return ended
        }
        if try transaction.findSession(id: session) != nil { return [] }
        return try ending.write(
            [Storage.Revocation(kind: .session, issuer: bearer.issuer, value: session, until: latest)],
            in: transaction)
    }
}
