import Foundation
import Testing

/// Keys that change while gateways run.
@Suite("The key ring in the database", .serialized)
struct KeyRingTests {
    private static let secrets = ["KEY_ENCRYPTION_SECRET": "q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc"]

    private static func configuration(_ database: Database, _ backend: RecordingBackend) throws -> Configuration {
        var configuration = Configuration.standard(backend)
        configuration.database = try database.directive()
        configuration.tokens = ["key ring database env KEY_ENCRYPTION_SECRET"]
        return configuration
    }

    private static func key(
        _ gateway: Gateway, _ arguments: String..., environment: [String: String] = secrets
    ) throws -> (ending: ChildProcess.Ending, output: String, errors: String) {
        try GatewayBinary.run(
            ["key"] + arguments + ["-c", "gateway.conf"], in: gateway.folder, environment: environment)
    }

    /// The key ring as `key list --json` shows it: kid and state.
    private static func states(_ gateway: Gateway) throws -> [String: String] {
        let listed = try key(gateway, "list", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any]
        let keys = object?["keys"] as? [[String: String]] ?? []
        return Dictionary(uniqueKeysWithValues: keys.map { ($0["kid"] ?? "", $0["state"] ?? "") })
    }

    /// The names that are published.
    private static func published(_ gateway: Gateway) throws -> [String] {
        let keys = try gateway.send(.get("/api/auth/.well-known/jwks.json")).json["keys"] as? [[String: String]]
        return (keys ?? []).map { $0["kid"] ?? "" }
    }

    private static func kid(of token: String) throws -> String {
        let header = try #require(token.split(separator: ".").first).replacing("-", with: "+").replacing("_", with: "/")
        let padded = String(header) + String(repeating: "=", count: (4 - header.count % 4) % 4)
        let json = try JSONSerialization.jsonObject(with: try #require(Data(base64Encoded: padded)))
        return try #require((json as? [String: Any])?["kid"] as? String)
    }

    @Test("keys come and go while the gateway runs, and nobody is logged out", arguments: Database.allCases)
    func story(database: Database) throws {
        let backend = try RecordingBackend()
        let configuration = try Self.configuration(database, backend)
        let gateway = try Gateway(configuration, environment: Self.secrets)
        var person = try gateway.register()
        let first = try Self.kid(of: person.access)
        #expect(try Self.states(gateway) == [first: "signing"])
        #expect(try Self.published(gateway) == [first])

        // Published within a second, and not signing yet.
        #expect(try Self.key(gateway, "rotate").ending == .exit(0))
        try until("the next key is published", by: .seconds(1)) { try Self.published(gateway).count == 2 }
        person = try gateway.refresh(person)
        #expect(try Self.kid(of: person.access) == first)
        #expect(try Self.key(gateway, "rotate").ending == .exit(1), "one after the other")
        let waiting = try #require(try Self.states(gateway).first { $0.value == "waiting" }?.key)

        // Compromised: out within a second, though the verdict is in the cache; the session goes on under the next key.
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try Self.key(gateway, "retire", first).ending == .exit(1), "in use")
        #expect(try Self.key(gateway, "retire", first, "--now").ending == .exit(0))
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        #expect(try Self.published(gateway) == [waiting])
        let before = person.access
        person = try gateway.refresh(person)
        #expect(try Self.kid(of: person.access) == waiting)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)

        try gateway.stop()
        let again = try Gateway(configuration, in: gateway.folder, environment: Self.secrets)
        #expect(try again.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try again.send(.get("/api/x").bearer(before)).status == 401)
        try again.stop()
        backend.stop()
    }

    @Test("two gateways started at once make one first key, and follow a change made on either within a second")
    func cluster() throws {
        let backend = try RecordingBackend()
        let configuration = try Self.configuration(.postgres, backend)
        let both = try together(2) { _ in try Gateway(configuration, environment: Self.secrets) }
        let (left, right) = (both[0], both[1])
        var person = try left.register()
        #expect(try Self.states(left).count == 1)
        #expect(try right.send(.get("/api/x").bearer(person.access)).status == 200)
        let first = try Self.kid(of: person.access)
        #expect(try Self.key(right, "retire", first, "--now").ending == .exit(0))
        for gateway in both { #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1) }
        person = try right.refresh(person)
        #expect(try Self.kid(of: person.access) != first)
        #expect(try left.send(.get("/api/x").bearer(person.access)).status == 200)

        // Two administrators at once: one rotation.
        let endings = try together(4) { number in try Self.key(both[number % 2], "rotate").ending }
        #expect(endings.count { $0 == .exit(0) } == 1, "\(endings)")
        #expect(try Self.states(left).count == 2)
        for gateway in both { try gateway.stop() }
        backend.stop()
    }

    @Test("another secret neither starts a gateway nor changes the ring, and says why", arguments: Database.allCases)
    func wrongSecret(database: Database) throws {
        let backend = try RecordingBackend()
        let gateway = try Gateway(try Self.configuration(database, backend), environment: Self.secrets)
        let wrong = ["KEY_ENCRYPTION_SECRET": "w8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc"]
        let before = try Self.states(gateway)
        for command in ["add", "rotate"] {
            let ran = try Self.key(gateway, command, environment: wrong)
            #expect(ran.ending == .exit(1))
            #expect(ran.errors.contains("does not open"), "\(ran.errors)")
        }
        #expect(try Self.states(gateway) == before)
        try gateway.stop()
        let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: gateway.folder, environment: wrong)
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("does not open"), "\(ran.errors)")
        backend.stop()
    }

    @Test("a key from a file moves into the ring, and its tokens stay good")
    func moving() throws {
        let backend = try RecordingBackend()
        var configuration = try Self.configuration(.sqlite, backend)
        configuration.tokens = ["key hs256 file secret", "key ring database env KEY_ENCRYPTION_SECRET"]
        let gateway = try Gateway(configuration, environment: Self.secrets)
        let person = try gateway.register()
        // The ring's first key waits until others have seen it; the file's signs meanwhile.
        #expect(try gateway.send(.get("/api/x").bearer(Forge.token())).status == 200)
        #expect(try Self.states(gateway).values.sorted() == ["waiting"])
        #expect(try Self.key(gateway, "add", "hs256", "--from", "secret").ending == .exit(0))
        try gateway.stop()
        configuration.tokens = ["key ring database env KEY_ENCRYPTION_SECRET"]
        #expect(
            try Self.key(gateway, "retire", try #require(try Self.states(gateway).first { $0.value == "waiting" }).key)
                .ending == .exit(0))
        try gateway.folder.write("gateway.conf", configuration.text)
        let refused = try GatewayBinary.run(
            ["run", "-c", "gateway.conf"], in: gateway.folder, environment: Self.secrets)
        #expect(refused.errors.contains("no key of the ring signs"), "\(refused.errors)")
        #expect(try Self.key(gateway, "rotate").ending == .exit(0))
        let again = try Gateway(configuration, in: gateway.folder, environment: Self.secrets)
        #expect(try again.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try Self.kid(of: try again.refresh(person).access) == Self.kid(of: person.access))
        try again.stop()
        backend.stop()
    }

    @Test("without a ring the command says where its keys are changed")
    func noRing() throws {
        let backend = try RecordingBackend()
        let gateway = try Gateway(.standard(backend))
        let ran = try gateway.command("key", "list")
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("key ring database env"), "\(ran.errors)")
        try gateway.stop()
        backend.stop()
    }
}
