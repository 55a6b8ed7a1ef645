/// Why the store did not do what it was asked for.
///
/// The detail is for logs and the command line, never for an HTTP answer: it may name hosts and files.
package enum StorageError: Error, Sendable, Equatable {
    /// The database cannot be reached, was lost, hangs, is busy, or has no connection left. Nothing was committed.
    case unavailable(String)
    /// The disk, or a quota, is full. Nothing was committed.
    case full(String)
    /// The database can be read but not written (file mode, read-only mount, a standby). Nothing was committed.
    case readOnly(String)
    /// The connection was lost between COMMIT and its answer: the transaction happened whole or not at all. A caller
    /// may run it again if running it twice does no harm.
    case commitUnknown(String)
    /// A row with the same key exists. The constraint is `table_column[_column…]` on both databases: `users_email`.
    case uniqueViolation(constraint: String)
    /// The transaction lost against another (deadlock, serialization failure). `Store.transaction` has already retried.
    case serialization(String)
    /// The database was written by a newer gatehouse.
    case schemaTooNew(found: Int64, known: Int64)
    /// A value the databases cannot hold alike: a NUL byte in text.
    case invalidValue(String)
    /// A mistake of ours, or a damaged database.
    case `internal`(String)
}

extension StorageError {
    /// Whether the same call may succeed later without anybody changing it: what callers answer with 503.
    package var isOutage: Bool {
        switch self {
        case .unavailable, .full, .readOnly, .commitUnknown, .serialization: true
        case .uniqueViolation, .schemaTooNew, .invalidValue, .internal: false
        }
    }
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let detail): "database unavailable: \(detail)"
        case .full(let detail): "database full: \(detail)"
        case .readOnly(let detail): "database is read-only: \(detail)"
        case .commitUnknown(let detail): "database lost during commit: \(detail)"
        case .uniqueViolation(let constraint): "duplicate key: \(constraint)"
        case .serialization(let detail): "transaction conflict: \(detail)"
        case .schemaTooNew(let found, let known):
            "the database has schema version \(found), and this gatehouse knows versions up to \(known): "
                + "use the gatehouse that wrote it, or a newer one"
        case .invalidValue(let detail): "value refused: \(detail)"
        case .internal(let detail): "database error: \(detail)"
        }
    }
}
