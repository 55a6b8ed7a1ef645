import Foundation
import Testing

/// Short forms of what `Tests/Long/run Refresh` does thousands of times.
@Suite("Refresh under races", .serialized)
struct RaceTests {
    @Test("L-02 16 and 64 clients at once get one successor, on each database", arguments: Database.allCases)
    func manyClients(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        var token = try stage.gateway.register().refresh
        for clients in [16, 64] {
            token = try RefreshRound(gateways: [stage.gateway], clients: clients).play(token, rounds: 5)
        }
        try stage.end()
    }

    @Test("L-02 three gateways on one database: one successor and one row a round, nobody is logged out")
    func threeGateways() throws {
        let cluster = try Cluster(3)
        let first = try cluster.gateways[0].register().refresh
        let round = RefreshRound(gateways: cluster.gateways, clients: 48)
        _ = try round.play(first, rounds: 6)
        #expect(try cluster.query("SELECT count(*), count(spent_at) FROM refresh_tokens") == ["7|6"])
        #expect(try cluster.query("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == ["1"])
        try cluster.stop()
    }

    @Test("reuse ends the session on every gateway, and the audit log has both addresses")
    func reuse() throws {
        let cluster = try Cluster(3) { $0.lines.append("trusted-proxies 127.0.0.1") }
        let first = try cluster.gateways[0].register()
        func refresh(_ token: String, on number: Int, from address: String) throws -> WireResponse {
            try cluster.gateways[number].send(Call.refresh(token).with("X-Forwarded-For: \(address)"))
        }
        let second = try first.holding(refresh(first.refresh, on: 1, from: "192.0.2.1"))
        let third = try second.holding(refresh(second.refresh, on: 2, from: "192.0.2.1"))
        #expect(try refresh(first.refresh, on: 0, from: "198.51.100.9").code == "REFRESH_TOKEN_REUSED")
        for gateway in cluster.gateways {
            #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(third.access)) < 1)
            #expect(try gateway.send(.refresh(third.refresh)).code == "INVALID_REFRESH_TOKEN")
        }
        let events = try cluster.query("SELECT ip, detail FROM audit_events WHERE kind = 'refresh-reused'")
        #expect(events == ["198.51.100.9|the session was last used from 192.0.2.1"])
        try cluster.stop()
    }

    @Test("L-03 logout racing refresh leaves nothing alive", arguments: Database.allCases)
    func logout(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        let gateway = stage.gateway
        for _ in 1...10 {
            let person = try gateway.register()
            let answers = try together(9) { number in
                try gateway.send(number == 4 ? .logout(person.refresh) : .refresh(person.refresh))
            }
            #expect(answers[4].status == 200)
            for answer in answers where answer.status == 200 && answer.json["accessToken"] != nil {
                let got = try person.holding(answer)
                #expect(try gateway.send(.refresh(got.refresh)).status == 401)
                #expect(try gateway.send(.get("/api/x").bearer(got.access)).status == 401)
            }
            #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        }
        try stage.end()
    }
}
