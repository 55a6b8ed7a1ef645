import Testing

/// What the gateway says of itself to backends, and the directives that change it.
@Suite("H: the gateway's own fields", .serialized, .standardStage)
struct HopTests {
    @Test("every request gets an id; it is in the answer and upstream")
    func requestID() throws {
        let (answer, seen) = try Stage.current.exchange(.get("/public/h"))
        let ids = seen.flatMap { $0.all("X-Request-Id") }
        #expect(ids.count == 1 && !ids[0].isEmpty)
        if let told = answer["X-Request-Id"] { #expect(told == ids[0]) }
        let refused = try Stage.current.exchange(.get("/api/h")).answer
        #expect((refused.json["requestId"] as? String)?.isEmpty == false)
    }

    @Test("two requests have two ids, and a client's hostile id does not get into logs or upstream unchecked")
    func requestIDs() throws {
        let first = try Stage.current.exchange(.get("/public/h")).seen.first?["X-Request-Id"]
        let second = try Stage.current.exchange(.get("/public/h")).seen.first?["X-Request-Id"]
        #expect(first != second)
        let hostile = try Stage.current.exchange(
            .get("/public/h").with("X-Request-Id: \"}{<script>\(String(repeating: "a", count: 500))"))
        let passed = hostile.seen.flatMap { $0.all("X-Request-Id") }
        #expect(passed.count == 1)
        #expect(passed.allSatisfy { $0.count <= 200 && !$0.contains("<script>") }, "\(passed)")
    }

    @Test("Via names the gateway")
    func via() throws {
        let (_, seen) = try Stage.current.exchange(.get("/public/h"))
        #expect(seen.first?.all("Via") == ["1.1 gatehouse"])
        let chained = try Stage.current.exchange(.get("/public/h").with("Via: 1.0 fred"))
        #expect(chained.seen.first?.all("Via").joined(separator: ", ") == "1.0 fred, 1.1 gatehouse")
    }

    @Test("G-09 three of ours in Via are a loop: 508")
    func loop() throws {
        for lines in [
            ["Via: 1.1 gatehouse, 1.1 gatehouse, 1.1 gatehouse"],
            ["Via: 1.1 gatehouse", "Via: 1.1 gatehouse", "Via: 1.1 gatehouse"],
        ] {
            let (answer, seen) = try Stage.current.exchange(lines.reduce(Call.get("/public/h")) { $0.with($1) })
            #expect(answer.status == 508)
            #expect(answer.code == "LOOP_DETECTED")
            #expect(seen.isEmpty)
        }
        let two = try Stage.current.exchange(.get("/public/h").with("Via: 1.1 gatehouse, 1.1 gatehouse"))
        #expect(two.answer.status == 200)
    }

    @Test("traceparent is passed on when it is good, and there is always a good one")
    func traceparent() throws {
        let sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let good = try Stage.current.exchange(.get("/public/h").with("traceparent: \(sent)"))
        #expect(good.seen.first?["traceparent"]?.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") == true)
        for call in [Call.get("/public/h"), Call.get("/public/h").with("traceparent: 00-zz-zz-zz")] {
            let made = try Stage.current.exchange(call).seen.flatMap { $0.all("traceparent") }
            #expect(made.count == 1)
            #expect(
                made.allSatisfy { $0.wholeMatch(of: #/00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/#) != nil }, "\(made)")
        }
    }

    @Test("a field with an underscore is dropped by default, an ordinary one passed")
    func underscores() throws {
        let (answer, seen) = try Stage.current.exchange(.get("/public/h").with("X_Mine: a").with("X-Mine: b"))
        #expect(answer.status == 200)
        #expect(seen.first?.fields.folded("X-Mine").map(\.description) == ["X-Mine: b"])
    }

    @Test("underscore-headers refuse answers 400")
    func underscoresRefused() throws {
        let stage = try Stage { Configuration.standard($0).with("underscore-headers refuse") }
        let (answer, seen) = try stage.exchange(.get("/public/h").with("X_Mine: a"))
        #expect(answer.status == 400)
        #expect(seen.isEmpty)
        try stage.end()
    }

    @Test("underscore-headers pass lets them through, but none that folds to a field the gateway minds")
    func underscoresPassed() throws {
        let stage = try Stage { Configuration.standard($0).with("underscore-headers pass") }
        let call = Call.get("/public/h").with("X_Mine: a").with("X_User_Id: evil").with("Content_Length: 5")
            .with("X_Forwarded_For: 6.6.6.6").with("X_Request_Id: evil").with("Transfer_Encoding: chunked")
            .with("X_Original_URL: /admin").with("Ho_st: ok")
        let (answer, seen) = try stage.exchange(call)
        #expect(answer.status == 200)
        try #require(seen.count == 1)
        #expect(seen[0].all("X_Mine") == ["a"])
        for name in [
            "X_User_Id", "Content_Length", "X_Forwarded_For", "X_Request_Id", "Transfer_Encoding", "X_Original_URL",
        ] {
            #expect(seen[0].all(name).isEmpty, "\(name)")
        }
        try stage.end()
    }

    @Test("headers { } renames what the backend is told; the old names are still removed")
    func renamed() throws {
        let stage = try Stage {
            Configuration.standard($0).with("headers { user-id X-Auth-User; user-roles X-Auth-Roles }")
        }
        let call = Call.get("/api/h").bearer(Forge.token(Forge.claims(user: "honest"))).with("X-Auth-User: evil")
            .with("x_auth_roles: admin").with("X-User-Id: evil").with("X-User-Roles: admin").with("X-User-Role: admin")
        let (answer, seen) = try stage.exchange(call)
        #expect(answer.status == 200)
        try #require(seen.count == 1)
        #expect(seen[0].fields.folded("X-Auth-User").map(\.description) == ["X-Auth-User: honest"])
        #expect(seen[0].fields.folded("X-Auth-Roles").map(\.description) == ["X-Auth-Roles: user"])
        for name in ["X-User-Id", "X-User-Roles", "X-User-Role"] { #expect(seen[0].fields.folded(name).isEmpty) }
        try stage.end()
    }

    @Test("a trusted proxy's X-Forwarded-For is kept, with the proxy's own address behind it")
    func trusted() throws {
        let stage = try Stage { Configuration.standard($0).with("trusted-proxies 127.0.0.0/8") }
        let call = Call.get("/public/h").with("X-Forwarded-For: 203.0.113.7").with("X-Forwarded-Proto: https")
            .with("X-Forwarded-Host: app.example.com").with("X-User-Id: evil")
        let (_, seen) = try stage.exchange(call)
        try #require(seen.count == 1)
        #expect(seen[0].all("X-Forwarded-For").joined(separator: ", ") == "203.0.113.7, 127.0.0.1")
        #expect(seen[0].all("X-Forwarded-Proto") == ["https"])
        #expect(seen[0].all("X-Forwarded-Host") == ["app.example.com"])
        #expect(seen[0].identity.isEmpty)
        try stage.end()
    }
}
