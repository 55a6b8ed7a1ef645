import Synchronization

@testable import Accounts
@testable import Reasons

/// Runs jobs inline, notes which pool they were for, and can be full or let something happen right after a password job.
final class RecordingWorkers: AccountWorkers {
    private struct State {
        var trace: [String] = []
        var refusesPasswords = false
        var refusesStore = false
        var afterPassword: (@Sendable () throws -> Void)?
    }

    private let state = Mutex(State())

    var trace: [String] { state.withLock { $0.trace } }

    func clear() { state.withLock { $0.trace = [] } }
    func refusePasswords(_ refuse: Bool) { state.withLock { $0.refusesPasswords = refuse } }
    func refuseStore(_ refuse: Bool) { state.withLock { $0.refusesStore = refuse } }
    func afterPassword(_ body: @escaping @Sendable () throws -> some Any) {
        state.withLock { $0.afterPassword = { _ = try body() } }
    }

    func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        let refuses = state.withLock { state in
            state.trace.append("store")
            return state.refusesStore
        }
        if refuses { throw Reason.overloaded }
        return try job()
    }

    func password<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        let (refuses, after) = state.withLock { state in
            state.trace.append("password")
            return (state.refusesPasswords, state.afterPassword)
        }
        if refuses { throw Reason.overloaded }
        let result = try job()
        try after?()
        return result
    }
}
