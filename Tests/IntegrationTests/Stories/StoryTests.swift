import Foundation
import Testing

/// The main job from end to end, in front of a backend that nobody here wrote.
@Suite("The whole story")
struct StoryTests {
    @Test(
        "register, login, call, refused by role, refresh, many refreshes at once, reuse, logout, call refused",
        arguments: Database.allCases)
    func story(database: Database) throws {
        let nginx = try NginxBackend()
        defer { nginx.stop() }
        var configuration = Configuration(
            "upstream web { server \(nginx.address) }",
            "route /* public -> web", "route /api/* user -> web", "route /admin/* role admin -> web",
            "expect GET / as nobody -> 200", "expect GET /api/x as nobody -> 401",
            "expect GET /admin/x as user -> 403", "expect GET /admin/x as role admin -> 200")
        configuration.database = try database.directive()
        let gateway = try Gateway(configuration)

        // A person registers, and is let through to the backend, which sees who it is.
        let registered = try gateway.send(.register(Person(email: "Ann@Example.com")))
        #expect(registered.status == 201)
        #expect(registered.json["tokenType"] as? String == "Bearer")
        #expect(registered.json["expiresIn"] as? Int == 900)
        let user = try #require(registered.json["user"] as? [String: Any])
        #expect(Set(user.keys) == ["id", "email", "emailVerified", "name", "roles", "createdAt"])
        #expect(user["email"] as? String == "ann@example.com")
        #expect(UUID(uuidString: user["id"] as? String ?? "") != nil)
        #expect(try Date(#require(user["createdAt"] as? String), strategy: .iso8601).timeIntervalSinceNow < 5)
        var ann = try gateway.login(Person(email: "ann@example.com"))
        #expect(ann.id == user["id"] as? String)
        let call = try gateway.send(.get("/api/x").bearer(ann.access))
        #expect(call.status == 200)
        #expect(call["Seen-User"] == ann.id)
        #expect(call["Seen-Roles"] == "user")
        #expect(call.body.text == "GET /api/x ann@example.com\n")
        #expect(try gateway.send(.get("/")).body.text == "GET / \n")
        #expect(try gateway.send(.get("/api/x")).code == "TOKEN_MISSING")
        let me = try gateway.send(.get("/api/auth/me").bearer(ann.access))
        #expect((me.json["user"] as? [String: Any])?["id"] as? String == ann.id)

        // The rules refuse her the rest, until she has the role.
        #expect(try gateway.send(.get("/admin/x").bearer(ann.access)).code == "FORBIDDEN")
        try gateway.setRoles(["user", "admin"], of: ann)
        let seconds = try gateway.waitForStatus(401, of: .get("/api/x").bearer(ann.access))
        #expect(seconds < 1, "a change of roles stopped the tokens after \(seconds) s")
        ann = try gateway.refresh(ann)
        let admin = try gateway.send(.get("/admin/x").bearer(ann.access))
        #expect(admin["Seen-Roles"].map { Set($0.split(separator: ",")) } == ["user", "admin"])

        // Two tabs, or a lost answer, log nobody out.
        let presented = ann.refresh
        let answers = try together(16) { _ in try gateway.send(.refresh(presented), by: .seconds(30)) }
        #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.summary))")
        let successors = Set(answers.compactMap { $0.cookie("refresh_token")?.value })
        #expect(successors.count == 1)
        ann.refresh = try #require(successors.first)
        ann = try gateway.refresh(ann)

        // But a token that was stolen and used ends the session.
        let reuse = try gateway.send(.refresh(presented))
        #expect(reuse.code == "REFRESH_TOKEN_REUSED")
        #expect(try gateway.send(.refresh(ann.refresh)).status == 401)
        #expect(try gateway.send(.get("/api/x").bearer(ann.access)).code == "TOKEN_REVOKED")

        // Logout ends it, also after a restart.
        ann = try gateway.login(ann)
        #expect(try gateway.send(.get("/api/x").bearer(ann.access)).status == 200)
        #expect(try gateway.send(.logout(ann.refresh)).status == 200)
        #expect(try gateway.send(.get("/api/x").bearer(ann.access)).code == "TOKEN_REVOKED")
        try gateway.stop()
        let again = try Gateway(configuration, in: gateway.folder)
        #expect(try again.send(.get("/api/x").bearer(ann.access)).code == "TOKEN_REVOKED")
        #expect(try again.send(.refresh(ann.refresh)).status == 401)
        _ = try again.login(ann)
        try again.stop()
    }

    @Test("Python's http.server behind the gate: files for all, files for the signed-in")
    func python() throws {
        let python = try PythonBackend()
        defer { python.stop() }
        let gateway = try Gateway(
            Configuration(
                "upstream files { server \(python.address) }", "route /public/* public -> files",
                "route /api/* user -> files"))
        let hello = try gateway.send(.get("/public/hello.txt"))
        #expect(hello.body.text == "hello from python\n")
        #expect(hello.isComplete)
        #expect(try gateway.send(.get("/api/secret.txt")).status == 401)
        #expect(try gateway.send(.get("/api/secret.txt").bearer(Forge.token())).body.text == "only for the signed-in\n")
        #expect(try gateway.send(Call("HEAD", "/public/hello.txt"))["Content-Length"] == "18")
        #expect(try gateway.send(.get("/public/none.txt")).status == 404)
        // One connection of the client, though the backend closes each of its own.
        let client = try gateway.connect()
        for _ in 1...5 {
            try client.send(Call.get("/public/hello.txt").wire(keepAlive: true))
            #expect(try client.mustRespond().body.text == "hello from python\n")
        }
        try gateway.stop()
    }

    @Test("nginx behind the gate: files, ranges, conditions and uploads")
    func nginx() throws {
        let nginx = try NginxBackend()
        defer { nginx.stop() }
        let gateway = try Gateway(
            Configuration("upstream web { server \(nginx.address) }", "route /public/* public -> web"))
        let file = try gateway.send(.get("/public/files/hello.txt"))
        #expect(file.body.text == "hello from nginx\n")
        let part = try gateway.send(.get("/public/files/hello.txt").with("Range: bytes=6-9"))
        #expect(part.status == 206 && part.body.text == "from")
        let tag = try #require(file["ETag"])
        let same = try gateway.send(.get("/public/files/hello.txt").with("If-None-Match: \(tag)"))
        #expect(same.status == 304 && same.body.isEmpty)
        var upload = Call.post("/public/upload/x")
        upload.body = Array(repeatElement(Pattern.block, count: 50).joined())
        #expect(try gateway.send(upload, by: .seconds(30)).body.text == "swallowed 3276800\n")
        try gateway.stop()
    }

    @Test("expect lines that do not hold stop the start, and say which")
    func expectations() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let folder = try TemporaryFolder("expect")
        let configuration = Configuration.standard(backend)
            .with("expect GET /admin/x as user -> 200", "expect GET /public/x as nobody -> 200")
        try Gateway.prepare(folder, configuration)
        for command in ["run", "check"] {
            let ran = try GatewayBinary.run([command, "-c", "gateway.conf"], in: folder)
            #expect(ran.ending == .exit(78))
            let line =
                configuration.text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.contains("as user -> 200") }! + 1
            #expect(ran.errors.contains("gateway.conf:\(line):"), "\(ran.errors)")
            #expect(!ran.errors.contains("/public/x"), "\(ran.errors)")
        }
    }
}
