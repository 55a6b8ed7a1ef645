import Foundation
import Testing

/// What a reload makes of the keys: those of the new file are in force with its first request.
@Suite("Reload and keys", .serialized)
struct ReloadKeysTests {
    private static let secrets = ["KEY_ENCRYPTION_SECRET": "q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc"]

    private func reload(_ gateway: Gateway, _ configuration: Configuration) throws {
        let mark = gateway.errors.mark
        try gateway.folder.write("gateway.conf", configuration.text)
        gateway.process.signal(SIGHUP)
        _ = try gateway.errors.waitFor("gatehouse: reloaded", after: mark)
    }

    @Test("a second key signs, the first verifies until it is taken out; the audit's chain holds throughout")
    func fixed() throws {
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        let gateway = try Gateway(configuration)
        let old = try gateway.register()
        try gateway.folder.write("other", "Jm4tR8xW1cZ6vB3nK9pL5sD2fG7hQ0aY")
        #expect(chmod(gateway.folder.file("other"), 0o600) == 0)

        configuration.tokens = ["key hs256 file other", "key hs256 file secret"]
        try reload(gateway, configuration)
        #expect(try gateway.send(.get("/api/x").bearer(old.access)).status == 200)
        let new = try gateway.register()
        #expect(try gateway.send(.get("/api/x").bearer(new.access)).status == 200)
        let chain = try gateway.command("audit", "verify")
        #expect(chain.ending == .exit(0), "\(chain.errors)")

        configuration.tokens = ["key hs256 file other"]
        configuration.lines.append("audit-key file other")
        try reload(gateway, configuration)
        #expect(try gateway.send(.get("/api/x").bearer(old.access)).status == 401)
        #expect(try gateway.send(.get("/api/x").bearer(new.access)).status == 200)
        let refreshed = try gateway.refresh(old)
        #expect(try gateway.send(.get("/api/x").bearer(refreshed.access)).status == 200, "nobody is logged out")
        try gateway.stop()
        backend.stop()
    }

    @Test("the ring in the database is followed after a reload as before it", arguments: Database.allCases)
    func ring(database: Database) throws {
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        configuration.database = try database.directive()
        configuration.tokens = ["key ring database env KEY_ENCRYPTION_SECRET"]
        let gateway = try Gateway(configuration, environment: Self.secrets)
        func key(_ arguments: String...) throws -> ChildProcess.Ending {
            try GatewayBinary.run(
                ["key"] + arguments + ["-c", "gateway.conf"], in: gateway.folder, environment: Self.secrets
            ).ending
        }
        let person = try gateway.register()
        for number in 1...2 {
            configuration.lines.append("route /new-\(number) public -> backend")
            try reload(gateway, configuration)
        }
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        let keys = try gateway.send(.get("/api/auth/.well-known/jwks.json")).json["keys"] as? [[String: String]]
        let kid = try #require(keys?.first?["kid"])
        #expect(try key("retire", kid, "--now") == .exit(0))
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        let refreshed = try gateway.refresh(person)
        #expect(try gateway.send(.get("/api/x").bearer(refreshed.access)).status == 200)
        try gateway.stop()
        backend.stop()
    }
}
