import Foundation
import Testing

/// Group X of the catalogue: a database that is there, and cannot be reached, written or trusted to have heard.
@Suite("X: a database behind a bad network", .serialized)
struct DatabaseNetworkTests {
    @Test("X-12 the connection is lost between COMMIT and its answer: 503, done once, and the retry finds it done")
    func commitUnknown() throws {
        let cluster = try Cluster(1, relayed: true)
        let (relay, gateway) = (try #require(cluster.relay), cluster.last)
        func cut(_ call: Call) throws {
            relay.set(.cutAfter("COMMIT"))
            let answer = try gateway.send(call)
            // A poll of revocations may have been the one that was cut; then the call went through.
            #expect([200, 201, 503].contains(answer.status), "\(call.target): \(answer.summary)")
            if answer.status == 503 { #expect(answer["Retry-After"] != nil && answer.all("Set-Cookie").isEmpty) }
            #expect(relay.hasCut)
        }
        var newcomer = Person()
        try cut(.register(newcomer))
        #expect(try gateway.send(.register(newcomer)).code == "EMAIL_TAKEN")
        newcomer = try gateway.login(newcomer)
        for _ in 1...5 {
            try cut(.refresh(newcomer.refresh))
            let spent = newcomer.refresh
            newcomer = try gateway.refresh(newcomer)
            #expect(
                try cluster.query("SELECT count(*) FROM refresh_tokens WHERE hash = sha256('\(spent)')").count == 1)
            #expect(newcomer.refresh != spent)
        }
        let heads = "SELECT count(*) FROM refresh_tokens t WHERE spent_at IS NULL GROUP BY session_id"
        #expect(try cluster.query(heads).allSatisfy { $0 == "1" }, "no family has two heads")
        try cut(.logout(newcomer.refresh))
        #expect(try gateway.send(.logout(newcomer.refresh)).status == 200)
        #expect(try gateway.send(.refresh(newcomer.refresh)).status == 401)
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(newcomer.access)) < 1)
        try cluster.stop()
    }

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
