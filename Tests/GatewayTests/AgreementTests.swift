import Config
import Policy
import Reasons
import TestRandom
import Testing
import Tokens

@testable import Gateway

/// `expect` and `gatehouse test` ask the route table, requests are judged by the gate from their bytes: on random rules and
/// requests the two have to say the same, or a file that passes its own tests would still be wrong.
@Suite("What expectations say is what the gate does")
struct AgreementTests {
    private static let conditions = [
        "from 10.0.0.0/8", "not from 10.0.0.0/8", "claim tenant is acme", "not claim tenant present",
        "claim level in 1 2", "not claim level is 1", "method GET,DELETE", "not method GET",
        "host app.example *.b.example", "not host gate.example", "header X-Env is prod", "not header X-Env is prod",
        "not header X-Env present", "query debug is 1", "not query debug is 1", "between 08:00 and 18:00 on mon-fri",
        "not between 22:00 and 06:00 utc+01:00", "policy staff", "not policy staff", "all-roles admin editor",
        "role owner", "not role editor",
    ]
    private static let patterns = [
        "/a/*", "/users/{id}/*", "/users/me", "/*", "app.example/a/*", "*.b.example/*", "gate.example/a/b", "GET /a/*",
        "DELETE /a/*", "/Caf\u{e9}", "/{x}/y",
    ]
    private static let paths = [
        "/a", "/a/", "/a/x", "/a/%62", "/a/B", "/A/b", "/a/b", "/users/7/x", "/users/%37", "/users/7%20", "/users/me",
        "/users/ME/", "/a/..%2fx", "/a//b", "/q/y", "/", "/caf\u{e9}", "/Caf%C3%A9", "/users/7;x", "/%61pi/auth/me",
        "/x\u{ff41}",
    ]
    private static let queries = [
        "", "?", "?debug=1", "?debug=2", "?debug=1&debug=2", "?[debug]=1", "?a=1;debug=1", "?debug=%zz", "?%64ebug=1",
    ]
    private static let fields: [[(name: String, value: String)]] = [
        [], [("X-Env", "prod")], [("x-env", "dev")], [("X_Env", "prod")], [("X.Env", "prod")],
        [("X-Env", "prod"), ("X-Env", "dev")], [("X-Env", "prod"), ("Connection", "close, x-env")],
        [("X-Env", "prod"), ("Connection", "X_Env")], [("X-User-Id", "1"), ("X-Env", "dev")],
    ]

    @Test("on thousands of random questions", arguments: 1...3)
    func agree(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var (refused, passed) = (0, 0)
        for _ in 0..<16 {
            guard let loaded = try? load(rules(&random)) else { continue }
            let explainer = Explainer(loaded, keys: try KeyRing(loaded.keys))
            for _ in 0..<60 {
                let (question, bearer, client) = ask(&random, loaded)
                let now = Int64.random(in: 1_700_000_000..<1_700_700_000, using: &random)
                let explanation = explainer.explain(question, bearer: bearer, client: client, now: now)
                guard !explanation.answer.isOwn else { continue }
                let said = explanation.answer.reason
                #expect(
                    said == explanation.reason,
                    "\(question) of \(bearer) at \(now)\n\(loaded.routes.routes.map { $0.name + " " + $0.ruleText })")
                if said == nil { passed += 1 } else { refused += 1 }
            }
        }
        #expect(passed > 50 && refused > 50)
    }

    private func rules(_ random: inout SplitMix) -> String {
        var text = ""
        for pattern in Self.patterns.shuffled(using: &random).prefix(Int.random(in: 2...7, using: &random)) {
            let rule =
                ["public", "public", "user", "role admin", "role editor owner"].randomElement(using: &random) ?? ""
            var conditions = Self.conditions.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
            if pattern.contains("{id}"), Bool.random(using: &random) { conditions.append("where id is sub") }
            let accept = ["", "", "accept semicolon", "accept case"].randomElement(using: &random) ?? ""
            text += "route \(pattern) \(rule) \(conditions.joined(separator: " ")) \(accept) -> web\n"
        }
        return text
    }

    private func load(_ routes: String) throws -> LoadedConfiguration {
        struct NoSuchFile: Error {}
        let text = """
            listen 127.0.0.1:8080
            public-url http://gate.example
            tokens { audience app; key hs256 env SECRET }
            roles owner > admin > editor
            policy staff { any { role admin; claim tenant is acme not query debug present }; not header X-Env is dev }
            upstream web { server 127.0.0.1:3000 }
            \(routes)
            """
        let surroundings = Surroundings(
            read: { path, _ in
                guard path == "gateway.conf" else { throw NoSuchFile() }
                return Array(text.utf8)
            }, list: { _ in [] },
            environment: { $0 == "SECRET" ? "J7mEo5qYvTzXw2Rk9LcBd4HnPf6GsUa1" : nil })
        do { return try LoadedConfiguration.load("gateway.conf", from: surroundings) } catch {
            throw NoSuchFile()
        }
    }

    private func ask(
        _ random: inout SplitMix, _ loaded: LoadedConfiguration
    ) -> (question: Question, bearer: Explainer.Bearer, client: String) {
        let methods = ["GET", "GET", "HEAD", "POST", "DELETE", "OPTIONS", "BREW"]
        var question = Question(
            method: methods.randomElement(using: &random) ?? "",
            path: (Self.paths.randomElement(using: &random) ?? "") + (Self.queries.randomElement(using: &random) ?? ""))
        question.host =
            ["", "app.example", "APP.example.:80", "x.b.example", "gate.example", "[::1]:80"]
            .randomElement(using: &random) ?? ""
        question.fields = Self.fields.randomElement(using: &random) ?? []
        let client = ["", "10.0.0.7", "192.0.2.1", "::ffff:10.0.0.7", "unix"].randomElement(using: &random) ?? ""
        question.address = IPAddress.bytes(of: client)
        guard Bool.random(using: &random) else { return (question, .none, client) }
        let roles = ["owner", "admin", "editor", "other"].filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        var claims = Claims(
            issuer: "http://gate.example", subject: ["7", "me", "b"].randomElement(using: &random) ?? "", roles: roles,
            expiresAt: .max)
        let kept = ["tenant": ["acme"], "level": ["1", "3"], "sub": [claims.subject]]
        claims.kept = kept.filter { name, _ in
            loaded.askedClaims.contains(name) && (name == "sub" || Bool.random(using: &random))
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            claims.kept["tenant"] = nil
            claims.withheld = ["tenant"]
        }
        return (question, .claims(claims), client)
    }
}
