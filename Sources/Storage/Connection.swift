/// What a transaction is begun for.
enum Purpose: Sendable {
    case reading
    case writing
    /// Writing tables: holds a lock that only one process has, and may take minutes.
    case migrating
}

/// One connection to one database: the protocol that both drivers speak, and all that the rest of this room knows of them.
///
/// A connection is used by one thread at a time; the pool sees to that. Every call blocks, for a bounded time.
protocol Connection: AnyObject, Sendable {
    /// False once the connection is lost or in doubt: the pool drops it and opens another.
    var isUsable: Bool { get }

    /// Starts a transaction.
    func begin(_ purpose: Purpose, deadline: Deadline) throws(StorageError)

    /// Runs one statement, in the words of `Dialect`, with its parameters `$1…`. Prepared once per connection: statements
    /// are literals of this room, so there are few.
    func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer

    /// Makes the transaction durable. Throws `.commitUnknown` when the answer was lost.
    func commit() throws(StorageError)

    /// Undoes the transaction. Never fails: a connection that cannot roll back is unusable from then on.
    func rollback()
}
