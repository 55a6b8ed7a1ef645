import Testing

@Suite("Long: one refresh token, sixteen at once", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongRefreshTests {
    /// One round: sixteen present the same token; answers the token to go on with.
    private func round(_ presented: String, _ gateways: [Gateway]) throws -> String {
        let answers = try together(16) { number in
            try gateways[number % gateways.count].send(.refresh(presented), by: .seconds(30))
        }
        let successors = Set(answers.filter { $0.status == 200 }.compactMap { $0.cookie("refresh_token")?.value })
        guard successors.count == 1, let successor = successors.first, successor != presented else {
            throw Failure("\(successors.count) successors: \(answers.map(\.summary))")
        }
        return successor
    }

    @Test("10,000 rounds on each database: never two successors", arguments: Database.allCases)
    func rounds(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        var token = try stage.gateway.register().refresh
        for number in 1...Long.count(10_000) {
            token = try round(token, [stage.gateway])
            if number % 1000 == 0 { Long.say("\(database): \(number) rounds") }
        }
        try stage.end()
    }

    @Test("10,000 rounds on two gateways with one database: never two successors")
    func twoGateways() throws {
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        configuration.database = try Database.postgres.directive()
        let gateways = [try Gateway(configuration), try Gateway(configuration)]
        var token = try gateways[0].register().refresh
        for number in 1...Long.count(10_000) {
            token = try round(token, gateways)
            if number % 1000 == 0 { Long.say("two gateways: \(number) rounds") }
        }
        for gateway in gateways { try gateway.stop() }
        backend.stop()
    }

    @Test(
        "1,000 rounds with kill -9 in the middle: no family has two heads, nobody is logged out",
        arguments: Database.allCases)
    func kills(database: Database) throws {
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        configuration.database = try database.directive()
        var gateway = try Gateway(configuration)
        var token = try gateway.register().refresh
        for number in 1...Long.count(1_000) {
            let (running, presented) = (gateway, token)
            let answers = try together(17) { number -> WireResponse? in
                guard number == 16 else { return try? running.send(.refresh(presented)) }
                try running.kill()
                return nil
            }.compactMap { $0 }
            let early = Set(answers.filter { $0.status == 200 }.compactMap { $0.cookie("refresh_token")?.value })
            gateway = try Gateway(configuration, in: gateway.folder)
            let late = try round(presented, [gateway])
            #expect(early.isSubset(of: [late]), "two heads in round \(number)")
            token = late
            if number % 100 == 0 { Long.say("\(database), killed: \(number) rounds") }
        }
        try gateway.stop()
        backend.stop()
    }
}
