import Crypto
import Reasons
import Storage
import Tokens

extension AccountService {
    /// Changes the bearer's password. Every other session ends, this one goes on; how many ended.
    ///
    /// The current password is asked for because a stolen access token must not be enough to keep an account, and a
    /// wrong one counts as a failed login, because it is the same guess.
    package func changePassword(
        current: String, new: String, bearer: Claims, caller: Caller
    ) async -> Settled<Int> {
        await settle {
            try Self.checkShape(current: current, new: new)
            let (user, taken) = try await workers.store { try beginChange(of: bearer, caller: caller) }
            let hash = try await password(holding: taken) { [settings] in
                try Self.newHash(current: current, new: new, user: user, settings: settings)
            }
            guard let hash else {
                try await workers.store {
                    try store.transaction { transaction in
                        try transaction.insertAudit(
                            caller.event(
                                .passwordChanged, outcome: "refused", user: user.id, session: bearer.sessionID,
                                detail: "wrong password"))
                    }
                }
                throw Self.wrongPassword
            }
            let ended = try await workers.store {
                try store.transaction { transaction in
                    try finishChange(of: user, to: hash, taken: taken, bearer: bearer, caller: caller, in: transaction)
                }
            }
            return Settled(.success(ended.count), revocations: ended)
        }
    }

    private static func checkShape(current: String, new: String) throws(Refusal) {
        var details: [String: String] = [:]
        if let complaint = PasswordRules.complaint(aboutPresented: current) { details["currentPassword"] = complaint }
        if let complaint = PasswordRules.complaint(aboutNew: new) { details["newPassword"] = complaint }
        guard details.isEmpty else { throw Refusal(.validationFailed, details: details) }
    }

    private func beginChange(of bearer: Claims, caller: Caller) throws -> (User, Taken) {
        let found = try store.read { transaction in try transaction.findUser(id: bearer.subject) }
        let user = try signedIn(found)
        // Whoever has an access token of the account is no stranger to it.
        guard let email = EmailAddress(user.email) else { return (user, .nothing) }
        return (user, try takeSlots(budgets(.password(email, isFamiliar: true), from: caller)))
    }

    /// The hash of the new password; nil when the current one is wrong. Password pool.
    private static func newHash(
        current: String, new: String, user: User, settings: AccountSettings
    ) throws -> String? {
        let isRight = PasswordHash.verify(
            Array(current.utf8).span, against: user.passwordHash, withWorkOf: settings.bcryptCost)
        guard isRight else { return nil }
        let rules = PasswordRules(strengthBitsMin: settings.passwordStrengthBitsMin)
        if let complaint = rules.complaint(aboutStrengthOf: new, email: user.email, name: user.name) {
            throw Refusal(.validationFailed, details: ["newPassword": complaint])
        }
        return try PasswordHash.hash(Array(new.utf8).span, cost: settings.bcryptCost)
    }

    private func finishChange(
        of user: User, to hash: String, taken: Taken, bearer: Claims, caller: Caller,
        in transaction: borrowing Transaction
    ) throws -> [Revocation] {
        let locked = try signedIn(transaction.lockAnyUser(id: user.id))
        // Two changes at once: the later one knew only the password that is no longer current.
        guard locked.passwordChangedAt == user.passwordChangedAt else { throw Self.wrongPassword }
        // The session was ended while the hash was made: whoever ended it meant this caller, too.
        if let id = bearer.sessionID, let session = try transaction.findSession(id: id), session.endedAt != nil {
            throw Refusal(.tokenRevoked)
        }
        try transaction.setPassword(hash: hash, user: user.id)
        let ended = try ending.endAll(
            of: user.id, except: bearer.sessionID, cause: .passwordChanged, in: transaction)
        try settle(taken, in: transaction)
        try transaction.insertAudit(caller.event(.passwordChanged, user: user.id, session: bearer.sessionID))
        return ended
    }

    private static var wrongPassword: Refusal {
        Refusal(.validationFailed, details: ["currentPassword": "is wrong"])
    }
}
