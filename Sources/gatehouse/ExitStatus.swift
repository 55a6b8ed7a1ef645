import Glibc

/// What the command leaves behind for scripts.
enum ExitStatus: Int32 {
    case well = 0
    /// Refused, or failed.
    case failed = 1
    /// The command line is wrong.
    case wrongUsage = 2
    /// The configuration is wrong (`EX_CONFIG` of sysexits.h), or asks for what is not built yet.
    case badConfiguration = 78

    static func exit(_ status: ExitStatus) -> Never {
        Glibc.exit(status.rawValue)
    }
}

/// An error that knows how the command ends because of it.
protocol Failure: Error {
    /// For standard error; without a newline at its end.
    var message: String { get }
    var status: ExitStatus { get }
}

/// The command was understood, and could not be done.
struct CommandFailure: Failure {
    let message: String
    var status = ExitStatus.failed

    /// - Parameter message: begins in lower case and has no full stop, as after `gatehouse: `.
    init(_ message: String, status: ExitStatus = .failed) {
        self.message = "gatehouse: \(message)"
        self.status = status
    }
}

/// Everything has been said on standard output.
struct QuietFailure: Failure {
    var message: String { "" }
    let status: ExitStatus
}
