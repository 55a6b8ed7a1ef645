/// What libpq or the server said went wrong.
enum PostgresFailure: Error {
    /// No answer by the deadline.
    case timeout
    /// The connection could not be made, or was lost.
    case lost(String)
    /// The server's verdict: SQLSTATE, message, name of the constraint.
    case refused(state: String, message: String, constraint: String?)
    /// An answer that no statement of this room has.
    case unexpected(String)

    /// Whether the connection, though it may look alive, should be replaced: it is in an unknown state, the server is going
    /// away, it has become a standby, or somebody discarded our prepared statements.
    var endsConnection: Bool {
        switch self {
        case .timeout, .lost, .unexpected: true
        case .refused(let state, _, _):
            state.hasPrefix("08") || state.hasPrefix("57P") || ["25006", "26000"].contains(state)
        }
    }

    /// By SQLSTATE (PostgreSQL, appendix A).
    var storageError: StorageError {
        switch self {
        case .timeout: return .unavailable("the server did not answer in time")
        case .lost(let detail): return .unavailable(detail)
        case .unexpected(let detail): return .internal(detail)
        case .refused(let state, let message, let constraint):
            let detail = "\(message) (\(state))"
            switch state {
            case "23505": return .uniqueViolation(constraint: constraint ?? message)
            case "40001", "40P01": return .serialization(detail)
            case "25006": return .readOnly(detail)
            case "53100": return .full(detail)
            // A statement or a wait for a lock that took too long; discarded prepared statements.
            case "57014", "55P03", "26000": return .unavailable(detail)
            default: break
            }
            switch state.prefix(2) {
            // Connections, resources, operator intervention, I/O errors.
            case "08", "53", "57", "58": return .unavailable(detail)
            default: return .internal(detail)
            }
        }
    }
}
