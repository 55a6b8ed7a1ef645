import CSQLite
import Synchronization

/// A connection to an SQLite file.
///
/// The writer commits with `synchronous = FULL`: a rotation or a logout that was answered is on the disk, or a power cut
/// would bring a spent token back to life.
final class SQLiteConnection: Connection {
    enum Access: Sendable {
        case read
        case write
        /// As `write`, and makes the file when it is not there.
        case create
    }

    /// The lock is never contended: the pool lends a connection to one thread at a time.
    private let database: Mutex<SQLiteDatabase>

    init(path: String, access: Access) throws(StorageError) {
        database = Mutex(try SQLiteDatabase.open(path, access))
    }

    var isUsable: Bool {
        database.withLock { $0.isUsable }
    }

    /// A writer takes the write lock at once: a transaction that began by reading could not get it later without failing.
    func begin(_ purpose: Purpose, deadline: Deadline) throws(StorageError) {
        try database.withLock { (database) throws(StorageError) in
            try database.refuseIfMoved()
            database.wait(milliseconds: deadline.millisecondsLeft)
            _ = try database.execute(purpose == .reading ? "BEGIN" : "BEGIN IMMEDIATE", [])
            database.wait(milliseconds: Int32(Bounds.lockMilliseconds))
        }
    }

    func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer {
        try database.withLock { (database) throws(StorageError) in try database.execute(sql, parameters) }
    }

    func commit() throws(StorageError) {
        try database.withLock { (database) throws(StorageError) in try database.commit() }
    }

    func rollback() {
        database.withLock { $0.rollback() }
    }
}
