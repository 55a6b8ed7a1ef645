import EventLoop
import Synchronization

/// What the whole process knows about itself, for `/readyz` and `/metrics`.
final class ServerState: Sendable {
    private let ready = Atomic<Bool>(false)
    private let draining = Atomic<Bool>(false)
    private let databaseUp = Atomic<Bool>(true)
    /// Monotonic milliseconds; 0 before the first time.
    private let revocationsReadAt = Atomic<UInt64>(0)

    /// Routes and revocations are loaded, and the listeners are open.
    var isReady: Bool {
        get { ready.load(ordering: .relaxed) }
        set { ready.store(newValue, ordering: .relaxed) }
    }

    var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// Whether the last poll was answered.
    var isDatabaseUp: Bool { databaseUp.load(ordering: .relaxed) }

    /// Notes how a poll ended. True when that is news.
    func notePoll(succeeded: Bool) -> Bool {
        if succeeded { revocationsReadAt.store(MonotonicClock.milliseconds, ordering: .relaxed) }
        return databaseUp.exchange(succeeded, ordering: .relaxed) != succeeded
    }

    /// Seconds since the revocations were last read; nil before the first time.
    var revocationStaleSeconds: Double? {
        let readAt = revocationsReadAt.load(ordering: .relaxed)
        guard readAt > 0 else { return nil }
        let (age, isEarlier) = MonotonicClock.milliseconds.subtractingReportingOverflow(readAt)
        return isEarlier ? 0 : Double(age) / 1000
    }
}
