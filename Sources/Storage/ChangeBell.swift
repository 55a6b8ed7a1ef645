import Glibc
import Synchronization

/// Hears on PostgreSQL that a transaction somewhere has called `ringBell()`: LISTEN, on a connection of its own.
///
/// It only saves waiting. Who listens still polls, because a notification is lost with the connection that it was meant
/// for. For one thread that may be kept waiting; every call is bounded.
package final class ChangeBell: Sendable {
    static let channel = "gatehouse"
    /// How long one call listens, so that whoever wants to stop is heard.
    private static let listenMilliseconds = 1_000
    /// A server that is away is not asked again for so long.
    private static let reconnectPauseMicroseconds: UInt32 = 250_000

    private let url: String
    /// The lock is never contended: one thread listens.
    private let link = Mutex<PostgresLink?>(nil)

    private init(url: String) {
        self.url = url
    }

    /// Nil on SQLite, which can tell nobody.
    package convenience init?(_ location: Store.Location) {
        guard case .postgres(let url) = location else { return nil }
        self.init(url: url)
    }

    /// Waits about a second for the bell. True when it has rung, any number of times, or may have rung unheard because this
    /// call had to connect first. A connection that was cut is made anew.
    package func wait() -> Bool {
        do throws(PostgresFailure) {
            return try link.withLock { (link) throws(PostgresFailure) in
                do throws(PostgresFailure) {
                    if link == nil {
                        link = try Self.listen(url)
                        return true
                    }
                    return try link?.hearNotification(
                        before: .after(milliseconds: Self.listenMilliseconds)) ?? false
                } catch {
                    link = nil
                    throw error
                }
            }
        } catch {
            usleep(Self.reconnectPauseMicroseconds)
            return false
        }
    }

    private static func listen(_ url: String) throws(PostgresFailure) -> PostgresLink {
        let deadline = Deadline.after(milliseconds: Bounds.beginMilliseconds)
        let link = try PostgresLink.open(url, before: deadline)
        try link.send("LISTEN \(channel)")
        _ = try link.answer(before: deadline)
        return link
    }
}
