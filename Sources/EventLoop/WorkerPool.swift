import CLinux
import Synchronization

/// A few threads for work that blocks (SQL) or computes for long (password hashes), behind a bounded queue.
///
/// A full queue refuses at once: waiting in line is the caller's decision, never a surprise. The result returns to the
/// caller's loop through its mailbox.
package final class WorkerPool: Sendable {
    package struct QueueFull: Error, Sendable {}

    private typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        /// Jobs before this index have been taken.
        var next = 0
        var isStopping = false
        var rejected: UInt64 = 0
        var waiting: Int { jobs.count - next }
    }

    package let name: String
    package let threads: Int
    package let queueMax: Int
    private let state = Mutex(State())
    /// A semaphore: one unit for each job in the queue, and one for each thread when the pool stops.
    private let semaphore: Int32

    /// `nice` is added to the threads' niceness: 10 lets the gate go first.
    package init(name: String, threads: Int, queueMax: Int, nice: Int32) throws(IOError) {
        semaphore = gh_eventfd(1)
        guard semaphore >= 0 else { throw IOError(result: Int(semaphore)) }
        self.name = name
        self.queueMax = queueMax
        self.threads = max(threads, 1)
        for number in 0..<self.threads {
            try Thread.start(name: "\(name)-\(number)") { [self] in
                if nice != 0 { gh_thread_nice(nice) }
                while let job = take() { job() }
            }
        }
    }

    deinit { gh_close(semaphore) }

    /// Jobs that wait for a thread.
    package var queueLength: Int { state.withLock { $0.waiting } }

    /// Jobs that were refused because the queue was full, since the start.
    package var rejected: UInt64 { state.withLock { $0.rejected } }

    /// Runs `job` on one of the threads. Throws `QueueFull` at once when too many wait already.
    package func run<Value: Sendable>(_ job: @escaping @Sendable () throws -> Value) async throws -> Value {
        unsafe try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
            let isQueued = enqueue {
                unsafe continuation.resume(with: Result { try job() })
            }
            if !isQueued { unsafe continuation.resume(throwing: QueueFull()) }
        }
    }

    /// Lets the threads end once the queue is empty.
    package func stop() {
        state.withLock { $0.isStopping = true }
        for _ in 0..<threads { gh_eventfd_signal(semaphore) }
    }

    private func enqueue(_ job: @escaping Job) -> Bool {
        let isQueued = state.withLock { state in
            guard state.waiting < queueMax, !state.isStopping else {
                state.rejected &+= 1
                return false
            }
            state.jobs.append(job)
            return true
        }
        if isQueued { gh_eventfd_signal(semaphore) }
        return isQueued
    }

    /// The next job; nil when the pool stops and none is left.
    private func take() -> Job? {
        gh_eventfd_take(semaphore)
        return state.withLock { state in
            guard state.next < state.jobs.count else { return nil }
            let job = state.jobs[state.next]
            state.next += 1
            // Forget the taken ones once they are the larger part: O(1) a job over time.
            if state.next > 32, state.next * 2 > state.jobs.count {
                state.jobs.removeFirst(state.next)
                state.next = 0
            }
            return job
        }
    }
}
