import Foundation
import Testing

/// Every way to end a session, and how soon each of three gateways knows.
@Suite("Revocation on three gateways", .serialized)
struct RevocationTests {
    /// The ways of the contract, by name: each ends, on the given gateway, what the access token belongs to.
    private static let ways: [(name: String, end: @Sendable (Gateway, Person) throws -> Void)] = [
        ("logout", { gateway, person in try expect(200, gateway.send(.logout(person.refresh))) }),
        (
            "logout by bearer",
            { gateway, person in
                try expect(200, gateway.send(.post("/api/auth/logout").bearer(person.access)))
            }
        ),
        (
            "logout-all",
            { gateway, person in
                try expect(200, gateway.send(.post("/api/auth/logout-all").bearer(gateway.login(person).access)))
            }
        ),
        (
            "session deletion",
            { gateway, person in
                let other = try gateway.login(person)
                let list = try gateway.send(.get("/api/auth/sessions").bearer(other.access))
                let sessions = list.json["sessions"] as? [[String: Any]] ?? []
                let id = sessions.first { $0["current"] as? Bool == false }?["id"] as? String ?? ""
                try expect(204, gateway.send(Call("DELETE", "/api/auth/sessions/\(id)").bearer(other.access)))
            }
        ),
        (
            "password change",
            { gateway, person in
                let call = Call.post("/api/auth/password/change").bearer(try gateway.login(person).access)
                try expect(
                    200,
                    gateway.send(
                        call.json(["currentPassword": person.password, "newPassword": "An0ther&password staple"])))
            }
        ),
        (
            "login with the cookie",
            { gateway, person in
                try expect(200, gateway.send(Call.login(person.email, person.password).cookie(person.refresh)))
            }
        ),
        ("max-sessions", { gateway, person in for _ in 1...3 { _ = try gateway.login(person) } }),
        (
            "reuse",
            { gateway, person in
                let second = try gateway.refresh(person)
                _ = try gateway.refresh(second)
                try expect(401, gateway.send(.refresh(person.refresh)))
            }
        ),
        ("user disable", { gateway, person in try command(gateway, "user", "disable", person.email) }),
        ("user delete", { gateway, person in try command(gateway, "user", "delete", person.email, "--yes") }),
        ("user roles", { gateway, person in try command(gateway, "user", "roles", person.email, "user", "editor") }),
        (
            "user password",
            { gateway, person in
                let words = ["user", "password", person.email, "--password-stdin", "-c", "gateway.conf"]
                let ran = try GatewayBinary.run(words, in: gateway.folder, input: "An0ther&password staple\n")
                guard ran.ending == .exit(0) else { throw Failure(ran.errors) }
            }
        ),
        (
            "session revoke --user",
            { gateway, person in try command(gateway, "session", "revoke", "--user", person.email) }
        ),
    ]

    private static func expect(_ status: Int, _ answer: WireResponse) throws {
        guard answer.status == status else { throw Failure("not \(status): \(answer.summary)") }
    }

    private static func command(_ gateway: Gateway, _ words: String...) throws {
        let ran = try GatewayBinary.run(words + ["-c", "gateway.conf"], in: gateway.folder)
        guard ran.ending == .exit(0) else { throw Failure("\(words): \(ran.ending) \(ran.errors)") }
    }

    @Test("every way to end a session, and a role change, holds everywhere within a second, and after a restart")
    func everyWay() throws {
        let cluster = try Cluster { $0.tokens.append("max-sessions 3") }
        var tokens: [String] = []
        for way in Self.ways {
            let person = try cluster.gateways[0].register()
            let latencies = try cluster.latencies(of: person.access) { try way.end($0, person) }
            let here = try cluster.gateways[0].send(.get("/api/x").bearer(person.access)).status
            // A command writes for other processes, so its own gateway is one of them.
            if !way.name.hasPrefix("user"), !way.name.hasPrefix("session revoke") {
                #expect(here == 401, "\(way.name): at once where it happened")
            }
            #expect(latencies.allSatisfy { $0 < 1 }, "\(way.name): \(latencies)")
            tokens.append(person.access)
        }
        let again = try Gateway(cluster.last.configuration, in: TemporaryFolder("again"))
        for (way, token) in zip(Self.ways, tokens) {
            #expect(try again.send(.get("/api/x").bearer(token)).status == 401, "\(way.name), after a start")
        }
        try again.stop()
        try cluster.stop()
    }

    @Test("a cut notify connection costs a quarter of a second, and is made anew")
    func bellCut() throws {
        let cluster = try Cluster(3, relayed: true)
        let relay = try #require(cluster.relay)
        for _ in 1...3 {
            try until("the bell listens") { relay.hasPassage(thatSaid: "LISTEN") }
            let person = try cluster.gateways[0].register()
            let latencies = try cluster.latencies(of: person.access) { gateway in
                _ = relay.cut(whoSaid: "LISTEN")
                _ = try gateway.send(.logout(person.refresh))
            }
            #expect(latencies.allSatisfy { $0 < 1 }, "\(latencies)")
        }
        try until("the bell listens again") { relay.hasPassage(thatSaid: "LISTEN") }
        try cluster.stop()
    }

    @Test("a gateway that cannot reach the database goes on, says how stale it is, and past the limit trusts no token")
    func stale() throws {
        let cluster = try Cluster(2, relayed: true) { $0.lines.append("revocation-stale-max 3s") }
        let (relay, blind) = (try #require(cluster.relay), cluster.last)
        let admin = try #require(blind.admin)
        let (stays, leaves) = (try cluster.gateways[0].register(), try cluster.gateways[0].register())
        #expect(try blind.send(.get("/api/x").bearer(leaves.access)).status == 200)
        relay.set(.frozen)
        #expect(try cluster.gateways[0].send(.logout(leaves.refresh)).status == 200)
        #expect(try blind.send(.get("/api/x").bearer(stays.access)).status == 200, "it goes on with what it has")
        let refused = try blind.waitForStatus(503, of: .get("/api/x").bearer(leaves.access))
        #expect(refused < 5)
        #expect(try blind.send(.get("/api/x").bearer(stays.access)).code == "REVOCATIONS_STALE")
        #expect(try blind.send(.get("/public/x")).status == 200, "what is open stays open")
        let metrics = try blind.send(.get("/metrics"), to: admin).body.text
        let staleness = metrics.split(separator: "\n").first { $0.hasPrefix("gatehouse_revocation_stale_seconds ") }
        #expect(Double(staleness?.split(separator: " ").last ?? "") ?? 0 >= 2.5, "\(staleness ?? "")")
        relay.set(.none)
        #expect(try blind.waitForStatus(401, of: .get("/api/x").bearer(leaves.access)) < 4)
        #expect(try blind.send(.get("/api/x").bearer(stays.access)).status == 200)
        try cluster.stop()
    }
}
