import Testing

@Suite("Long: the OpenAPI document", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongOpenAPITests {
    @Test("500 examples of each kind of call on each database: no disagreement", arguments: Database.allCases)
    func document(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend).with(tokens: "refresh-in-body on")
            configuration.database = try database.directive()
            return configuration
        }
        try Schemathesis.run(against: stage.gateway, examples: Long.count(500), by: .seconds(1800))
        try stage.end()
    }
}
