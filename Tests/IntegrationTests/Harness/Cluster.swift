import Foundation

/// Several gateways on one new PostgreSQL database, in front of one backend. The last may reach the database through a
/// relay that fails on demand.
struct Cluster: Sendable {
    let backend: RecordingBackend
    let server: PostgresServer
    let database: PostgresServer.Database
    let relay: DatabaseRelay?
    let gateways: [Gateway]

    /// - Parameter adjust: changes the configuration that all of them get.
    init(_ count: Int = 3, relayed: Bool = false, _ adjust: (inout Configuration) -> Void = { _ in }) throws {
        backend = try RecordingBackend()
        server = try PostgresServer.shared()
        database = try server.makeDatabase()
        relay = relayed ? try DatabaseRelay(to: server.address) : nil
        var configuration = Configuration.standard(backend)
        configuration.database = database.directive
        adjust(&configuration)
        let (direct, relay, database) = (configuration, relay, database)
        // Started together, so that all of them find no tables.
        gateways = try together(count) { number in
            var own = direct
            if let relay, number == count - 1 { own.database = database.directive(through: relay) }
            return try Gateway(own)
        }
    }

    /// The gateway behind the relay, or simply the last.
    var last: Gateway { gateways[gateways.count - 1] }

    @discardableResult
    func query(_ sql: String) throws -> [String] { try server.query(sql, in: database.name) }

    func stop() throws {
        relay?.set(.none)
        for gateway in gateways { try gateway.stop() }
        relay?.stop()
        backend.stop()
    }

    /// Seconds from the end of `ending`, which ends the session behind `access` on the first gateway, to the moment when each
    /// of the others refuses that token.
    func latencies(of access: String, _ ending: (Gateway) throws -> Void) throws -> [Double] {
        let others = Array(gateways.dropFirst())
        for gateway in gateways {
            guard try gateway.send(.get("/api/x").bearer(access)).status == 200 else {
                throw Failure("the token was not good before")
            }
        }
        try ending(gateways[0])
        let began = ContinuousClock.now
        return try together(others.count) { number in
            _ = try others[number].waitForStatus(401, of: .get("/api/x").bearer(access))
            return began.duration(to: .now) / .seconds(1)
        }
    }
}
