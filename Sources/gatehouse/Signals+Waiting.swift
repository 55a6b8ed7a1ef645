import EventLoop
import Synchronization

extension Signals {
    /// Runs an operation beside the main thread, which goes on minding the signals meanwhile.
    ///
    /// The main thread must be the one that made this value: a signal that is not blocked in every thread ends the
    /// process, and an asynchronous `main` would begin on a thread of the pool.
    ///
    /// - Returns: nil when TERM or INT came first.
    func wait<Value: Sendable>(for operation: @escaping @Sendable () async -> Value) -> Value? {
        let outcome = Outcome<Value>()
        let waker = waker
        Task {
            let value = await operation()
            outcome.value.withLock { $0 = value }
            waker.wake()
        }
        while true {
            switch next() {
            case .terminate: return nil
            case .reload, .reopenLogs: continue
            case .woken:
                if let value = outcome.value.withLock({ $0 }) { return value }
            }
        }
    }
}

private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
