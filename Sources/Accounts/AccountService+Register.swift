import Crypto
import Reasons
import Storage

extension AccountService {
    /// Creates an account with the role `user` and signs it in.
    ///
    /// The email's uniqueness is decided by the database when the row is inserted; the look beforehand only saves a hash.
    /// That an email is taken is no secret here (409): `docs/threat-model.md` says why.
    ///
    /// - `presented`: the refresh token of a cookie that came along; its session ends.
    package func register(
        email: String, password: String, name: String?, presented: RefreshToken?, caller: Caller
    ) async -> Settled<SessionGrant> {
        await settle {
            guard settings.registrationIsOpen else { throw Refusal(.registrationClosed) }
            let new = try NewAccount(email: email, password: password, name: name)
            let taken = try await workers.store { try beginRegistration(new, caller: caller) }
            let hash = try await self.password(holding: taken) { [settings] in try new.hash(settings) }
            return try await workers.store {
                let opened = try insert(new, hash: hash, presented: presented, caller: caller)
                return Settled(.success(try grant(opened)), revocations: opened.revocations)
            }
        }
    }

    private func beginRegistration(_ new: NewAccount, caller: Caller) throws -> Taken {
        let taken = try takeSlots(budgets(.registration, from: caller))
        let isKnown = try store.read { transaction in try transaction.findUser(email: new.email.text) != nil }
        if isKnown { throw Refusal(.emailTaken) }
        return taken
    }

    private func insert(
        _ new: NewAccount, hash: String, presented: RefreshToken?, caller: Caller
    ) throws -> Opened {
        let id = try Self.freshID()
        do {
            return try store.transaction { transaction in
                let user = try transaction.insertUser(
                    id: id, email: new.email.text, emailVerified: false, name: new.name?.text, passwordHash: hash,
                    roles: [RoleName.user])
                let opened = try open(for: user, replacing: presented, caller: caller, in: transaction)
                try transaction.insertAudit(caller.event(.register, user: id, session: opened.sessionID))
                return opened
            }
        } catch StorageError.uniqueViolation(constraint: "users_email") {
            throw Refusal(.emailTaken)
        }
    }
}
