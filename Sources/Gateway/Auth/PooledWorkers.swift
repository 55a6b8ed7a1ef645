import Accounts
import EventLoop
import Reasons

/// The two pools of the process, as Accounts sees them. The result comes back to the caller's core by itself, because
/// the continuation resumes on the executor that its task prefers.
package struct PooledWorkers: AccountWorkers {
    private let storePool: WorkerPool
    private let passwordPool: WorkerPool

    package init(store: WorkerPool, passwords: WorkerPool) {
        storePool = store
        passwordPool = passwords
    }

    package func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await Self.run(job, on: storePool)
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
