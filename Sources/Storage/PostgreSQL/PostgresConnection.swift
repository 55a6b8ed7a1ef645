import CPostgres
import Synchronization

/// A connection to a PostgreSQL server.
///
/// libpq is used without blocking: every wait is a poll(2) with a deadline, because a server that hangs, or a network that
/// swallows packets, would otherwise hold a worker for as long as TCP hopes. A connection whose deadline passed is in an
/// unknown state, and dropped.
final class PostgresConnection: Connection {
    /// The lock is never contended: the pool lends a connection to one thread at a time.
    private let session: Mutex<PostgresSession>

    init(url: String, deadline: Deadline) throws(StorageError) {
        session = Mutex(try PostgresSession.open(url, before: deadline))
    }

    var isUsable: Bool {
        session.withLock { $0.isUsable }
    }

    func begin(_ purpose: Purpose, deadline: Deadline) throws(StorageError) {
        try session.withLock { (session) throws(StorageError) in try session.begin(purpose, deadline: deadline) }
    }

    func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer {
        try session.withLock { (session) throws(StorageError) in try session.execute(sql, parameters) }
    }

    func commit() throws(StorageError) {
        try session.withLock { (session) throws(StorageError) in try session.commit() }
    }

    func rollback() {
        session.withLock { $0.rollback() }
    }
}
