import Foundation
import Testing

/// The audit, as an operator reads and verifies it, on both databases.
@Suite("The audit", .serialized)
struct AuditTests {
    private static let wrong = "Wr0ng&password staple"

    private struct Listed {
        let kind: String
        let outcome: String
        let user: String?
        let from: String?
        let request: String?
    }

    private static func list(_ gateway: Gateway, _ filters: String...) throws -> [Listed] {
        let words = ["audit", "list", "--json"] + filters + ["-c", "gateway.conf"]
        let ran = try GatewayBinary.run(words, in: gateway.folder)
        guard ran.ending == .exit(0) else { throw Failure("audit list: \(ran.errors)") }
        let answer = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
        return (answer?["events"] as? [[String: Any]] ?? []).map { event in
            Listed(
                kind: event["kind"] as? String ?? "", outcome: event["outcome"] as? String ?? "",
                user: event["user"] as? String, from: event["from"] as? String, request: event["requestId"] as? String)
        }
    }

    private static func verify(_ gateway: Gateway, _ head: String? = nil) throws -> (isWhole: Bool, head: String) {
        let ran = try GatewayBinary.run(
            ["audit", "verify", "--json"] + (head.map { ["--head", $0] } ?? []) + ["-c", "gateway.conf"],
            in: gateway.folder)
        let answer = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
        let isWhole = answer?["ok"] as? Bool == true
        #expect((ran.ending == .exit(0)) == isWhole)
        return (isWhole, answer?["head"] as? String ?? "")
    }

    @Test("every event is one row and one line; verify finds a changed and a cut-off row", arguments: Database.allCases)
    func story(database: Database) throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.database = try database.directive()
        let gateway = try Gateway(configuration)
        var person = try gateway.register()
        #expect(try gateway.send(.login(person.email, Self.wrong)).status == 401)
        #expect(try gateway.send(.login("nobody@example.com", Self.wrong)).status == 401)
        person = try gateway.login(person)
        let spent = person.refresh
        person = try gateway.refresh(person)
        person = try gateway.refresh(person)
        #expect(try gateway.send(.refresh(spent)).code == "REFRESH_TOKEN_REUSED")
        person = try gateway.login(person)
        #expect(try gateway.send(.logout(person.refresh)).status == 200)
        try gateway.setRoles(["user", "admin"], of: person)

        let all = try Self.list(gateway)
        #expect(
            all.map { "\($0.kind) \($0.outcome)" } == [
                "register ok", "login refused", "login refused", "login ok", "refresh-reused refused", "login ok",
                "logout ok", "user-roles ok",
            ])
        #expect(all.dropLast().allSatisfy { $0.from == "127.0.0.1" && $0.request != nil })
        #expect(try Self.list(gateway, "--user", person.email).count == 7)
        #expect(try Self.list(gateway, "--user", "nobody@example.com").count == 1)
        #expect(try Self.list(gateway, "--kind", "login", "--outcome", "refused", "--since", "1h").count == 2)
        #expect(try Self.list(gateway, "--until", "1h").isEmpty)
        #expect(try Self.list(gateway, "--limit", "2").map(\.kind) == ["logout", "user-roles"])
        // The command changed the roles: its event is a row here, and a line where the command ran.
        let lines = gateway.errors.all.filter { $0.contains("gatehouse: audit ") }
        #expect(lines.count == all.count - 1, "\(lines)")
        let secrets = [person.password, Self.wrong, person.refresh, person.access]
        #expect(!lines.contains { line in secrets.contains { line.contains($0) } })

        let (isWhole, head) = try Self.verify(gateway)
        #expect(isWhole && head.hasPrefix("8:"))
        #expect(try Self.verify(gateway, head).isWhole)
        try gateway.stop()
        try SQL.run("UPDATE audit_events SET ip = '203.0.113.1' WHERE seq = 2", on: gateway)
        #expect(try !Self.verify(gateway).isWhole)
        try SQL.run("UPDATE audit_events SET ip = '127.0.0.1' WHERE seq = 2", on: gateway)
        #expect(try Self.verify(gateway, head).isWhole)
        try SQL.run("DELETE FROM audit_events WHERE seq = 8", on: gateway)
        #expect(try !Self.verify(gateway).isWhole)
    }

    @Test("two gateways write one chain")
    func together() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.database = try Database.postgres.directive()
        let pair = [try Gateway(configuration), try Gateway(configuration)]
        let person = try pair[0].register()
        let statuses = try IntegrationTests.together(24) { number in
            try pair[number % 2].send(.login(person.email, number % 3 == 0 ? person.password : Self.wrong)).status
        }
        #expect(statuses.count { $0 == 200 } == 8)
        #expect(try Self.list(pair[1]).count == 25)
        #expect(try Self.verify(pair[1]).isWhole)
        for gateway in pair { try gateway.stop() }
    }

    @Test(
        "a signing key that is gone from `tokens` verifies its records as an `audit-key`, and is asked for once")
    func formerSigningKey() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        let first = try Gateway(configuration)
        for _ in 0..<3 { _ = try first.register() }
        try first.stop()
        try first.folder.write("other", "Jm4tR8xW1cZ6vB3nK9pL5sD2fG7hQ0aY")
        try first.folder.write("audit.key", "a secret of the audit's own, long enough")
        configuration.tokens = ["key hs256 file other readable"]
        configuration.lines.append("audit-key file audit.key readable")
        try first.folder.write("gateway.conf", configuration.text)
        let lost = try first.command("audit", "verify")
        #expect(lost.ending == .exit(1))
        #expect(lost.errors.contains("records 1 to 3 were written under the key "), "\(lost.errors)")
        #expect(lost.errors.contains("as one more `audit-key`"), "\(lost.errors)")
        configuration.lines.append("audit-key file secret")
        let second = try Gateway(configuration, in: first.folder)
        _ = try second.register()
        #expect(try Self.verify(second).isWhole)
        try second.stop()
    }

    @Test("a key of its own goes on verifying what the signing key's chained before, and is asked for when it is gone")
    func ownKey() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        let first = try Gateway(configuration)
        _ = try first.register()
        try first.stop()
        try first.folder.write("audit.key", "a secret of the audit's own, long enough")
        configuration.lines.append("audit-key file audit.key readable")
        let second = try Gateway(configuration, in: first.folder)
        _ = try second.register()
        #expect(try Self.verify(second).isWhole)
        try second.stop()
        try first.folder.write("audit.key", "another secret, that nobody chained anything with")
        let ran = try second.command("audit", "verify")
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("which is not configured any more"), "\(ran.errors)")
        try first.folder.write("audit.key", "short")
        #expect(try second.command("audit", "verify").ending == .exit(78))
    }
}
