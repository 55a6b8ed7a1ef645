import Reasons
import Storage
import Tokens

extension AccountService {
    /// Who the bearer is, as the database says now: the token may be older than the last change.
    package func me(_ bearer: Claims) async -> Settled<Account> {
        await settle {
            let user = try await workers.store {
                try store.read { transaction in try transaction.findUser(id: bearer.subject) }
            }
            return Settled(.success(Account(try signedIn(user))))
        }
    }

    /// The live sessions of the bearer, the newest first.
    package func sessions(_ bearer: Claims) async -> Settled<[SessionSummary]> {
        await settle {
            let sessions = try await workers.store {
                try store.read { transaction in try transaction.liveSessions(ofUser: bearer.subject) }
            }
            return Settled(.success(sessions.map { SessionSummary($0, current: bearer.sessionID) }))
        }
    }

    /// Ends one session of the bearer. `NOT_FOUND` also for a session of somebody else, which is none of the bearer's
    /// business, and for one that has ended already.
    package func endSession(_ id: String, of bearer: Claims, caller: Caller) async -> Settled<Void> {
        await settle {
            try await workers.store {
                let revocations = try store.transaction { transaction in
                    guard let session = try transaction.lockSession(id: id), session.userId == bearer.subject,
                        let ended = try ending.end(id, cause: .deleted, in: transaction)
                    else { throw Refusal(.notFound) }
                    try transaction.insertAudit(caller.event(.sessionDeleted, user: bearer.subject, session: id))
                    return ended
                }
                return Settled(.success(()), revocations: revocations)
            }
        }
    }

    /// The user behind a good token. A token of another service may name nobody here, or somebody who has been disabled
    /// since.
    func signedIn(_ user: User?) throws(Refusal) -> User {
        guard let user else { throw Refusal(.tokenInvalid) }
        guard user.disabledAt == nil else { throw Refusal(.tokenRevoked) }
        return user
    }
}
