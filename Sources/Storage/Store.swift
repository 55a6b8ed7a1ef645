/// The database: opens it, brings its schema up to date, and runs transactions on pooled connections.
///
/// Every call blocks its thread for a bounded time, so it belongs on a worker thread, never on an event loop. May be
/// called from any number of threads at once.
package final class Store: Sendable {
    /// Which database, and where.
    package enum Location: Sendable, Equatable {
        /// A file, created with mode 0600 when it is not there.
        case sqlite(path: String)
        /// A libpq connection URI: `postgresql://user@host/database`.
        case postgres(url: String)
    }

    /// What `open` does about a schema that is missing or older than the one this program knows.
    package enum SchemaPolicy: Sendable {
        /// Create or upgrade it: what `run` wants.
        case migrate
        /// Leave everything as it is, create nothing: what `check` wants. See `schemaVersion()`.
        case leave
    }

    package let location: Location

    private init(_ location: Location) {
        self.location = location
    }

    /// Connects once, so that a wrong address is reported at start, and migrates.
    ///
    /// Throws `.unavailable` with a plain message when the database cannot be reached, `.schemaTooNew` when a newer
    /// gatehouse wrote it.
    package static func open(_ location: Location, schema: SchemaPolicy = .migrate) throws(StorageError) -> Store {
        throw .unavailable("not built yet")
    }

    /// Runs `body` in a transaction that may write, and commits when it returns. Whatever it throws undoes everything.
    ///
    /// On a deadlock or a serialization failure `body` runs again, a bounded number of times: it must have no effect but
    /// on its transaction. Throws what `body` throws, or `StorageError`.
    package func transaction<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        throw StorageError.unavailable("not built yet")
    }

    /// Runs `body` in a transaction that only reads. On SQLite it does not wait for writers.
    package func read<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        throw StorageError.unavailable("not built yet")
    }

    /// One round trip, to learn whether the database answers.
    package func ping() throws(StorageError) {
        throw .unavailable("not built yet")
    }

    /// The version of the schema found in the database; 0 when there is none.
    package func schemaVersion() throws(StorageError) -> Int64 {
        throw .unavailable("not built yet")
    }

    /// The version of the schema that this program writes.
    package static var schemaVersionKnown: Int64 { 1 }

    /// Closes every connection that is not in use; those in use close when their transaction ends. Later calls throw
    /// `.unavailable`.
    package func close() {}
}
