import Foundation
import Testing

/// What the command says to people and to scripts, apart from a running gateway.
@Suite("The command")
struct CommandTests {
    @Test("what init makes passes check without a word of warning, and says how to go on")
    func initialize() throws {
        let folder = try TemporaryFolder("init")
        let made = try GatewayBinary.run(["init", "new/place"], in: folder)
        try #require(made.ending == .exit(0), "\(made.errors)")
        #expect(made.output.contains("gatehouse run -c new/place/gateway.conf"))
        let checked = try GatewayBinary.run(["check", "-c", "new/place/gateway.conf"], in: folder)
        #expect(checked.ending == .exit(0))
        #expect(checked.errors.isEmpty, "\(checked.errors)")
        for (name, mode) in [("keys/access.pem", 0o600), ("gatehouse.db", 0o600), ("gateway.conf", 0o644)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("new/place/\(name)"))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
        }
    }

    @Test(
        "init overwrites nothing, and leaves nothing half made",
        arguments: ["gateway.conf", "keys/access.pem", "gatehouse.db"])
    func initializeTwice(present: String) throws {
        let folder = try TemporaryFolder("init")
        try folder.write(present, "mine")
        let ran = try GatewayBinary.run(["init"], in: folder)
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains(present))
        #expect(try folder.read(present) == "mine")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        #expect(Set(files).subtracting([present, "keys"]).isEmpty, "\(files)")
    }

    @Test(
        "an address that could be read as more than an address is wrong usage",
        arguments: ["8080", "a:b", "h:1 }", "h:1\n"])
    func initializeAddress(address: String) throws {
        let folder = try TemporaryFolder("init")
        #expect(try GatewayBinary.run(["init", "--listen", address], in: folder).ending == .exit(2))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("fmt lays files out in place, keeps their mode, and says which ones changed; init's file needs nothing")
    func format() throws {
        let folder = try TemporaryFolder("fmt")
        _ = try GatewayBinary.run(["init"], in: folder)
        let untouched = try GatewayBinary.run(["fmt", "--check"], in: folder)
        #expect(untouched.ending == .exit(0), "\(untouched.output)")
        try folder.write("more.conf", "route   /x user->web\nroute /y  public   ->   web\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file("more.conf"))
        #expect(try GatewayBinary.run(["fmt", "--check", "more.conf"], in: folder).ending == .exit(1))
        let ran = try GatewayBinary.run(["fmt", "gateway.conf", "more.conf"], in: folder)
        #expect(ran.ending == .exit(0))
        #expect(ran.output.split(separator: "\n") == ["more.conf"])
        #expect(try folder.read("more.conf") == "route /x user->web\nroute /y  public  -> web\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("more.conf"))
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        try folder.write("bad.conf", "a }\n")
        #expect(try GatewayBinary.run(["fmt", "bad.conf"], in: folder).ending == .exit(78))
        #expect(try folder.read("bad.conf") == "a }\n")
    }

    @Test("docs prints the manual of a directive")
    func docs() throws {
        let folder = try TemporaryFolder("docs")
        let ran = try GatewayBinary.run(["docs", "route"], in: folder)
        #expect(ran.output.hasPrefix("route [METHOD"))
        #expect(try GatewayBinary.run(["docs", "rout"], in: folder).errors.contains("did you mean `route`?"))
    }

    @Test("session list and revoke: what a user has, one ended, all ended, and plain words when there is none")
    func sessions() throws {
        let stage = try Stage { .standard($0) }
        let gateway = stage.gateway
        let person = try gateway.register()
        let other = try person.holding(
            gateway.send(Call.login(person.email, person.password).with("User-Agent: Test/1.0")))
        let listed = try gateway.command("session", "list", person.email, "--json")
        let sessions = try #require(try Self.object(listed.output)["sessions"] as? [[String: Any]])
        #expect(sessions.count == 2)
        #expect(
            Set(try #require(sessions.first).keys) == ["id", "createdAt", "lastUsedAt", "expiresAt", "ip", "userAgent"])
        let newest = try #require(sessions.first { $0["userAgent"] as? String == "Test/1.0" }?["id"] as? String)
        #expect(try gateway.command("session", "list", person.id).output.split(separator: "\n").count == 2)

        let ended = try gateway.command("session", "revoke", newest)
        #expect(ended.ending == .exit(0) && ended.output == "ended 1 session", "\(ended)")
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(other.access)) < 1)
        #expect(try gateway.send(.refresh(other.refresh)).status == 401)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        let again = try gateway.command("session", "revoke", newest)
        #expect(again.ending == .exit(1) && again.errors.contains("no such session"), "\(again)")

        let all = try gateway.command("session", "revoke", "--user", person.email, "--json")
        #expect(all.ending == .exit(0) && all.output == #"{"revoked":1}"#, "\(all)")
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(person.access)) < 1)
        _ = try gateway.login(person)
        #expect(try gateway.command("session", "list", "nobody@example.com").ending == .exit(1))
        #expect(try gateway.command("session", "revoke").ending == .exit(2))
        #expect(try gateway.command("session", "revoke", newest, "--user", person.email).ending == .exit(2))
        try stage.end()
    }

    @Test("check answers scripts in JSON, and the exit code says the same")
    func checkJSON() throws {
        let folder = try TemporaryFolder("check")
        _ = try GatewayBinary.run(["init"], in: folder)
        let well = try GatewayBinary.run(["check", "--json"], in: folder)
        #expect(well.ending == .exit(0))
        #expect(try Self.object(well.output)["ok"] as? Bool == true)

        try folder.write("bad.conf", try folder.read("gateway.conf") + "\nroute /x usr -> backend\n")
        let bad = try GatewayBinary.run(["check", "--json", "-c", "bad.conf"], in: folder)
        #expect(bad.ending == .exit(78))
        #expect(bad.errors.isEmpty)
        let answer = try Self.object(bad.output)
        #expect(answer["ok"] as? Bool == false)
        let problem = try #require((answer["problems"] as? [[String: Any]])?.first)
        #expect(problem["file"] as? String == "bad.conf")
        #expect(problem["column"] as? Int == 10)

        try folder.write("gatehouse.db", "this is no database, and long enough to be seen as none at all")
        let broken = try GatewayBinary.run(["check", "--json"], in: folder)
        #expect(broken.ending == .exit(1))
        #expect(try Self.object(broken.output)["ok"] as? Bool == false)
        #expect(try GatewayBinary.run(["check", "--offline"], in: folder).ending == .exit(0))
    }

    @Test("users are listed and changed for people and for scripts")
    func users() throws {
        let folder = try TemporaryFolder("users")
        _ = try GatewayBinary.run(["init"], in: folder)
        for name in ["b@example.com", "A@Example.com"] {
            let added = try GatewayBinary.run(
                ["user", "add", name, "--role", "one,two", "--password-stdin", "--json"], in: folder,
                input: "tea on the roof at six\n")
            try #require(added.ending == .exit(0), "\(added.errors)")
            #expect(try Self.object(added.output)["roles"] as? [String] == ["one", "two", "user"])
        }
        let list = try #require(
            try Self.object(try GatewayBinary.run(["user", "list", "--json"], in: folder).output)["users"]
                as? [[String: Any]])
        #expect(list.map { $0["email"] as? String } == ["a@example.com", "b@example.com"])
        #expect(Set(list[0].keys) == ["id", "email", "emailVerified", "name", "roles", "disabled", "createdAt"])

        #expect(try GatewayBinary.run(["user", "roles", "a@example.com", "--none"], in: folder).ending == .exit(0))
        #expect(
            try GatewayBinary.run(["user", "disable", try #require(list[0]["id"] as? String)], in: folder).ending
                == .exit(0))
        let table = try GatewayBinary.run(["user", "list"], in: folder).output.split(separator: "\n")
        #expect(table.count == 2)
        #expect(table[0].contains(#/disabled +a@example\.com +-$/#))
        #expect(table[1].contains(#/enabled +b@example\.com +one,two,user$/#))
    }

    @Test("what a command changes is one line of the audit on its standard error; what it only shows is none")
    func auditLines() throws {
        let folder = try TemporaryFolder("lines")
        _ = try GatewayBinary.run(["init"], in: folder)
        let added = try GatewayBinary.run(
            ["user", "add", "a@example.com", "--password-stdin", "--json"], in: folder, input: Person.goodPassword)
        let id = try #require(try Self.object(added.output)["id"] as? String)
        #expect(added.errors == "gatehouse: audit 1 user-added user=\(id) outcome=ok detail=user")
        for words in [["user", "show", id], ["user", "list"], ["session", "list", id], ["user", "roles", id]] {
            #expect(try GatewayBinary.run(words, in: folder).errors.isEmpty)
        }
        for (words, line) in [
            (["user", "roles", id, "--none"], "2 user-roles user=\(id) outcome=ok detail=\"\""),
            (["user", "disable", id], "3 user-disabled user=\(id) outcome=ok"),
            (["session", "revoke", "--user", id], "4 sessions-revoked user=\(id) outcome=ok"),
        ] { #expect(try GatewayBinary.run(words, in: folder).errors == "gatehouse: audit \(line)") }
        let refused = try GatewayBinary.run(["user", "roles", id, "a,b c"], in: folder)
        #expect(refused.ending == .exit(1) && !refused.errors.contains("audit"), "what was refused is no event")
    }

    @Test("a command that cannot be done says what to do, and exits as scripts expect")
    func plainWords() throws {
        let folder = try TemporaryFolder("words")
        _ = try GatewayBinary.run(["init"], in: folder)
        let good = Person.goodPassword
        func says(_ status: Int32, _ words: String, _ command: String, input: String? = nil) throws {
            let ran = try GatewayBinary.run(command.split(separator: " ").map(String.init), in: folder, input: input)
            #expect(ran.ending == .exit(status), "\(command): \(ran)")
            #expect(words.isEmpty || ran.errors.contains(words), "\(command): \(ran.errors)")
        }
        for command in [
            "user show x", "user disable x", "user roles x", "user delete x", "session list x",
            "session revoke --user x", "user password x",
        ] { try says(1, "no such user: x (`gatehouse user list` shows all)", command) }
        try says(1, "email is not an email address", "user add nobody", input: good)
        try says(1, "make it longer", "user add a@example.com --password-stdin", input: "password")
        try says(1, "roles must have", "user add a@example.com --role a@b --password-stdin", input: good)
        try says(0, "", "user add a@example.com --password-stdin", input: good)
        try says(1, "exists already", "user add A@example.com")
        try folder.write("roles.conf", try folder.read("gateway.conf") + "roles admin\n")
        try says(1, "these are not: owner", "user roles a@example.com owner -c roles.conf")
        try says(0, "", "user roles a@example.com user admin -c roles.conf")
        try says(78, "`gatehouse init` makes one", "user list -c nothing.conf")
        try folder.write("elsewhere.conf", try folder.read("gateway.conf").replacing("gatehouse.db", with: "other.db"))
        try says(1, "there is no database other.db", "user list -c elsewhere.conf")
        #expect(!FileManager.default.fileExists(atPath: folder.file("other.db")), "none is made by mistake")
        try says(0, "", "user add a@example.com --password-stdin -c elsewhere.conf", input: good)
        let away = try folder.read("gateway.conf")
            .replacing("database sqlite gatehouse.db", with: "database postgres \"postgresql://x@127.0.0.1:1/x\"")
        try folder.write("away.conf", away)
        try says(1, "Connection refused", "user show a@example.com -c away.conf")
        for command in ["", "user", "session", "key", "audit", "usr", "user sho", "user show", "user show a b"] {
            try says(2, "gatehouse", command)
        }
        try says(2, "did you mean `login`?", "audit list --kind lgoin")
        try says(0, "", "docs route -c gateway.conf")
        #expect(try GatewayBinary.run(["help", "user"], in: folder).ending == .exit(0))
        #expect(try GatewayBinary.run(["user", "--help"], in: folder).ending == .exit(0))
        let full = try ChildProcess.run(
            ["/bin/sh", "-c", "\(try GatewayBinary.path()) user show a@example.com > /dev/full"], folder: folder.path)
        #expect(full.ending == .exit(1) && full.errors.contains("could be written"), "\(full)")
    }

    @Test("a password is asked for on the terminal only; without one, the other way is named")
    func noTerminal() throws {
        let folder = try TemporaryFolder("password")
        _ = try GatewayBinary.run(["init"], in: folder)
        let ran = try ChildProcess.run(
            ["/usr/bin/setsid", "-w", try GatewayBinary.path(), "user", "add", "a@example.com"], folder: folder.path,
            input: "tea on the roof at six\n")
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("--password-stdin"))
        #expect(
            try GatewayBinary.run(["user", "add", "a@example.com", "--password", "x"], in: folder).ending == .exit(2))
    }

    @Test("echo shows what it received, in order, and stops at the first signal", arguments: [SIGTERM, SIGINT])
    func echo(signal: Int32) throws {
        let folder = try TemporaryFolder("echo")
        let echo = try ChildProcess([try GatewayBinary.path(), "echo", "--port", "0"], folder: folder.path)
        defer { echo.stop() }
        let line = try echo.output.waitFor("listens on")
        let port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
        let client = try WireClient(to: .ipv4(port: port))
        try client.send(
            "POST /a?b=%20 HTTP/1.1\r\nHost: h\r\nX-B: 1\r\nX-A: \"2\"\r\nX-B: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\na\"b\r\n0\r\n\r\nHEAD /second HTTP/1.1\r\nHost: h\r\n\r\n")
        let answer = try client.mustRespond(to: "POST")
        #expect(answer.json["method"] as? String == "POST")
        #expect(answer.json["target"] as? String == "/a?b=%20")
        #expect(
            answer.json["headers"] as? [[String]] == [
                ["Host", "h"], ["X-B", "1"], ["X-A", "\"2\""], ["X-B", "3"], ["Transfer-Encoding", "chunked"],
            ])
        #expect(answer.json["body"] as? String == "a\"b")
        #expect(try client.mustRespond(to: "HEAD").status == 200)
        try client.send("GET / HTTP/1.1\r\nbad\r\n\r\n")
        #expect(try client.mustRespond().status == 400)
        try client.expectClosed()
        echo.signal(signal)
        #expect(try echo.waitForEnd() == .exit(0))
    }

    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
