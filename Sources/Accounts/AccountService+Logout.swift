import Reasons
import Storage
import Tokens

extension AccountService {
    /// Ends every session that the call names: by refresh tokens, spent or not, and by an access token whose signature is
    /// valid, expired or not. Naming none is well too: whoever asks to be signed out, is.
    package func logout(tokens: [RefreshToken], bearer: Claims?, caller: Caller) async -> Settled<Void> {
        if tokens.isEmpty, bearer == nil { return Settled(.success(())) }
        let settled: Settled<Void> = await settle {
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
                        try transaction.insertAudit(caller.event(.logout, user: owner, session: id))
                    }
                    if let bearer, !named.contains(bearer.sessionID ?? "") {
                        revocations += try end(bearer, cause: .logout, caller: caller, in: transaction)
                    }
                    return revocations
                }
                return Settled(.success(()), revocations: revocations)
            }
        }
        return onThisGateway(settled, bearer)
    }

    /// Ends every session of the user, this one included; how many there were.
    package func logoutAll(_ bearer: Claims, caller: Caller) async -> Settled<Int> {
        let settled: Settled<Int> = await settle {
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
                        caller.event(.logoutAll, user: bearer.subject, session: bearer.sessionID))
                    return ended
                }
                return Settled(.success(revocations.count), revocations: revocations)
            }
        }
        return onThisGateway(settled, bearer)
    }

    /// A logout that the database could not take, or whose commit is in doubt, holds at least for the access tokens at this
    /// gateway. The answer stays the refusal: the session is alive wherever the database is not, so the client keeps its
    /// cookie and asks again.
    private func onThisGateway<Value>(_ settled: Settled<Value>, _ bearer: Claims?) -> Settled<Value> {
        guard let bearer, case .failure(let refusal) = settled.result,
            [.storeUnavailable, .overloaded].contains(refusal.reason)
        else { return settled }
        let (skew, longest) = (SessionEnding.clockSkewMilliseconds / 1000, now() + settings.tokenLifetimeSecondsMax)
        // No longer than tokens issued before this call live: should the client change its mind, its next ones are good.
        let until = min(max(bearer.expiresAt, now() + issuer.lifetimeSeconds), longest) + skew
        let named: (Revocation.Kind, String)? =
            bearer.sessionID.map { (.session, $0) } ?? bearer.tokenID.map { (.token, $0) }
        let revocations = named.map { Revocation(kind: $0.0, issuer: bearer.issuer, value: $0.1, until: until) }
        return Settled(settled.result, revocations: settled.revocations + (revocations.map { [$0] } ?? []))
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
            try transaction.insertAudit(
                caller.event(
                    cause == .logoutAll ? .logoutAll : .logout, user: bearer.subject, session: session))
            return ended
        }
        if try transaction.findSession(id: session) != nil { return [] }
        return try ending.write(
            [Storage.Revocation(kind: .session, issuer: bearer.issuer, value: session, until: latest)],
            in: transaction)
    }
}
