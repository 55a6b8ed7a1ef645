/// A transaction in progress: what the operations on users, sessions, tokens and the rest are called on.
///
/// It can neither be copied nor outlive the closure it is lent to. After one failed statement nothing more is run and
/// the commit is refused, on both databases (PostgreSQL would, SQLite would not).
///
/// **Order of locks**, so that no two transactions wait for each other: throttle slots in a transaction of their own;
/// otherwise the user (`lockUser`), then its sessions (`lockSession`, `endSession`…), then refresh tokens, then throttle rows
/// in the order of their keys, then the head of the audit (which `insertAudit` leaves to the commit).
package struct Transaction: ~Copyable {
    let connection: any Connection
    private let failure = Failure()

    private final class Failure {
        var error: StorageError?
        var events: [AuditEvent] = []
    }

    init(on connection: any Connection) {
        self.connection = connection
    }

    /// The database's clock, in unix milliseconds: the only clock that lifetimes are measured by.
    package func now() throws(StorageError) -> Int64 {
        guard var row = try row("SELECT {now}") else { throw .internal("the clock gave no row") }
        return try row.integer()
    }

    /// The events that the commit will write to the audit.
    var events: [AuditEvent] { failure.events }

    func keep(_ event: AuditEvent) { failure.events.append(event) }

    /// The first error of a statement in this transaction, after which it cannot be committed.
    var failed: StorageError? { failure.error }

    /// Runs a statement; the number of rows changed.
    @discardableResult
    func run(_ sql: String, _ parameters: any Storable...) throws(StorageError) -> Int {
        try execute(sql, parameters).changed
    }

    /// Runs a statement; its rows.
    func rows(_ sql: String, _ parameters: any Storable...) throws(StorageError) -> [Row] {
        try execute(sql, parameters).rows
    }

    /// Runs a statement; its first row, if any.
    func row(_ sql: String, _ parameters: any Storable...) throws(StorageError) -> Row? {
        try execute(sql, parameters).rows.first
    }

    private func execute(_ sql: String, _ parameters: [any Storable]) throws(StorageError) -> Answer {
        if let error = failure.error { throw error }
        do throws(StorageError) {
            let values = parameters.map(\.value)
            for case .text(let text) in values where text.utf8.contains(0) {
                // SQLite would store it, PostgreSQL would cut the text there.
                throw StorageError.invalidValue("text with a NUL byte")
            }
            return try connection.execute(sql, values)
        } catch {
            failure.error = error
            throw error
        }
    }
}
