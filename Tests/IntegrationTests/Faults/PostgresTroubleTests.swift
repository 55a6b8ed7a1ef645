import Foundation
import Testing

/// Group X of the catalogue: a PostgreSQL that is slow, stands still, is full, or is another one now.
@Suite("X: PostgreSQL in trouble", .serialized)
struct PostgresTroubleTests {
    @Test(
        "X-10, X-11 answers that take longer than the limit, or take long each: bounded waits", arguments: [3000, 900])
    func slow(milliseconds: Int) throws {
        let cluster = try Cluster(1, relayed: true)
        let relay = try #require(cluster.relay)
        try Trouble(secondsMax: 9).play(on: cluster.last) {
            relay.set(.slow(milliseconds: UInt32(milliseconds)))
        } mend: {
            relay.set(.none)
        }
        try cluster.stop()
    }

    @Test("X-10 answers that are slow and within the limits are waited for")
    func slowish() throws {
        let cluster = try Cluster(1, relayed: true)
        let person = try cluster.last.register()
        cluster.relay?.set(.slow(milliseconds: 50))
        _ = try cluster.last.refresh(cluster.last.refresh(person))
        try cluster.stop()
    }

    @Test("X-10, X-11 a server that stands still (SIGSTOP): bounded waits, 503; it recovers within two seconds")
    func stopped() throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let stage = try stage(on: server.makeDatabase().directive)
        try Trouble().play(on: stage.gateway) {
            try server.freeze(true)
        } mend: {
            try server.freeze(false)
        }
        try stage.end()
    }

    @Test(
        "X-10, X-11 a server that dies, and another with the same data in its place: nothing that was answered is lost")
    func failover() throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let stage = try stage(on: server.makeDatabase().directive)
        try Trouble(secondsMax: 2.5).play(on: stage.gateway) {
            server.stop(signal: SIGQUIT)
        } mend: {
            try server.start()
        }
        try stage.end()
    }

    @Test(
        "X-13 no connection left at the server (`max_connections`): bounded waits, 503; it recovers within two seconds")
    func outOfConnections() throws {
        let server = try PostgresServer(settings: ["max_connections=20", "superuser_reserved_connections=3"])
        defer { server.stop() }
        let database = try server.makeDatabase()
        try server.query("CREATE ROLE gateway LOGIN", in: "postgres")
        try server.query("ALTER DATABASE \(database.name) OWNER TO gateway", in: "postgres")
        let stage = try stage(on: database.directive.replacing("postgres@", with: "gateway@"))
        let crowd = Box<[ChildProcess]>([])
        defer { for other in crowd.value { other.stop(signal: SIGKILL) } }
        try Trouble().play(on: stage.gateway) {
            // Others take every place as the gateway's connections end.
            try until("the server is full", by: .seconds(30)) {
                let other = try server.session(as: "gateway")
                crowd.change { $0.append(other) }
                try server.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE usename = 'gateway' AND application_name = 'gatehouse'
                    """, in: "postgres")
                let inside = try server.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'gateway' AND application_name = 'psql'",
                    in: "postgres")
                return inside == ["17"]
            }
        } mend: {
            try server.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'psql' AND usename = 'gateway'",
                in: "postgres")
        }
        try stage.end()
    }

    @Test(
        "X-17 a disk without room: 503, nothing half-written, reading goes on; it recovers by itself",
        .enabled(if: Filesystem.canMount, "needs root to mount a small tmpfs"))
    func full() throws {
        let server = try PostgresServer.shared()
        let disk = try SmallDisk(kilobytes: 16 << 10)
        defer { disk.unmount() }
        let database = try server.makeDatabase(on: disk)
        let stage = try stage(on: database.directive)
        try Trouble(secondsMax: 3).play(on: stage.gateway) {
            try disk.fill()
            // What lies free in the tables is used up first.
            try until("no table can grow", by: .seconds(30)) {
                let answer = try stage.gateway.send(.register(Person()))
                return answer.status == 503
            }
        } mend: {
            try disk.empty()
        }
        try stage.end()
        try server.query("DROP DATABASE \(database.name) WITH (FORCE)", in: "postgres")
        try server.query("DROP TABLESPACE \(database.name)", in: "postgres")
    }

    private func stage(on directive: String) throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = directive
            return configuration
        }
    }
}
