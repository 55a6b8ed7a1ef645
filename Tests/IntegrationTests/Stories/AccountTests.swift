import Foundation
import Testing

/// What an operator does to accounts, and how soon it holds.
@Suite("Accounts and the command", .serialized)
struct AccountTests {
    @Test(
        "user add, list, password, disable and enable act on a running gateway within a second",
        arguments: Database.allCases)
    func commands(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
        let gateway = stage.gateway
        let boss = Person(email: "boss@example.com")
        let added = try gateway.command(
            "user", "add", boss.email, "--role", "admin", "--password-stdin", input: boss.password + "\n")
        #expect(added.ending == .exit(0), "\(added.errors)")
        var session = try gateway.login(boss)
        #expect(try gateway.send(.get("/admin/x").bearer(session.access)).status == 200)
        let me = try gateway.send(.get("/api/auth/me").bearer(session.access)).json["user"] as? [String: Any]
        #expect(me?["emailVerified"] as? Bool == true)

        let list = try gateway.command("user", "list", "--json")
        #expect(list.output.contains("boss@example.com"))
        #expect(!list.output.contains("$2"), "no hash is listed")

        #expect(try gateway.command("user", "disable", boss.email).ending == .exit(0))
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(session.access)) < 1)
        #expect(try gateway.send(.refresh(session.refresh)).status == 401)
        #expect(try gateway.send(.login(boss.email, boss.password)).code == "INVALID_CREDENTIALS")
        #expect(try gateway.command("user", "enable", boss.email).ending == .exit(0))
        session = try gateway.login(boss)

        let other = Person(email: boss.email, password: "An0ther&password staple")
        let changed = try gateway.command("user", "password", boss.email, "--password-stdin", input: other.password)
        #expect(changed.ending == .exit(0), "\(changed.errors)")
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(session.access)) < 1)
        #expect(try gateway.send(.login(boss.email, boss.password)).status == 401)
        _ = try gateway.login(other)
        try stage.end()
    }

    @Test("commands that cannot be done exit 1, wrong usage 2, and say why")
    func refusals() throws {
        let stage = try Stage { .standard($0) }
        let gateway = stage.gateway
        let person = try gateway.register()
        let weak = try gateway.command("user", "add", "weak@example.com", "--password-stdin", input: "password\n")
        #expect(weak.ending == .exit(1) && !weak.errors.isEmpty)
        let twice = try gateway.command("user", "add", person.email, "--password-stdin", input: person.password)
        #expect(twice.ending == .exit(1), "\(twice.errors)")
        let nobody = try gateway.command("user", "disable", "nobody@example.com")
        #expect(nobody.ending == .exit(1) && nobody.errors.contains("nobody@example.com") || !nobody.errors.isEmpty)
        #expect(try gateway.command("user", "roles", person.email, "bad,,role").ending != .exit(0))
        #expect(try gateway.command("user", "roles", person.email, "two words").ending == .exit(1))
        for arguments in [["user"], ["frobnicate"], ["run", "--nonsense"], ["user", "add"]] {
            let ran = try GatewayBinary.run(arguments, in: gateway.folder)
            #expect(
                ran.ending == .exit(2) || (arguments == ["user"] && ran.ending == .exit(0)),
                "\(arguments): \(ran.ending)")
        }
        let version = try GatewayBinary.run(["version"], in: gateway.folder)
        #expect(version.ending == .exit(0) && !version.output.isEmpty)
        try stage.end()
    }

    @Test("hashes of other systems log in unchanged and are rehashed at the configured cost")
    func foreignHashes() throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabase()
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = database.directive
            return configuration
        }
        let gateway = stage.gateway
        for (prefix, cost) in [("2a", "05"), ("2b", "06"), ("2y", "05")] {
            let person = try gateway.register()
            let made = try ChildProcess.run([
                "/usr/bin/env", "python3", "-c",
                "import crypt,sys; print(crypt.crypt(sys.argv[1], '$'+sys.argv[2]+'$'+sys.argv[3]+'$abcdefghijklmnopqrstuu'))",
                person.password, prefix, cost,
            ])
            // Python from 3.13 on has no crypt module.
            guard made.ending == .exit(0), made.output.hasPrefix("$2") else { continue }
            let column = try #require(
                server.query(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = 'users' AND column_name LIKE '%hash%'",
                    in: database.name
                ).first)
            let quoted = person.email.replacing("'", with: "''")
            try server.query(
                "UPDATE users SET \(column) = '\(made.output)' WHERE email = '\(quoted)'", in: database.name)
            _ = try gateway.login(person)
            let now = try server.query("SELECT \(column) FROM users WHERE email = '\(quoted)'", in: database.name).first
            #expect(now?.hasPrefix("$2b$04$") == true, "\(now ?? "")")
            _ = try gateway.login(person)
        }
        try stage.end()
    }

    @Test("refresh-in-body: tokens in the answer and no cookie, and not for browsers")
    func inBody() throws {
        let stage = try Stage { Configuration.standard($0).with(tokens: "refresh-in-body on") }
        let gateway = stage.gateway
        let person = try gateway.register()
        let asked = Call.post("/api/auth/login").json([
            "email": person.email, "password": person.password, "tokenDelivery": "body",
        ])
        let answer = try gateway.send(asked)
        #expect(answer.status == 200)
        #expect(answer.all("Set-Cookie").isEmpty)
        let token = try #require(answer.json["refreshToken"] as? String)
        for line in [
            "Origin: http://localhost:8080", "Sec-Fetch-Site: same-origin", "Cookie: refresh_token=\(person.refresh)",
        ] {
            #expect(try gateway.send(asked.with(line)).status >= 400, "\(line)")
        }
        let next = try gateway.send(.post("/api/auth/refresh").json(["refreshToken": token, "tokenDelivery": "body"]))
        #expect(next.status == 200, "\(next.summary)")
        let second = try #require(next.json["refreshToken"] as? String)
        #expect(second != token)
        let byCookie = try gateway.send(.refresh(person.refresh))
        #expect(byCookie.json["refreshToken"] == nil)
        #expect(try gateway.send(.post("/api/auth/logout").json(["refreshToken": second])).status == 200)
        #expect(
            try gateway.send(.post("/api/auth/refresh").json(["refreshToken": second, "tokenDelivery": "body"])).status
                == 401)
        try stage.end()
    }
}
