import Testing

@Suite("Long: an import", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongImportTests {
    @Test("100,000 users on each database, in minutes, beside a running gateway", arguments: Database.allCases)
    func many(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        let count = Long.count(100_000)
        try stage.gateway.folder.write("in.jsonl", MovingTests.lines(count))
        let start = ContinuousClock.now
        let ran = try GatewayBinary.run(
            ["user", "import", "in.jsonl", "-c", "gateway.conf"], in: stage.gateway.folder, by: .seconds(600))
        #expect(ran.output == "added \(count), there already 0, refused 0")
        Long.say("\(database): \(count) users imported in \(start.duration(to: .now) / .seconds(1)) s")
        #expect(try stage.gateway.send(.login("u\(count - 1)@example.org", "password")).status == 200)
        try stage.end()
    }
}
