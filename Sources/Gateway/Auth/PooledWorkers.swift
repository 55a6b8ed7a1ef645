import Accounts
import EventLoop
import Reasons

/// The two pools of the process, as Accounts sees them. The result comes back to the caller's core by itself, because
/// the continuation resumes on the executor that its task prefers.
package struct PooledWorkers: AccountWorkers {
    private let storePool: WorkerPool
    private let passwordPool: WorkerPool
    private let storeWaitMax: Milliseconds

    /// - Parameter storeWaitMax: a job for the store that has waited in line for longer is refused instead of run. When the
    ///   database makes every caller wait, those behind them would wait for all of them; so they learn it in time.
    package init(store: WorkerPool, passwords: WorkerPool, storeWaitMax: Milliseconds = .max) {
        storePool = store
        passwordPool = passwords
        self.storeWaitMax = storeWaitMax
    }

    package func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        let (asked, waitMax) = (MonotonicClock.milliseconds, storeWaitMax)
        return try await Self.run(
            {
                guard MonotonicClock.milliseconds &- asked <= waitMax else { throw Reason.overloaded }
                return try job()
            }, on: storePool)
    }

    package func password<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await Self.run(job, on: passwordPool)
    }

    private static func run<T: Sendable>(
        _ job: @escaping @Sendable () throws -> T, on pool: WorkerPool
    ) async throws -> T {
        do {
            return try await pool.run(job)
        } catch is WorkerPool.QueueFull {
            throw Reason.overloaded
        }
    }
}
