import Foundation
import Testing

@Suite("Long: revocation on three gateways", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongRevocationTests {
    private func say(_ name: String, _ latencies: [Double]) {
        let sorted = latencies.sorted()
        guard let worst = sorted.last else { return }
        func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded(.up)) }
        Long.say(
            "\(name): median \(milliseconds(sorted[sorted.count / 2])) ms, "
                + "p99 \(milliseconds(sorted[sorted.count * 99 / 100])) ms, worst \(milliseconds(worst)) ms "
                + "of \(sorted.count)")
    }

    @Test("from a logout on one gateway to the refusal on the others: under a second, with and without the bell")
    func latency() throws {
        let cluster = try Cluster(3, relayed: true)
        let relay = try #require(cluster.relay)
        let count = Long.count(500)
        func rounds(_ before: () throws -> Void = {}) throws -> [[Double]] {
            try (1...count).map { _ in
                let person = try cluster.gateways[0].register()
                try before()
                return try cluster.latencies(of: person.access) { _ = try $0.send(.logout(person.refresh)) }
            }
        }
        try until("the bell listens") { relay.hasPassage(thatSaid: "LISTEN") }
        let heard = try rounds().flatMap { $0 }
        say("logout on one of three gateways, seen by another", heard)
        let cut = try rounds { _ = relay.cut(whoSaid: "LISTEN") }.compactMap(\.last)
        say("the same with the notify connection cut just before", cut)
        #expect((heard + cut).allSatisfy { $0 < 1 })
        try cluster.stop()
    }

    @Test("a gateway that cannot reach the database trusts no token past revocation-stale-max")
    func blind() throws {
        let cluster = try Cluster(2, relayed: true) { $0.lines.append("revocation-stale-max 5s") }
        let person = try cluster.gateways[0].register()
        #expect(try cluster.last.send(.get("/api/x").bearer(person.access)).status == 200)
        let began = ContinuousClock.now
        cluster.relay?.set(.frozen)
        #expect(try cluster.gateways[0].send(.logout(person.refresh)).status == 200)
        _ = try cluster.last.waitForStatus(503, of: .get("/api/x").bearer(person.access))
        let closed = began.duration(to: .now) / .seconds(1)
        cluster.relay?.set(.none)
        let seen = try cluster.last.waitForStatus(401, of: .get("/api/x").bearer(person.access))
        Long.say("cut off, with revocation-stale-max 5s: 503 after \(closed) s; once back, 401 after \(seen) s")
        #expect(closed < 6 && seen < 2)
        try cluster.stop()
    }

    @Test("a million revocations: loaded at the start, bounded in memory, and a request costs what it did")
    func million() throws {
        let cluster = try Cluster(1)
        let gateway = cluster.last
        let rows = Long.isShort ? 200_000 : 1_000_000
        let before = try (gateway.residentKiB(), requestMicroseconds(gateway))
        try cluster.query(
            """
            INSERT INTO revocations SELECT 'sid', '\(Forge.issuer)', gen_random_uuid()::text, t + 600000, t - 600000
            FROM generate_series(1, \(rows - 1000)), (SELECT (extract(epoch FROM now()) * 1000)::bigint AS t) AS clock
            """)
        let began = ContinuousClock.now
        let loaded = try Gateway(gateway.configuration, in: TemporaryFolder("million"))
        let start = began.duration(to: .now) / .seconds(1)
        let after = try (loaded.residentKiB(), requestMicroseconds(loaded))
        Long.say(
            "\(rows) revocations on \(loaded.configuration.workers) core: started in \(start) s, resident "
                + "\(before.0 / 1024) → \(after.0 / 1024) MiB, a request \(Int(before.1)) → \(Int(after.1)) µs")
        #expect(after.0 - before.0 < 160 * 1024)
        let person = try loaded.register()
        #expect(try loaded.send(.logout(person.refresh)).status == 200)
        #expect(try loaded.send(.get("/api/x").bearer(person.access)).status == 401)
        try loaded.stop()
        try cluster.stop()
    }

    /// The median of requests that each bring a token that the gateway has not seen before.
    private func requestMicroseconds(_ gateway: Gateway) throws -> Double {
        let person = try gateway.register()
        let times = try (1...200).map { _ in
            let fresh = try gateway.login(person)
            let began = ContinuousClock.now
            guard try gateway.send(.get("/api/x").bearer(fresh.access)).status == 200 else { throw Failure("refused") }
            return began.duration(to: .now) / .microseconds(1)
        }
        return times.sorted()[100]
    }
}
