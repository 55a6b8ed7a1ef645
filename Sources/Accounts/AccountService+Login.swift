import Crypto
import Reasons
import Storage

extension AccountService {
    /// Signs in with email and password.
    ///
    /// An unknown email, a wrong password and a disabled user do the same work and get the same answer. The work is a
    /// throttle slot, one look-up and one hash of the configured cost, whatever hash is stored or none.
    ///
    /// - `presented`: the refresh token of a cookie that came along; its session ends.
    package func login(
        email: String, password: String, presented: RefreshToken?, caller: Caller
    ) async -> Settled<SessionGrant> {
        await settle {
            let address = try Self.checkShape(email: email, password: password)
            let limit = throttle(.password(address), from: caller)
            let (slot, user) = try await workers.store { try beginLogin(address, limit: limit) }
            let verdict = try await self.password(holding: slot) { [settings] in
                try PasswordVerdict(
                    password, against: user?.passwordHash, cost: settings.bcryptCost,
                    mayRehash: user?.disabledAt == nil)
            }
            guard verdict.isRight, let user, user.disabledAt == nil else { throw Refusal(.invalidCredentials) }
            return try await workers.store {
                let opened = try store.transaction { transaction in
                    try finishLogin(
                        of: user, verdict, limit: limit, presented: presented, caller: caller, in: transaction)
                }
                return Settled(.success(try grant(opened)), revocations: opened.revocations)
            }
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

    private func beginLogin(_ email: EmailAddress, limit: Limit?) throws -> (Slot?, User?) {
        let slot = try takeSlot(limit)
        return (slot, try store.read { transaction in try transaction.findUser(email: email.text) })
    }

    private func finishLogin(
        of user: User, _ verdict: PasswordVerdict, limit: Limit?, presented: RefreshToken?, caller: Caller,
        in transaction: borrowing Transaction
    ) throws -> Opened {
        // The user may have been disabled, or the password changed, while this one was hashed.
        guard let locked = try transaction.lockUser(id: user.id), locked.passwordChangedAt == user.passwordChangedAt
        else { throw Refusal(.invalidCredentials) }
        if let better = verdict.betterHash {
            try transaction.rehashPassword(from: user.passwordHash, to: better, user: user.id)
        }
        let opened = try open(for: locked, replacing: presented, caller: caller, in: transaction)
        if let limit { try transaction.clearThrottle(key: limit.key) }
        try transaction.insertAudit(caller.event("login", user: user.id, session: opened.sessionID))
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
    /// - `mayRehash`: false for a disabled user, whom the second hash would tell that the password was right.
    init(_ password: String, against hash: String?, cost: Int, mayRehash: Bool) throws(CryptoError) {
        let bytes = Array(password.utf8)
        isRight = PasswordHash.verify(bytes.span, against: hash, withWorkOf: cost)
        let isCurrent = hash.map { $0.hasPrefix("$2b$") && PasswordHash.cost(of: $0) == cost } ?? true
        betterHash = isRight && mayRehash && !isCurrent ? try PasswordHash.hash(bytes.span, cost: cost) : nil
    }
}
