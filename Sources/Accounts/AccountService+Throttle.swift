import Reasons
import Storage

extension AccountService {
    /// What attempts are counted by.
    enum Counted {
        /// Failed passwords for one email. `isFamiliar`: the caller has shown that it is no stranger to the account.
        case password(EmailAddress, isFamiliar: Bool)
        case registration
        case refresh
    }

    /// A limit, and under which name clients hear of it.
    struct Budget: Sendable {
        let policy: String
        let limit: Limit
    }

    /// The slots of an attempt, as they were taken.
    struct Taken: Sendable {
        fileprivate let slots: [Slot]
        /// The limit of the one email from the one address, which a success clears; nil for what has no such limit.
        fileprivate let pairKey: String?
        /// What is left of the narrowest limit.
        let allowance: Allowance?

        static let nothing = Taken(slots: [], pairKey: nil, allowance: nil)
    }

    /// How many times the limit of one email from one address is allowed to one address, and to one account.
    private static let widerFactor: Int64 = 10
    /// How many windows long refused tries can make a lock.
    private static let lockWindowsMax: Int64 = 4
    /// For how long an address from which somebody signed in is no stranger to the account.
    static let familiarMilliseconds: Int64 = 30 * 86_400_000

    /// The limits of an attempt, the narrowest first; empty when there is none.
    ///
    /// Guesses are counted three times: per email and address, so that guessing from elsewhere does not lock the owner out;
    /// per address, against trying one password on many accounts; and per account, against guessing from many addresses.
    /// Strangers and those who know the account have a count each of the last: whatever strangers do, they leave the
    /// owner's untouched.
    func budgets(_ counted: Counted, from caller: Caller) -> [Budget] {
        let address = ThrottleAddress(caller.address).text
        switch counted {
        case .registration: return Self.budgets(settings.registerLimit, [("register", "register:\(address)", 1)])
        case .refresh: return Self.budgets(settings.refreshLimit, [("refresh", "refresh:\(address)", 1)])
        case .password(let email, let isFamiliar):
            let who = isFamiliar ? "by-known" : "by-strangers"
            return Self.budgets(
                settings.loginLimit, windowsMax: Self.lockWindowsMax,
                [
                    ("login", "login:\(email.text):\(address)", 1),
                    ("login-address", "login-from:\(address)", Self.widerFactor),
                    ("login-account", "login-\(who):\(email.text)", Self.widerFactor),
                ])
        }
    }

    private static func budgets(
        _ attempts: AttemptLimit?, windowsMax: Int64 = 1, _ parts: [(policy: String, key: String, factor: Int64)]
    ) -> [Budget] {
        guard let attempts else { return [] }
        let (milliseconds, overflow) = attempts.windowSeconds.multipliedReportingOverflow(by: 1000)
        return parts.map { part in
            let (count, isTooMany) = Int64(attempts.attempts).multipliedReportingOverflow(by: part.factor)
            return Budget(
                policy: part.policy,
                limit: Limit(
                    key: part.key, count: isTooMany ? .max : count,
                    windowMilliseconds: overflow ? .max / 16 : milliseconds, windowsMax: windowsMax))
        }
    }

    /// Whether the caller is no stranger to the account with this email: it has signed in from there within 30 days, or
    /// shows one of its refresh tokens, live or spent. An unknown email costs the same look-ups. For a store job.
    func isFamiliar(_ email: EmailAddress, presented: RefreshToken?, caller: Caller) throws -> Bool {
        try store.read { transaction in
            if let presented, try transaction.belongs(refreshTokenHash: presented.digest, toEmail: email.text) {
                return true
            }
            return try transaction.hasSignedIn(
                email: email.text, address: ThrottleAddress(caller.address).text,
                withinMilliseconds: Self.familiarMilliseconds)
        }
    }

    /// Takes a slot of each before the work they stand for, in a transaction of its own, so that forty guesses at once are
    /// forty slots. Throws `TOO_MANY_ATTEMPTS`. For a store job.
    func takeSlots(_ budgets: [Budget]) throws -> Taken {
        guard let narrowest = budgets.first else { return .nothing }
        switch try store.transaction({ transaction in try transaction.takeSlots(budgets.map(\.limit)) }) {
        case .admitted(let slots):
            let slot = slots.first { $0.key == narrowest.limit.key }
            return Taken(
                slots: slots, pairKey: budgets.count > 1 ? narrowest.limit.key : nil,
                allowance: slot.map {
                    narrowest.allowance(remaining: narrowest.limit.count - $0.used, milliseconds: $0.millisecondsLeft)
                })
        case .refused(let limit, let milliseconds):
            let budget = budgets.first { $0.limit.key == limit.key } ?? narrowest
            let allowance = budget.allowance(remaining: 0, milliseconds: milliseconds)
            throw Refusal(
                .tooManyAttempts, retryAfterSeconds: max(1, allowance.resetSeconds), allowance: allowance)
        }
    }

    /// The attempt was no guess: what was counted for the email from this address is forgotten, and the wider limits get
    /// back the one slot that they lent.
    func settle(_ taken: Taken, in transaction: borrowing Transaction) throws {
        for slot in taken.slots.sorted(by: { $0.key < $1.key }) {
            if slot.key == taken.pairKey {
                try transaction.clearThrottle(key: slot.key)
            } else {
                try transaction.giveBack(slot)
            }
        }
    }

    /// Runs a password job. When it throws, nothing was guessed (the queue is full, a new password is weak), so the slots
    /// go back; a wrong guess is something that the job returns.
    func password<T: Sendable>(
        holding taken: Taken, _ job: @escaping @Sendable () throws -> T
    ) async throws -> T {
        do {
            return try await workers.password(job)
        } catch {
            if !taken.slots.isEmpty {
                _ = try? await workers.store { [store] in
                    try store.transaction { transaction in
                        for slot in taken.slots.sorted(by: { $0.key < $1.key }) { try transaction.giveBack(slot) }
                    }
                }
            }
            throw error
        }
    }
}

extension AccountService.Budget {
    fileprivate func allowance(remaining: Int64, milliseconds: Int64) -> Allowance {
        Allowance(
            policy: policy, quota: limit.count, windowSeconds: limit.windowMilliseconds / 1000,
            remaining: max(0, remaining), resetSeconds: max(0, (milliseconds + 999) / 1000))
    }
}

/// What the keys of the login limits say, for the audit.
struct ThrottleKey {
    let policy: String
    let email: String?
    let address: String?

    init(_ key: String) {
        let parts = key.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "login":
            // No email holds a colon; an IPv6 address does.
            let pair = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            (policy, email, address) = ("login", pair[0], pair.count > 1 ? pair[1] : nil)
        case "login-from": (policy, email, address) = ("login-address", nil, rest)
        case "login-by-known", "login-by-strangers": (policy, email, address) = ("login-account", rest, nil)
        default: (policy, email, address) = (parts[0], nil, rest)
        }
    }
}
