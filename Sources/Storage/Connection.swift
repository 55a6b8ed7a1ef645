/// One connection to one database: the protocol that both drivers speak, and all that the rest of this room knows of them.
///
/// A connection is used by one thread at a time; the pool sees to that. Every call blocks, for a bounded time.
protocol Connection: AnyObject, Sendable {
    /// False once the connection is lost or in doubt: the pool drops it and opens another.
    var isUsable: Bool { get }

    /// Runs one statement of `SQL` (see `Dialect`) with its parameters `$1…`, prepared once per connection.
    func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer

    /// Starts a transaction; a writing one holds the write lock of SQLite from the start.
    func begin(writing: Bool) throws(StorageError)

    /// Makes the transaction durable. Throws `.commitUnknown` when the answer was lost.
    func commit() throws(StorageError)

    /// Undoes the transaction. Never fails: a connection that cannot roll back is unusable from then on.
    func rollback()
}
