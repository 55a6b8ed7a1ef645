import Foundation
import Testing

/// schemathesis, a program that reads an OpenAPI document and tries to catch the service lying about itself.
enum Schemathesis {
    /// Where `deploy/test` installs it, or what `GATEHOUSE_SCHEMATHESIS` names.
    static let program: String? = {
        let installed = GatewayBinary.package.appendingPathComponent(".build/schemathesis/bin/schemathesis").path
        let named = ProcessInfo.processInfo.environment["GATEHOUSE_SCHEMATHESIS"]
        return [named, installed].compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Makes up to `examples` calls of each kind; throws with what it found.
    static func run(against gateway: Gateway, examples: Int, by deadline: Deadline) throws {
        guard let program else { throw Failure("no schemathesis") }
        let own = GatewayBinary.package.appendingPathComponent("Tests/OpenAPI").path
        let base = "http://127.0.0.1:\(gateway.address.port)/api/auth"
        let ran = try ChildProcess.run(
            [
                program, "--config-file", "\(own)/schemathesis.toml", "run", "\(base)/openapi.json", "--url", base,
                "--max-examples", "\(examples)", "--seed", "\(UInt32.random(in: .min ... .max))", "--no-color",
            ],
            environment: [
                "PYTHONPATH": own, "PYTHONDONTWRITEBYTECODE": "1", "SCHEMATHESIS_HOOKS": "gatehouse_hooks",
                "GATEHOUSE_BASE": base,
            ], folder: gateway.folder.path, by: deadline)
        guard ran.ending == .exit(0) else { throw Failure("schemathesis: \(ran.ending)\n\(ran.output)\n\(ran.errors)") }
        for phase in ["Examples", "Coverage", "Fuzzing", "Stateful"] where !ran.output.contains("✅ \(phase)") {
            throw Failure("schemathesis has left out \(phase):\n\(ran.output)")
        }
    }
}

@Suite("The OpenAPI document is true", .serialized)
struct OpenAPITests {
    @Test(
        "schemathesis finds no disagreement and no 5xx",
        .enabled(if: Schemathesis.program != nil, "deploy/test installs it"), arguments: Database.allCases)
    func document(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend).with(tokens: "refresh-in-body on")
            configuration.database = try database.directive()
            return configuration
        }
        try Schemathesis.run(against: stage.gateway, examples: 15, by: .seconds(300))
        let statuses = stage.gateway.accessLog.all.compactMap { line -> String? in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let path = object?["path"] as? String, let status = object?["status"] as? Int else { return nil }
            return "\(status) \(path)"
        }
        // It has got in, everywhere: refusals alone would show little.
        for call in ["register", "login", "refresh", "logout", "logout-all", "me", "sessions", "password/change"] {
            let success = call == "register" ? 201 : 200
            #expect(statuses.contains("\(success) /api/auth/\(call)"), "\(call)")
        }
        #expect(statuses.contains { $0.hasPrefix("204 /api/auth/sessions/") })
        #expect(!statuses.contains { $0.hasPrefix("50") && !$0.hasPrefix("501") })
        try stage.end()
    }
}
