/// One direction of a socket: the task that waits for it, and until when.
@safe
package struct Waiter {
    package enum Outcome {
        case ready, timedOut, cancelled

        func check() throws(IOError) {
            switch self {
            case .ready: return
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            }
        }
    }

    package typealias Continuation = UnsafeContinuation<Outcome, Never>

    private var continuation: Continuation?
    private(set) var deadline = Milliseconds.max

    var isWaiting: Bool { unsafe continuation != nil }

    /// Nobody waits already.
    mutating func start(_ continuation: Continuation, deadline: Milliseconds) {
        unsafe self.continuation = continuation
        self.deadline = deadline
    }

    /// Gives the waiting task more time, because something has moved.
    mutating func extend(to deadline: Milliseconds) { self.deadline = deadline }

    /// The waiting task, which the caller resumes.
    mutating func take() -> Continuation? {
        defer { unsafe continuation = nil }
        return unsafe continuation
    }
}
