import Config

/// Why the gateway does not start.
package enum StartProblem: Error, Sendable {
    /// The configuration is at fault: exit code 78.
    case configuration(Problems)
    /// The world is: a taken port, a database that does not answer, a log that cannot be opened. Exit code 1.
    case failed(String)
}
