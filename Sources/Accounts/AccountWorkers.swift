/// Where blocking work runs. Accounts knows neither threads nor the event loop; whoever calls it decides.
///
/// Two pools, because a login flood must not delay a refresh: `password` is slow and CPU-bound (bcrypt), `store` waits
/// for the database. A password job never holds a database connection.
package protocol AccountWorkers: Sendable {
    /// Runs `job` on the store pool. Throws `Reason.overloaded` at once when its queue is full.
    func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T

    /// Runs `job` on the password pool. Throws `Reason.overloaded` at once when its queue is full.
    func password<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T
}

/// Runs every job where it is called: for the command line and for tests, which have no core to keep free.
package struct InlineWorkers: AccountWorkers {
    package init() {}

    package func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T { try job() }

    package func password<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T { try job() }
}
