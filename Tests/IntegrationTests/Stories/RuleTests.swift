import Foundation
import Testing

/// Rules with conditions: what the running gateway does, and that `explain` says the same beforehand.
@Suite("Rules with conditions", .serialized)
struct RuleTests {
    private static func configuration(_ backend: RecordingBackend) -> Configuration {
        Configuration(
            "upstream backend { server \(backend.address) }",
            "roles owner > admin > editor > user",
            "policy staff {", "    any { role editor; claim department in finance audit }",
            "    not header X-Env is test", "}",
            "policy elsewhere { from 192.0.2.0/24 }",
            "route /public/* public -> backend",
            "route /users/{id}/* user where id is sub -> backend",
            "route /staff/* policy staff not query debug present -> backend",
            "route /here/* public from 127.0.0.0/8 -> backend",
            "route /there/* public policy elsewhere -> backend",
            "route /mfa claim mfa is true -> backend",
            "route /level claim level in 3 4 -> backend",
            "route /past between 2020-01-01 and 2020-12-31 -> backend",
            "route /now between 2020-01-01 and 2999-12-31 -> backend")
    }

    private struct Case {
        var call: Call
        /// For `explain`, besides method and path.
        var options: [String]
        var status: Int
        var code: String?
    }

    private static func cases() -> [Case] {
        let as7 = Forge.token(Forge.claims(user: "7"))
        let editor = Forge.token(roles: ["editor"])
        func claiming(_ name: String, _ json: String) -> String { Forge.token(Forge.claims().with(name, json)) }
        func row(_ call: Call, _ options: [String], _ status: Int, _ code: String? = nil) -> Case {
            Case(call: call, options: options, status: status, code: code)
        }
        return [
            row(.get("/users/7/x").bearer(as7), ["--token", as7], 200),
            row(.get("/users/%37/x").bearer(as7), ["--token", as7], 200),
            row(.get("/users/8/x").bearer(as7), ["--claim", "sub=7"], 403, "FORBIDDEN"),
            row(.get("/users/7/x"), ["--anonymous"], 401, "TOKEN_MISSING"),
            row(.get("/users/7/x").bearer("x.y.z"), ["--token", "x.y.z"], 401, "TOKEN_INVALID"),
            row(.get("/staff/x").bearer(editor), ["--role", "editor"], 200),
            row(.get("/staff/x").bearer(Forge.token(roles: ["owner"])), ["--role", "owner"], 200),
            row(.get("/staff/x").bearer(Forge.token(roles: ["user"])), ["--role", "user"], 403, "FORBIDDEN"),
            row(
                .get("/staff/x").bearer(claiming("department", "[\"sales\",\"audit\"]")),
                ["--claim", "department=sales", "--claim", "department=audit"], 200),
            row(
                .get("/staff/x").bearer(editor).with("X-Env: test"), ["--role", "editor", "--header", "X-Env=test"],
                403,
                "CONDITION_NOT_MET"),
            row(
                .get("/staff/x").bearer(editor).with("X-Env: prod").with("x-env: test"),
                ["--role", "editor", "--header", "X-Env=prod", "--header", "x-env=test"], 403, "CONDITION_NOT_MET"),
            // The backend never sees it, so it does not matter.
            row(
                .get("/staff/x").bearer(editor).with("X_Env: test"), ["--role", "editor", "--header", "X_Env=test"], 200
            ),
            row(.get("/staff/x?debug=1").bearer(editor), ["--role", "editor"], 403, "CONDITION_NOT_MET"),
            row(.get("/staff/x?q=1").bearer(editor), ["--role", "editor"], 200),
            row(.get("/here/x"), ["--anonymous"], 200),
            row(.get("/there/x"), ["--anonymous"], 403, "CONDITION_NOT_MET"),
            row(.get("/there/x").bearer(editor), ["--role", "editor"], 403, "CONDITION_NOT_MET"),
            row(.get("/mfa").bearer(claiming("mfa", "true")), ["--claim", "mfa=true"], 200),
            row(.get("/mfa").bearer(claiming("mfa", "{\"true\":1}")), [], 403, "FORBIDDEN"),
            row(.get("/mfa").bearer(claiming("mfa", "null")), [], 403, "FORBIDDEN"),
            row(.get("/level").bearer(claiming("level", "4")), ["--claim", "level=4"], 200),
            row(.get("/level").bearer(claiming("level", "3.0")), ["--claim", "level=3"], 200),
            row(.get("/level").bearer(claiming("level", "5")), ["--claim", "level=5"], 403, "FORBIDDEN"),
            row(.get("/past").bearer(editor), ["--role", "editor"], 403, "CONDITION_NOT_MET"),
            row(.get("/now").bearer(editor), ["--role", "editor"], 200),
            row(.get("/nowhere"), ["--anonymous"], 404, "NO_ROUTE"),
            row(.get("/Users/7/x").bearer(as7), ["--token", as7], 400, "AMBIGUOUS_PATH"),
        ]
    }

