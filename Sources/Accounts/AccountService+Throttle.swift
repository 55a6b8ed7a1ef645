import Storage

extension AccountService {
    /// What attempts are counted by.
    enum Counted {
        /// Failed passwords: per email *and* address, so that guessing from elsewhere does not lock the owner out.
        case password(EmailAddress)
        case registration
        case refresh
    }

    func throttle(_ counted: Counted, from caller: Caller) -> Limit? {
        let address = ThrottleAddress(caller.address).text
        let (limit, key) =
            switch counted {
            case .password(let email): (settings.loginLimit, "login:\(email.text):\(address)")
            case .registration: (settings.registerLimit, "register:\(address)")
            case .refresh: (settings.refreshLimit, "refresh:\(address)")
            }
        guard let limit else { return nil }
        let (milliseconds, overflow) = limit.windowSeconds.multipliedReportingOverflow(by: 1000)
        return Limit(
            key: key, count: Int64(limit.attempts), windowMilliseconds: overflow ? .max / 4 : milliseconds)
    }

    /// Takes a slot before the work it stands for, in a transaction of its own, so that forty guesses at once are forty
    /// slots. Nil when there is no limit; throws `TOO_MANY_ATTEMPTS`. For a store job.
    func takeSlot(_ limit: Limit?) throws -> Slot? {
        guard let limit else { return nil }
        switch try store.transaction({ transaction in try transaction.takeSlots([limit]) }) {
        case .admitted(let slots): return slots.first
        case .refused(_, let milliseconds):
            throw Refusal(.tooManyAttempts, retryAfterSeconds: max(1, (milliseconds + 999) / 1000))
        }
    }

    /// Runs a password job. When it throws, nothing was guessed (the queue is full, a new password is weak), so the slot
    /// goes back; a wrong guess is something that the job returns.
    func password<T: Sendable>(
        holding slot: Slot?, _ job: @escaping @Sendable () throws -> T
    ) async throws -> T {
        do {
            return try await workers.password(job)
        } catch {
            if let slot {
                _ = try? await workers.store { [store] in
                    try store.transaction { transaction in try transaction.giveBack(slot) }
                }
            }
            throw error
        }
    }
}
