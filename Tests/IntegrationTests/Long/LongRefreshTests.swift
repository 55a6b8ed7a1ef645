import Foundation
import Testing

@Suite("Long: one refresh token, many at once", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongRefreshTests {
    /// `rounds` rounds of 16, and a tenth as many of 64.
    private func rounds(_ gateways: [Gateway], _ name: String) throws -> Int {
        let count = Long.count(10_000)
        var token = try gateways[0].register().refresh
        var played = 0
        for (clients, rounds) in [(16, count), (64, max(count / 10, 1))] {
            let began = ContinuousClock.now
            token = try RefreshRound(gateways: gateways, clients: clients).play(token, rounds: rounds) { number in
                if number % 1000 == 0 { Long.say("\(name), \(clients) clients: \(number) rounds") }
            }
            played += rounds
            let seconds = began.duration(to: .now) / .seconds(1)
            Long.say("\(name), \(clients) clients: \(rounds) rounds in \(Int(seconds)) s, one successor in each")
        }
        return played
    }

    @Test("10,000 rounds on each database: one successor in each", arguments: Database.allCases)
    func oneGateway(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        _ = try rounds([stage.gateway], "\(database)")
        try stage.end()
    }

    @Test("10,000 rounds on three gateways with one database: one successor and one row in each")
    func threeGateways() throws {
        let cluster = try Cluster(3)
        let played = try rounds(cluster.gateways, "three gateways")
        #expect(
            try cluster.query("SELECT count(*), count(spent_at) FROM refresh_tokens") == ["\(played + 1)|\(played)"])
        #expect(try cluster.query("SELECT count(*) FROM audit_events WHERE kind = 'refresh-reused'") == ["0"])
        try cluster.stop()
    }

    @Test("1,000 kills in the middle: no family has two heads, nobody is logged out", arguments: Database.allCases)
    func kills(database: Database) throws {
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        configuration.database = try database.directive()
        let count = Long.count(1_000)
        let answered = try RefreshKills.play(configuration, rounds: count) { number in
            if number % 100 == 0 { Long.say("\(database): killed \(number) times") }
        }
        Long.say(
            "\(database): killed \(count) times; of \(4 * count) refreshes \(answered) were answered before; "
                + "every retry got its session")
        backend.stop()
    }
}
