import Crypto
import Reasons
import Storage

extension AccountService {
    /// Signs in with email and password.
    ///
    /// An unknown email, a wrong password and a disabled user do the same work and get the same answer. The work is a
    /// throttle slot, one look-up, one hash of every kind that accounts have, and one row in the audit.
    ///
    /// - `presented`: the refresh token of a cookie that came along; its session ends.
    package func login(
        email: String, password: String, presented: RefreshToken?, caller: Caller
    ) async -> Settled<SessionGrant> {
        await settle {
            let address = try Self.checkShape(email: email, password: password)
            let begun = try await workers.store { try beginLogin(address, presented: presented, caller: caller) }
            let user = begun.user
            let verdict = try await self.password(holding: begun.taken) { [settings] in
                try PasswordVerdict(
                    password, against: user?.passwordHash, amid: begun.kinds, cost: settings.bcryptCost,
                    mayRehash: user?.disabledAt == nil)
            }
            if verdict.isRight, let user, user.disabledAt == nil {
                let settled = try await workers.store { () throws -> Settled<SessionGrant>? in
                    let opened = try store.transaction { transaction in
                        try finishLogin(
                            of: user, verdict, taken: begun.taken, presented: presented, caller: caller,
                            in: transaction)
                    }
                    guard let opened else { return nil }
                    return Settled(.success(try grant(opened)), revocations: opened.revocations)
                }
                if let settled { return settled }
            }
            try await workers.store {
                try noteFailure(of: user, isRight: verdict.isRight, as: address, caller: caller)
            }
            throw Refusal(.invalidCredentials, allowance: begun.taken.allowance)
        }
    }

    private static func checkShape(email: String, password: String) throws(Refusal) -> EmailAddress {
        var details: [String: String] = [:]
        let address = EmailAddress(email)
        if let complaint = EmailAddress.complaint(about: email) { details["email"] = complaint }
        if let complaint = PasswordRules.complaint(aboutPresented: password) { details["password"] = complaint }
        guard let address, details.isEmpty else { throw Refusal(.validationFailed, details: details) }
        return address
    }

    /// What a login knows before the hash is computed.
    private struct Begun: Sendable {
        let taken: Taken
        let user: User?
        /// The kinds of hashes that accounts have.
        let kinds: [String]
    }

    private func beginLogin(_ email: EmailAddress, presented: RefreshToken?, caller: Caller) throws -> Begun {
        var taken = Taken.nothing
        if settings.loginLimit != nil {
            let isFamiliar = try isFamiliar(email, presented: presented, caller: caller)
            taken = try takeSlots(budgets(.password(email, isFamiliar: isFamiliar), from: caller))
        }
        return try store.read { [taken] transaction in
            try Begun(
                taken: taken, user: transaction.findUser(email: email.text), kinds: transaction.passwordKinds())
        }
    }

    /// The same writes whether or not there is such an account.
    private func noteFailure(of user: User?, isRight: Bool, as email: EmailAddress, caller: Caller) throws {
        let detail =
            switch user {
            case nil: "unknown email"
            case let user? where user.disabledAt != nil: "disabled"
            default: isRight ? "changed meanwhile" : "wrong password"
            }
        try store.transaction { transaction in
            try transaction.insertAudit(
                caller.event(.login, outcome: "refused", user: user?.id, email: email.text, detail: detail))
        }
    }

    /// Nil when the user has been disabled or deleted, or the password changed, while this one was hashed.
    private func finishLogin(
        of user: User, _ verdict: PasswordVerdict, taken: Taken, presented: RefreshToken?, caller: Caller,
        in transaction: borrowing Transaction
    ) throws -> Opened? {
        guard let locked = try transaction.lockUser(id: user.id), locked.passwordChangedAt == user.passwordChangedAt
        else { return nil }
        if let better = verdict.betterHash {
            try transaction.rehashPassword(from: user.passwordHash, to: better, user: user.id)
        }
        let opened = try open(for: locked, replacing: presented, caller: caller, in: transaction)
        try settle(taken, in: transaction)
        try transaction.insertAudit(caller.event(.login, user: user.id, session: opened.sessionID))
        return opened
    }
}

/// What came of comparing a password with a stored hash.
struct PasswordVerdict: Sendable {
    let isRight: Bool
    /// The same password hashed as the configuration wants it, when the stored hash is not: another cost, or one of the
    /// older prefixes that other systems write.
    let betterHash: String?

    /// Slow: password pool. `hash` is nil for an unknown email, which takes just as long.
    ///
    /// - `kinds`: those of every account's hash; the work is the same for all of them.
    /// - `mayRehash`: false for a disabled user, whom the second hash would tell that the password was right.
    init(
        _ password: String, against hash: String?, amid kinds: [String], cost: Int, mayRehash: Bool
    ) throws(CryptoError) {
        let bytes = Array(password.utf8)
        isRight = PasswordHash.verify(bytes.span, against: hash, withWorkOf: cost, amid: kinds)
        let isCurrent = hash.map { $0.hasPrefix("$2b$") && PasswordHash.cost(of: $0) == cost } ?? true
        betterHash = isRight && mayRehash && !isCurrent ? try PasswordHash.hash(bytes.span, cost: cost) : nil
    }
}
