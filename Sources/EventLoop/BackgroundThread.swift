import CLinux
import Glibc

/// A thread beside the cores, for work that may block: it sleeps until somebody wakes it, and then does what there is.
package final class BackgroundThread: Sendable {
    private let wakeups: Counter
    private let ended: Counter

    /// Starts the thread. `body` is called once for each wake-up, until it answers false; a wake-up that comes while it
    /// runs is not lost.
    ///
    /// - Throws: when the process may have no further thread or descriptor.
    package init(name: String, body: @escaping @Sendable () -> Bool) throws(IOError) {
        let wakeups = try Counter()
        let ended = try Counter()
        self.wakeups = wakeups
        self.ended = ended
        try Thread.start(name: name) {
            repeat { wakeups.take() } while body()
            ended.add()
        }
    }

    /// Makes the body run once more. Never blocks.
    package func wake() {
        wakeups.add()
    }

    /// Waits until the body has answered false.
    ///
    /// - Returns: false when that took longer than `secondsMax`.
    package func join(secondsMax: Int) -> Bool {
        ended.isPositive(withinSeconds: secondsMax)
    }
}

/// An eventfd(2) that counts: what is added before somebody takes is not lost.
private final class Counter: Sendable {
    private let descriptor: Int32

    init() throws(IOError) {
        descriptor = gh_eventfd(1)
        guard descriptor >= 0 else { throw IOError(result: Int(descriptor)) }
    }

    deinit { gh_close(descriptor) }

    func add() { gh_eventfd_signal(descriptor) }

    func take() { gh_eventfd_take(descriptor) }

    func isPositive(withinSeconds secondsMax: Int) -> Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let answer = unsafe poll(&question, 1, Int32(clamping: secondsMax &* 1000))
            if answer >= 0 { return answer > 0 }
            if errno != EINTR { return false }
        }
    }
}
