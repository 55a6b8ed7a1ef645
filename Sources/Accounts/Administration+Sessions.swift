import Reasons
import Storage

/// What an administrator does with the sessions of others.
extension Administration {
    /// The live sessions of a user, the newest first. Throws `NOT_FOUND` for a user that does not exist.
    package func sessions(of emailOrID: String) throws -> [SessionSummary] {
        try store.read { transaction in
            guard let user = try Self.find(emailOrID, in: transaction) else { throw Refusal(.notFound) }
            return try transaction.liveSessions(ofUser: user.id).map { SessionSummary($0, current: nil) }
        }
    }

    /// Ends one session. Throws `NOT_FOUND` when it has ended before, or never was.
    @discardableResult
    package func endSession(_ id: String) throws -> [Revocation] {
        try store.transaction { transaction in
            guard let session = try transaction.lockSession(id: id),
                let revocations = try ending.end(id, cause: .endedByOperator, in: transaction)
            else { throw Refusal(.notFound) }
            try transaction.insertAudit(
                AuditEvent(.sessionRevoked, userId: session.userId, sessionId: id))
            return revocations
        }
    }

    /// Ends every session of a user, who may sign in again.
    @discardableResult
    package func endSessions(of emailOrID: String) throws -> Changed {
        try change(emailOrID, kind: .sessionsRevoked) { user, transaction in
            try ending.endAll(of: user.id, cause: .endedByOperator, in: transaction)
        }
    }
}
