import Foundation
import Testing

/// `user show` and `user delete` beside a running gateway, on both databases.
@Suite("An account is looked at, and deleted", .serialized)
struct DeletionTests {
    private func stage(_ database: Database) throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("show says what an operator asks at night, for people and for scripts", arguments: Database.allCases)
    func show(database: Database) throws {
        let stage = try stage(database)
        let gateway = stage.gateway
        let person = try gateway.register()
        _ = try gateway.login(person)
        _ = try gateway.send(.login(person.email, "wr0ng&password staple"))
        let table = try gateway.command("user", "show", person.email.uppercased())
        #expect(table.ending == .exit(0), "\(table.errors)")
        for line in [
            "email           \(person.email) (not verified)", "id              \(person.id)",
            "name            Test Person", "roles           user", "state           enabled", "live sessions   2",
        ] { #expect(table.output.split(separator: "\n").contains { $0 == line }, "\(line):\n\(table.output)") }
        #expect(table.output.contains(#/last sign-in +2\S+Z from 127\.0\.0\.1\n/#), "\(table.output)")
        #expect(table.output.contains(#/refused +1 in the last 24 hours, the last at \S+Z from 127\.0\.0\.1\n/#))
        #expect(
            table.output.contains("$2b$04$") && !table.output.contains("$2b$04$."), "the kind of the hash, not the hash"
        )

        let answer = try object(gateway.command("user", "show", person.id, "--json").output)
        #expect(
            Set(answer.keys) == [
                "id", "email", "emailVerified", "name", "roles", "disabled", "createdAt", "disabledAt",
                "passwordChangedAt", "passwordKind", "sessions", "lastUsedAt", "lastSignInAt", "lastSignInFrom",
                "refusedSignIns", "lastRefusedAt", "lastRefusedFrom",
            ])
        #expect(answer["sessions"] as? Int == 2 && answer["refusedSignIns"] as? Int == 1)
        _ = try gateway.command("user", "disable", person.email)
        let disabled = try gateway.command("user", "show", person.email).output
        #expect(disabled.contains("disabled since 2") && disabled.contains("live sessions   0"), "\(disabled)")

