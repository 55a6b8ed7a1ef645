import Foundation
import Testing

/// Group X of the catalogue: a database that is there, and cannot be reached, written or trusted to have heard.
@Suite("X: a database behind a bad network", .serialized)
struct DatabaseNetworkTests {
    @Test("X-11 the database hangs: bounded waits, 503, the gate goes on; it recovers within two seconds")
    func hanging() throws {
        let cluster = try Cluster(1, relayed: true)
        let (relay, gateway) = (try #require(cluster.relay), cluster.last)
        let person = try gateway.register()
        relay.set(.frozen)
        let answers = try together(12) { number in
            let began = ContinuousClock.now
            let call = number % 3 == 0 ? Call.login(person.email, person.password) : .refresh(person.refresh)
            let answer = try gateway.send(call)
            return (answer, began.duration(to: .now) / .seconds(1))
        }
        for (answer, seconds) in answers {
            #expect(answer.status == 503 && answer["Retry-After"] != nil, "\(answer.summary)")
            #expect(seconds < 6, "\(seconds)")
        }
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        relay.set(.none)
        #expect(try gateway.waitForStatus(200, of: .refresh(person.refresh)) < 2)
        try cluster.stop()
    }

    @Test("logout while the database is away: refused here from then on, 503, and the cookie stays for the retry")
    func logoutWhileAway() throws {
        let cluster = try Cluster(2, relayed: true)
        let (relay, gateway) = (try #require(cluster.relay), cluster.last)
        for target in ["/api/auth/logout", "/api/auth/logout-all"] {
            let person = try gateway.register()
            let stays = try gateway.register()
            let call = Call.post(target).cookie(person.refresh).bearer(person.access)
            relay.set(.frozen)
            let answer = try gateway.send(call)
            #expect(answer.status == 503 && answer.code == "STORE_UNAVAILABLE", "\(answer.summary)")
            #expect(answer["Retry-After"] != nil)
            #expect(answer.all("Set-Cookie").isEmpty)
            #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
            #expect(try gateway.send(.get("/api/x").bearer(stays.access)).status == 200, "nobody else")
            #expect(
                try cluster.gateways[0].send(.get("/api/x").bearer(person.access)).status == 200,
                "what was not committed is not known elsewhere")
            relay.set(.none)
            #expect(try gateway.waitForStatus(200, of: .logout(person.refresh)) < 2)
            #expect(
                try cluster.gateways[0].waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        }
        try cluster.stop()
    }

    @Test(
        "logout with a full database queue: 503 OVERLOADED, refused here from then on, and the cookie stays for the retry"
    )
    func logoutWhileOverloaded() throws {
        let cluster = try Cluster(1, relayed: true)
        let (relay, gateway) = (try #require(cluster.relay), cluster.last)
        let persons = [try gateway.register(), try gateway.register()]
        relay.set(.frozen)
        // More than the workers and their queue hold: those that wait are answered after two seconds.
        let flood = try (1...300).map { _ in
            let client = try gateway.connect()
            client.offer(Call.refresh(String(repeating: "A", count: 43)).wire(), by: .soon)
            return client
        }
        let admin = try #require(gateway.admin)
        try until("the queue is full") {
            let metrics = try gateway.send(.get("/metrics"), to: admin).body.text
            return metrics.contains("gatehouse_pool_queue_length{pool=\"store\"} 256")
        }
        for (person, target) in zip(persons, ["/api/auth/logout", "/api/auth/logout-all"]) {
            let began = ContinuousClock.now
            let answer = try gateway.send(Call.post(target).cookie(person.refresh).bearer(person.access))
            #expect(answer.status == 503 && answer.code == "OVERLOADED", "\(answer.summary)")
            #expect(answer["Retry-After"] != nil && answer.all("Set-Cookie").isEmpty)
            #expect(began.duration(to: .now) < .milliseconds(500))
            #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
        }
        relay.set(.none)
        for client in flood { client.close() }
        for person in persons {
            #expect(try gateway.waitForStatus(200, of: .logout(person.refresh)) < 4)
            #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        }
        try cluster.stop()
    }

    @Test("X-13 a database that became read-only: 503, reading goes on, and it recovers within two seconds")
    func readOnly() throws {
        let cluster = try Cluster(1)
        let gateway = cluster.last
        let person = try gateway.register()
        func readOnly(_ isOn: Bool) throws {
            try cluster.query(
                "ALTER DATABASE \(cluster.database.name) SET default_transaction_read_only = \(isOn ? "on" : "off")")
            try cluster.server.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(cluster.database.name)' AND application_name = 'gatehouse'
                """, in: "postgres")
        }
        try readOnly(true)
        for call in [Call.refresh(person.refresh), .logout(person.refresh), .register(Person())] {
            let answer = try gateway.send(call)
            #expect(answer.status == 503 && answer.code == "STORE_UNAVAILABLE", "\(call.target): \(answer.summary)")
        }
        #expect(try gateway.send(.get("/api/auth/me").bearer(person.access)).status == 200)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        try cluster.server.query(
            "ALTER DATABASE \(cluster.database.name) SET default_transaction_read_only = off", in: "postgres")
        #expect(try gateway.waitForStatus(200, of: .refresh(person.refresh)) < 2)
        try cluster.stop()
    }

    @Test("no connection left at the server: 503 until there is one, then all is well within two seconds")
    func outOfConnections() throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabase()
        let role = "crowded_\(database.name)"
        try server.query("CREATE ROLE \(role) LOGIN", in: "postgres")
        try server.query("ALTER DATABASE \(database.name) OWNER TO \(role)", in: "postgres")
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = database.directive.replacing("postgres@", with: "\(role)@")
            return configuration
        }
        let person = try stage.gateway.register()
        try server.query("ALTER ROLE \(role) CONNECTION LIMIT 0", in: "postgres")
        try server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(role)'", in: "postgres")
        #expect(try stage.gateway.waitForStatus(503, of: .refresh(person.refresh)) < 2)
        #expect(try stage.gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        try server.query("ALTER ROLE \(role) CONNECTION LIMIT -1", in: "postgres")
        #expect(try stage.gateway.waitForStatus(200, of: .refresh(person.refresh)) < 2)
        try stage.end()
    }
}
