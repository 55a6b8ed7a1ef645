/// One direction of a socket: the task that waits for it, and until when.
@safe
struct Waiter {
    enum Outcome {
        case ready, timedOut, cancelled

        func check() throws(IOError) {
            switch self {
            case .ready: return
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            }
        }
    }

    private var continuation: UnsafeContinuation<Outcome, Never>?
    private(set) var deadline = Milliseconds.max

    var isWaiting: Bool { unsafe continuation != nil }

    /// Two tasks that wait for one direction are a mistake of the caller. The earlier one ends with `.cancelled`: were it
    /// forgotten, its task would hang for ever and keep the connection with it.
    mutating func start(_ continuation: UnsafeContinuation<Outcome, Never>, deadline: Milliseconds) {
        resume(.cancelled)
        unsafe self.continuation = continuation
        self.deadline = deadline
    }

    /// Gives the waiting task more time, because something has moved.
    mutating func extend(to deadline: Milliseconds) { self.deadline = deadline }

    mutating func resume(_ outcome: Outcome) {
        guard let waiting = unsafe continuation else { return }
        unsafe continuation = nil
        unsafe waiting.resume(returning: outcome)
    }
}