    @Test("the gateway does what `explain` says that it would, refusal by refusal")
    func explained() throws {
        let stage = try Stage(Self.configuration)
        for one in Self.cases() {
            let (answer, seen) = try stage.exchange(one.call)
            let words = "\(one.call.target) \(one.options): \(answer.summary)"
            #expect(answer.status == one.status, "\(words)")
            #expect(seen.count == (one.status == 200 ? 1 : 0), "\(words)")
            if one.status != 200 { #expect(try answer.json["code"] as? String == one.code, "\(words)") }

            let ran = try GatewayBinary.run(
                ["explain", one.call.method, one.call.target, "--from", "127.0.0.1", "--json"] + one.options,
                in: stage.gateway.folder)
            #expect(ran.ending == .exit(0), "\(ran.errors)")
            let told = try CommandTests.object(ran.output)
            let decision = try #require(told["decision"] as? [String: Any])
            #expect(decision["status"] as? Int == one.status, "\(words) \(ran.output)")
            #expect(decision["code"] as? String == one.code, "\(words)")
        }
        try stage.end()
    }

    @Test("`explain --token` says that a session has ended, and what it cannot say without the database")
    func ended() throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let ann = try stage.gateway.register()
        func explained() throws -> (ending: ChildProcess.Ending, output: String, errors: String) {
            try stage.gateway.command("explain", "GET", "/api/x", "--token", ann.access)
        }
        #expect(try explained().output.contains("let through"))
        _ = try stage.gateway.send(.post("/api/auth/logout").bearer(ann.access))
        let ended = try explained()
        #expect(ended.output.contains("401 TOKEN_REVOKED"), "\(ended)")
        let text = stage.gateway.configuration.text.replacing("sqlite gatehouse.db", with: "sqlite nowhere.db")
        try stage.gateway.folder.write("gateway.conf", text)
        let blind = try explained()
        #expect(blind.output.contains("let through") && blind.errors.contains("does not tell"), "\(blind)")
        try stage.end()
    }

    @Test("what `explain` says would be sent is what the backend gets")
    func sent() throws {
        let stage = try Stage(Self.configuration)
        let token = Forge.token(Forge.claims(user: "7", roles: ["editor"]))
        let (_, seen) = try stage.exchange(
            .get("/users/7/x?a=b").bearer(token).with("X-User-Id: 8").with("X-A: b").with("Host: localhost:8080"))
        let ran = try GatewayBinary.run(
            [
                "explain", "GET", "/users/7/x?a=b", "--token", token, "--header", "X-User-Id=8", "--header", "X-A=b",
                "--from", "127.0.0.1", "--json",
            ], in: stage.gateway.folder)
        let lines = try #require(try CommandTests.object(ran.output)["sent"] as? [String])
        #expect(lines.first == "GET /users/7/x?a=b HTTP/1.1")
        let told = lines.dropFirst().filter { !$0.contains("(") }.sorted()
        let received = try #require(seen.first).fields
            .filter { !["X-Request-Id", "traceparent", "Authorization"].contains($0.name) }
            .map { "\($0.name): \($0.value)" }.sorted()
        #expect(told == received)
        try stage.end()
    }

