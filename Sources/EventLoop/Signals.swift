import CLinux
import Glibc

/// The signals that steer the gateway, as events for the main thread.
///
/// `init` must run before any other thread is started: threads inherit the blocked mask.
package struct Signals: ~Copyable {
    package enum Event: Sendable, Equatable {
        /// TERM or INT.
        case terminate
        /// HUP.
        case reload
        /// USR1.
        case reopenLogs
        /// `Waker.wake` was called.
        case woken
    }

    /// Wakes the thread that waits in `next`, from any thread.
    package struct Waker: Sendable {
        fileprivate let descriptor: Int32
        package func wake() { gh_eventfd_signal(descriptor) }
    }

    private let signals: Int32
    private let wakeDescriptor: Int32

    package init() throws(IOError) {
        signals = gh_signal_fd()
        wakeDescriptor = gh_eventfd(0)
        guard signals >= 0, wakeDescriptor >= 0 else { throw IOError(result: Int(min(signals, wakeDescriptor))) }
    }

    package var waker: Waker { Waker(descriptor: wakeDescriptor) }

    /// Blocks the calling thread until something happens.
    package func next() -> Event {
        while true {
            switch gh_signal_wait(signals, wakeDescriptor) {
            case 0: return .woken
            case SIGHUP: return .reload
            case SIGUSR1: return .reopenLogs
            case SIGTERM, SIGINT: return .terminate
            default: continue
            }
        }
    }
}

package enum Processors {
    /// The processors this process may use; at least 1.
    package static var count: Int { Int(gh_cpu_count()) }
}
