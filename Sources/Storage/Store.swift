import Glibc
import Synchronization

/// The database: opens it, brings its tables up to date, and runs transactions on pooled connections.
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

    /// What `open` does about tables that are missing or older than those this program knows.
    package enum SchemaPolicy: Sendable {
        /// Creates or upgrades them: what `run` wants.
        case migrate
        /// Leaves everything as it is, and creates nothing: what `check` wants. See `schemaVersion()`.
        case leave
    }

    package let location: Location
    private let writers: Pool
    private let readers: Pool
    private let sealing: Mutex<any AuditSealing>

    private init(_ location: Location, schema: SchemaPolicy, sealing: any AuditSealing) throws(StorageError) {
        self.location = location
        self.sealing = Mutex(sealing)
        switch location {
        case .sqlite(let path):
            // The readers open a file that the writer has made.
            writers = try Pool(size: Bounds.sqliteWriters) { _ throws(StorageError) in
                try SQLiteConnection(path: path, access: schema == .migrate ? .create : .write)
            }
            readers = try Pool(size: Bounds.sqliteReaders) { _ throws(StorageError) in
                try SQLiteConnection(path: path, access: .read)
            }
        case .postgres(let url):
            let pool = try Pool(size: Bounds.postgresConnections) { deadline throws(StorageError) in
                try PostgresConnection(url: url, deadline: deadline)
            }
            writers = pool
            readers = pool
        }
    }

    /// Connects once, so that a wrong address is reported at start, and migrates.
    ///
    /// Throws `.unavailable` with a plain message when the database cannot be reached, `.schemaTooNew` when a newer
    /// gatehouse wrote it.
    ///
    /// - Parameter sealing: what makes a chain of the audit's records. Without a default: whoever opens the store and writes
    ///   events without the key breaks the chain for everybody.
    package static func open(
        _ location: Location, schema: SchemaPolicy = .migrate, sealing: any AuditSealing
    ) throws(StorageError) -> Store {
        let store = try Store(location, schema: schema, sealing: sealing)
        switch schema {
        case .migrate: try store.migrate()
        case .leave: _ = try store.schemaVersion()
        }
        return store
    }

    /// Tables that are up to date are only read, so that a database user without the right to create tables starts all the
    /// same.
    private func migrate() throws(StorageError) {
        let connection = try writers.take(for: .reading, before: .after(milliseconds: Bounds.beginMilliseconds))
        defer { writers.put(connection) }
        let found = Result { () throws(StorageError) in try Migration.version(on: connection) }
        connection.rollback()
        guard try found.get() < Migration.versionKnown else { return }
        try Migration.run(on: connection)
    }

    /// Runs `body` in a transaction that may write, and commits when it returns. Whatever it throws undoes everything.
    ///
    /// On a deadlock or a serialization failure `body` runs again, a bounded number of times: it must have no effect but
    /// on its transaction. Throws what `body` throws, or `StorageError`.
    package func transaction<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        let deadline = Deadline.after(milliseconds: Bounds.conflictMilliseconds)
        var attempt = 1
        while true {
            do {
                return try once(.writing, on: writers, body)
            } catch StorageError.serialization(let detail) {
                guard attempt < Bounds.attempts, !deadline.hasPassed else { throw StorageError.serialization(detail) }
                // Apart from the others that lost, who come back at the same time.
                usleep(UInt32.random(in: 1_000...10_000) * UInt32(attempt))
                attempt += 1
            }
        }
    }

    /// Has the records from now on chained by another key.
    package func seal(with sealing: any AuditSealing) { self.sealing.withLock { $0 = sealing } }

    /// Removes up to `limit` audit records older than `keptMilliseconds`, and leaves a sealed mark. Returns how many went.
    package func removeOldAudit(keptMilliseconds: Int64, limit: Int) throws -> Int {
        let sealing = sealing.withLock { $0 }
        return try transaction { transaction in
            try transaction.removeOldAudit(keptMilliseconds: keptMilliseconds, limit: limit, sealing: sealing)
        }
    }

    /// Runs `body` in a transaction that only reads. On SQLite it does not wait for writers.
    package func read<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        try once(.reading, on: readers, body)
    }

    private func once<Result>(
        _ purpose: Purpose, on pool: Pool, _ body: (borrowing Transaction) throws -> Result
    ) throws -> Result {
        let connection = try pool.take(for: purpose, before: .after(milliseconds: Bounds.beginMilliseconds))
        defer { pool.put(connection) }
        let transaction = Transaction(on: connection)
        let result: Result
        var records: [AuditRecord] = []
        // One for the whole transaction: a record says which key its digest was made with.
        let sealing = sealing.withLock { $0 }
        do {
            result = try body(transaction)
            if !transaction.events.isEmpty, transaction.failed == nil {
                records = try transaction.append(transaction.events, sealing: sealing)
            }
        } catch {
            connection.rollback()
            // A conflict is retried whatever the body made of it.
            if case .serialization = transaction.failed { throw transaction.failed ?? error }
            throw error
        }
        if let failed = transaction.failed {
            connection.rollback()
            throw failed
        }
        do {
            try connection.commit()
        } catch {
            connection.rollback()
            // What was read was read: losing the connection after that takes nothing back.
            if case .commitUnknown = error, purpose == .reading { return result }
            throw error
        }
        for record in records { sealing.announce(record) }
        return result
    }

    /// One round trip, to learn whether the database answers.
    package func ping() throws(StorageError) {
        do {
            _ = try read { transaction in try transaction.now() }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .internal("\(error)")
        }
    }

    /// The version of the tables found in the database; 0 when there are none. Throws `.schemaTooNew` above the known one.
    package func schemaVersion() throws(StorageError) -> Int64 {
        let connection = try readers.take(for: .reading, before: .after(milliseconds: Bounds.beginMilliseconds))
        defer { readers.put(connection) }
        defer { connection.rollback() }
        return try Migration.version(on: connection)
    }

    /// The version of the tables that this program writes.
    package static var schemaVersionKnown: Int64 { Migration.versionKnown }

    /// Closes every connection that is not in use; those in use close when their transaction ends. Later calls throw
    /// `.unavailable`.
    package func close() {
        writers.close()
        readers.close()
    }
}