    @Test("a role change in the ranks, seen by `gatehouse test`: what holds, what does not, what nobody looks at")
    func expectations() throws {
        let folder = try TemporaryFolder("expect")
        _ = try GatewayBinary.run(["init"], in: folder)
        let starter = try folder.read("gateway.conf")
        try folder.write("gateway.conf", starter + "route /users/{id}/* user where id is sub -> backend\n")
        let gaps = try GatewayBinary.run(["test"], in: folder)
        #expect(gaps.ending == .exit(0))
        #expect(gaps.output.contains("no expectation is decided by the route /users/{id}/*"), "\(gaps.output)")
        #expect(gaps.output.contains("5 expectations, all hold; touched: 3 of 4 routes, 0 of 1 condition"))
        #expect(try GatewayBinary.run(["test", "--strict"], in: folder).ending == .exit(1))

        try folder.write(
            "expectations.conf",
            """
            expect GET /users/7/x as user claim sub is 7 -> 200
            expect GET /users/8/x as user claim sub is 7 -> 403
            """)
        try folder.write("gateway.conf", try folder.read("gateway.conf") + "include expectations.conf\n")
        let whole = try GatewayBinary.run(["test", "--strict"], in: folder)
        #expect(whole.ending == .exit(0), "\(whole.output)")

        try folder.write("expectations.conf", "expect GET /users/8/x as user claim sub is 7 -> 200\n")
        let failed = try GatewayBinary.run(["test"], in: folder)
        #expect(failed.ending == .exit(1))
        #expect(
            failed.output.contains(
                "FAIL expectations.conf:1: GET /users/8/x as user claim sub is 7 -> 200\n     answered 403 FORBIDDEN"),
            "\(failed.output)")
        let json = try CommandTests.object(try GatewayBinary.run(["test", "--json"], in: folder).output)
        #expect(json["ok"] as? Bool == false)
        #expect(try GatewayBinary.run(["check"], in: folder).ending == .exit(78))

        try folder.write("expectations.conf", "expect GET /x as usr -> 200\n")
        #expect(try GatewayBinary.run(["test"], in: folder).ending == .exit(78))
    }

    @Test(
        "questions that contradict themselves are wrong usage",
        arguments: [
            "GET /x --anonymous --role admin", "GET /x --from office", "GET /x --claim a", "GET /x --at noon",
            "GET /x --token a.b.c --claim a=b", "GET",
        ])
    func usage(words: String) throws {
        let folder = try TemporaryFolder("usage")
        _ = try GatewayBinary.run(["init"], in: folder)
        let ran = try GatewayBinary.run(["explain"] + words.split(separator: " ").map(String.init), in: folder)
        #expect(ran.ending == .exit(2), "\(ran.errors)")
    }

    @Test("whoever knows the secret of debug-header is told what was decided and where, and no backend sees it")
    func debugHeader() throws {
        let backend = try RecordingBackend()
        let secret = "sixteen-bytes-or-more"
        var configuration = Self.configuration(backend).with("debug-header env DEBUG_SECRET")
        configuration.lines.insert("# line", at: 0)
        let gateway = try Gateway(configuration, environment: ["DEBUG_SECRET": secret])
        func decision(_ call: Call, _ secret: String) throws -> String? {
            try gateway.send(call.with("X-Gatehouse-Debug: \(secret)"))["X-Gatehouse-Decision"]
        }
        let editor = Forge.token(roles: ["editor"])
        let there = try #require(try decision(.get("/there/x"), secret))
        #expect(there.hasPrefix("CONDITION_NOT_MET; route \"/there/*\" at gateway.conf:"), "\(there)")
        #expect(there.contains(", condition at gateway.conf:"))
        let now = try #require(try decision(.get("/now").bearer(editor), secret))
        #expect(now.hasPrefix("allowed; route \"/now\" at gateway.conf:"), "\(now)")
        #expect(try decision(.get("/nowhere"), secret) == "NO_ROUTE; no route")
        #expect(try decision(.get("/there/x"), "sixteen-bytes-or-less") == nil)
        #expect(try decision(.get("/there/x").with("X-Gatehouse-Debug: \(secret)"), secret) == nil)
        #expect(try gateway.send(.get("/there/x"))["X-Gatehouse-Decision"] == nil)
        #expect(backend.requests().allSatisfy { !$0.head.contains(secret) })
        #expect(backend.requests().count == 1)
        try gateway.stop()
        backend.stop()
    }
}
