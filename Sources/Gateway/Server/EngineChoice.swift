import Config
import EventLoop

/// Which engine the cores run on: what `io-engine` says and the kernel allows.
enum EngineChoice {
    /// - Parameter report: gets a line that says which engine it is and, on epoll, why it is not io_uring.
    /// - Throws: `.failed` when `io-engine io_uring` cannot be had.
    static func make(_ wanted: Configuration.IOEngine, report: (String) -> Void) throws(StartProblem) -> Engine {
        switch wanted {
        case .epoll:
            report("input and output by epoll, as configured")
            return .epoll
        case .ioUring:
            if let problem = Engine.ioUring.unavailability {
                throw .failed("`io-engine io_uring` is not to be had: \(words(for: problem))")
            }
            report("input and output by io_uring, as configured")
            return .ioUring
        case .auto:
            guard let problem = Engine.ioUring.unavailability else {
                report("input and output by io_uring")
                return .ioUring
            }
            report("input and output by epoll; no io_uring: \(words(for: problem))")
            return .epoll
        }
    }

    /// What an operator can do about it.
    static func words(for problem: IOError) -> String {
        switch problem {
        case .system(errno: 1), .system(errno: 13):
            "the kernel or a sandbox forbids it (kernel.io_uring_disabled, seccomp)"
        case .system(errno: 38): "the kernel is built without it, or a sandbox hides it"
        case .system(errno: 22): "the kernel is older than Linux 6.1"
        case .system(errno: 12): "no memory for it (ulimit -l)"
        default: problem.words
        }
    }
}
