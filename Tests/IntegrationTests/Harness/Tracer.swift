import Foundation
import Testing

/// strace on a gateway that runs: it makes one system call fail, or last, or be the process's last.
final class Tracer: Sendable {
    /// Whether this machine has strace, and lets it look at a process that another one has started.
    static let canAttach: Bool = {
        guard let sleeper = try? ChildProcess(["/usr/bin/env", "sleep", "30"]) else { return false }
        defer { sleeper.stop(signal: SIGKILL) }
        guard let tracer = try? Tracer(sleeper, "trace=nanosleep") else { return false }
        tracer.stop()
        return true
    }()
    static let isMissing: Comment = "strace is not installed, or may not attach to a process: root may"

    private let process: ChildProcess

    /// Attaches to every thread of a process.
    ///
    /// - Parameters:
    ///   - expressions: what stands behind `-e`.
    ///   - path: when given, only calls about this file are traced.
    init(_ traced: ChildProcess, _ expressions: String..., path: String? = nil) throws {
        let words = expressions.flatMap { ["-e", $0] } + (path.map { ["-P", $0] } ?? [])
        process = try ChildProcess(
            ["/usr/bin/env", "strace", "-f", "-s", "0", "-p", "\(traced.pid)", "-e", "signal=none"] + words)
        do {
            _ = try process.errors.waitFor("attached")
        } catch {
            process.stop(signal: SIGKILL)
            throw error
        }
    }

    /// The traced calls so far, one a line.
    var calls: LineLog { process.errors }

    /// Lets go of the process, which goes on.
    func stop() { process.stop(signal: SIGINT) }
}
