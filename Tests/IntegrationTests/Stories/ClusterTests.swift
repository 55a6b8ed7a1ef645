import Foundation
import Testing

/// Two gateways on one PostgreSQL.
@Suite("Two gateways, one database", .serialized)
struct ClusterTests {
    /// Two gateways, each with its own folder, both on one new database and in front of one backend.
    private struct Pair {
        let backend: RecordingBackend
        let configuration: Configuration
        let left: Gateway
        let right: Gateway

        init() throws {
            backend = try RecordingBackend()
            var configuration = Configuration.standard(backend)
            configuration.database = try PostgresServer.shared().makeDatabase().directive
            self.configuration = configuration
            // Started together, so that both find no tables.
            let same = configuration
            let both = try together(2) { _ in try Gateway(same) }
            (left, right) = (both[0], both[1])
        }

        func stop() throws {
            try left.stop()
            try right.stop()
            backend.stop()
        }
    }

    @Test("logout on one is refused on the other within a second, and after a restart")
    func logout() throws {
        let pair = try Pair()
        let person = try pair.left.register()
        #expect(try pair.right.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try pair.left.send(.logout(person.refresh)).status == 200)
        #expect(try pair.left.send(.get("/api/x").bearer(person.access)).status == 401, "at once where it happened")
        #expect(try pair.right.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        #expect(try pair.right.send(.refresh(person.refresh)).status == 401)
        try pair.right.stop()
        let restarted = try Gateway(pair.configuration, in: pair.right.folder)
        #expect(
            try restarted.send(.get("/api/x").bearer(person.access)).status == 401, "loaded before the first request")
        try restarted.stop()
        try pair.left.stop()
        pair.backend.stop()
    }

    @Test("user roles and user disable stop access tokens on both within a second")
    func roles() throws {
        let pair = try Pair()
        var person = try pair.left.register()
        try pair.left.setRoles(["user", "admin"], of: person)
        for gateway in [pair.left, pair.right] {
            #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        }
        person = try pair.right.refresh(person)
        #expect(try pair.left.send(.get("/admin/x").bearer(person.access)).status == 200)
        #expect(try pair.left.command("user", "disable", person.email).ending == .exit(0))
        for gateway in [pair.left, pair.right] {
            #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        }
        try pair.stop()
    }

    @Test("L-02 one refresh token at both at once: one successor a round")
    func concurrentRefresh() throws {
        let pair = try Pair()
        var person = try pair.left.register()
        for _ in 1...10 {
            let presented = person.refresh
            let answers = try together(16) { number in
                try (number % 2 == 0 ? pair.left : pair.right).send(.refresh(presented), by: .seconds(30))
            }
            #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.summary))")
            let successors = Set(answers.compactMap { $0.cookie("refresh_token")?.value })
            #expect(successors.count == 1)
            person.refresh = successors.first ?? ""
        }
        try pair.stop()
    }

    @Test("reuse seen by one ends the session on both")
    func reuse() throws {
        let pair = try Pair()
        let first = try pair.left.register()
        let second = try pair.right.refresh(first)
        let third = try pair.left.refresh(second)
        #expect(try pair.right.send(.refresh(first.refresh)).code == "REFRESH_TOKEN_REUSED")
        #expect(try pair.left.waitForStatus(401, of: .get("/api/x").bearer(third.access)) < 1)
        #expect(try pair.left.send(.refresh(third.refresh)).status == 401)
        try pair.stop()
    }

    @Test("X-15 a gateway killed in the middle of refreshes leaves no family with two heads")
    func killed() throws {
        let pair = try Pair()
        var person = try pair.left.register()
        var victim = pair.right
        for _ in 1...5 {
            let presented = person.refresh
            let target = victim
            let answers = try together(9) { number -> WireResponse? in
                if number == 8 {
                    try target.kill()
                    return nil
                }
                return try? (number % 2 == 0 ? pair.left : target).send(.refresh(presented))
            }.compactMap { $0 }
            let successors = Set(answers.filter { $0.status == 200 }.compactMap { $0.cookie("refresh_token")?.value })
            #expect(successors.count == 1, "\(answers.map(\.summary))")
            person = try pair.left.refresh(Self.holding(person, successors.first ?? presented))
            victim = try Gateway(pair.configuration, in: victim.folder)
        }
        try victim.stop()
        try pair.left.stop()
        pair.backend.stop()
    }

    private static func holding(_ person: Person, _ refresh: String) -> Person {
        var copy = person
        copy.refresh = refresh
        return copy
    }
}