        _ = try gateway.command("user", "add", "new@example.com", "--password-stdin", input: Person.goodPassword)
        let new = try gateway.command("user", "show", "new@example.com").output
        #expect(new.contains("last sign-in    -") && new.contains("none in the last 24 hours"), "\(new)")
        let nobody = try gateway.command("user", "show", "nobody@example.com")
        #expect(nobody.ending == .exit(1) && nobody.errors.contains("nobody@example.com"), "\(nobody)")
        try stage.end()
    }

    @Test(
        "delete ends every session within a second, leaves the audit, and frees the email for somebody else",
        arguments: Database.allCases)
    func delete(database: Database) throws {
        let stage = try stage(database)
        let gateway = stage.gateway
        let person = try gateway.register()
        let other = try gateway.login(person)
        let stranger = try gateway.register()
        let deleted = try gateway.command("user", "delete", person.email, "--yes")
        #expect(deleted.ending == .exit(0) && deleted.output.contains("deleted \(person.email)"), "\(deleted)")
        #expect(
            deleted.errors.contains(
                "gatehouse: audit 4 user-deleted user=\(person.id) email=\(person.email) outcome=ok"),
            "\(deleted.errors)")
        for one in [person, other] {
            #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(one.access)) < 1)
            #expect(try gateway.send(.get("/api/x").bearer(one.access)).code == "TOKEN_REVOKED")
            #expect(try gateway.send(.get("/api/auth/me").bearer(one.access)).status == 401)
            #expect(try gateway.send(.refresh(one.refresh)).code == "INVALID_REFRESH_TOKEN")
        }
        #expect(try gateway.send(.get("/api/x").bearer(stranger.access)).status == 200)
        let gone = try gateway.send(.login(person.email, person.password))
        let unknown = try gateway.send(.login("unknown@example.com", person.password))
        for answer in [gone, unknown] {
            #expect(answer.status == 401 && answer.code == "INVALID_CREDENTIALS", "\(answer.summary)")
        }
        #expect(gone.json["error"] as? String == unknown.json["error"] as? String)
        #expect(gone.fields.map(\.name) == unknown.fields.map(\.name))

        let events = try object(gateway.command("audit", "list", "--user", person.email, "--json").output)["events"]
        let kinds = (events as? [[String: Any]] ?? []).map { $0["kind"] as? String ?? "" }
        #expect(kinds == ["register", "login", "user-deleted", "login"], "what they did stays on record")
        #expect(try gateway.command("audit", "verify").ending == .exit(0))

        let again = try gateway.command("user", "delete", person.email, "--yes")
        #expect(again.ending == .exit(1) && again.errors.contains("no such user"), "\(again)")
        let next = try gateway.register(Person(email: person.email))
        #expect(next.id != person.id)
        #expect(try gateway.send(.get("/api/x").bearer(next.access)).status == 200)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 401)
        #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        try stage.end()
    }

    @Test(
        "logins, refreshes, password changes and logouts that race a delete leave nothing alive, and none is a 5xx",
        arguments: Database.allCases)
    func race(database: Database) throws {
        let stage = try stage(database)
        let gateway = stage.gateway
        for _ in 1...8 {
            let person = try gateway.register()
            let second = try gateway.login(person)
            let change = Call.post("/api/auth/password/change").bearer(second.access)
                .json(["currentPassword": person.password, "newPassword": "An0ther&password staple"])
            let calls = [
                Call.refresh(person.refresh), .login(person.email, person.password), change,
                .refresh(second.refresh), .login(person.email, person.password), .refresh(person.refresh),
                .post("/api/auth/logout-all").bearer(person.access), .get("/api/auth/me").bearer(second.access),
            ]
            let answers = try together(24) { number -> WireResponse? in
                if number == 12 {
                    let ran = try gateway.command("user", "delete", person.id, "--yes")
                    guard ran.ending == .exit(0) else { throw Failure("user delete: \(ran.errors)") }
                    return nil
                }
                return try gateway.send(calls[number % calls.count])
            }
            for answer in answers.compactMap({ $0 }) {
                #expect(answer.status < 500, "\(answer.summary)")
                guard answer.status == 200, answer.json["accessToken"] != nil else { continue }
                let got = try person.holding(answer)
                #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(got.access)) < 1)
                #expect(try gateway.send(.refresh(got.refresh)).status == 401)
            }
            for one in [person, second] {
                #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(one.access)) < 1)
                #expect(try gateway.send(.refresh(one.refresh)).status == 401)
            }
            #expect(try gateway.send(.login(person.email, person.password)).code == "INVALID_CREDENTIALS")
        }
        try stage.end()
    }

    @Test("delete asks on the terminal and does it after `yes` only; without one it wants --yes")
    func confirmation() throws {
        let folder = try TemporaryFolder("delete")
        _ = try GatewayBinary.run(["init"], in: folder)
        func add() throws {
            let words = ["user", "add", "a@example.com", "--password-stdin"]
            _ = try GatewayBinary.run(words, in: folder, input: Person.goodPassword)
        }
        func exists() throws -> Bool {
            try GatewayBinary.run(["user", "show", "a@example.com"], in: folder).ending == .exit(0)
        }
        try add()
        let blind = try ChildProcess.run(
            ["/usr/bin/setsid", "-w", try GatewayBinary.path(), "user", "delete", "a@example.com"], folder: folder.path,
            input: "yes\n")
        #expect(blind.ending == .exit(1) && blind.errors.contains("--yes"), "\(blind)")
        #expect(try exists())
        for (answer, isDeleted) in [("no", false), ("", false), ("yes", true)] {
            // `script` gives the command a terminal, and types what it reads itself.
            let asked = try ChildProcess.run(
                ["/usr/bin/script", "-qec", "\(try GatewayBinary.path()) user delete a@example.com", "/dev/null"],
                folder: folder.path, input: "\(answer)\n")
            #expect(asked.output.contains("Delete a@example.com ("), "\(asked)")
            #expect(asked.ending == .exit(isDeleted ? 0 : 1), "\(asked)")
            #expect(try exists() == !isDeleted)
        }
    }
}
