import Testing

/// Group H of the catalogue: a client that says who it is by headers.
@Suite("H: header spoofing", .serialized, .standardStage)
struct HeaderTests {
    /// Header lines by which a client may try to become somebody.
    static let spoofs: [String] = [
        "X-User-Id: evil", "X-User-Email: evil@example.com", "X-User-Email-Verified: true", "X-User-Roles: admin",
        "X-User-Role: admin", "X-User-Name: evil", "X-Session-Id: evil",
        "x-user-id: evil", "X-USER-ROLES: admin", "x-UsEr-RoLe: admin",
        "X_User_Id: evil", "X-User_Role: admin", "X_USER_ROLES: admin", "X-Session_Id: evil",
        "X.User.Id: evil", "X~User~Roles: admin", "X!User!Id: evil", "X-User.Email: evil", "X'User'Name: evil",
        "X-User-Id: evil\r\nX-User-Id: evil", "X-User-Roles: admin\r\nx-user-roles: owner\r\nX_User_Roles: root",
        "X-User-Id:evil", "X-User-Id:\tevil\t", "X-User-Id:", "X-User-Roles: user,admin",
    ]

    @Test("H-01, H-04, H-05 without a token no spelling of an identity header crosses", arguments: spoofs)
    func nobody(line: String) throws {
        let (answer, seen) = try Stage.current.exchange(.get("/public/h").with(line))
        #expect(answer.status == 200 || answer.status == 400)
        #expect(seen.count == (answer.status == 200 ? 1 : 0))
        #expect(seen.allSatisfy { $0.identity.isEmpty }, "\(seen.map(\.identity))")
    }

    @Test("H-02, H-06 beside a token only the token's identity crosses", arguments: spoofs)
    func somebody(line: String) throws {
        let token = Forge.token(Forge.claims(user: "honest"))
        for target in ["/public/h", "/api/h"] {
            let (answer, seen) = try Stage.current.exchange(.get(target).with(line).bearer(token))
            #expect(answer.status == 200 || answer.status == 400)
            for request in seen {
                #expect(request.identity.map(\.name).sorted() == Self.injected)
                #expect(request.all("X-User-Id") == ["honest"])
                #expect(request.all("X-User-Roles") == ["user"])
            }
        }
    }

    private static let injected = [
        "X-Session-Id", "X-User-Email", "X-User-Email-Verified", "X-User-Id", "X-User-Name", "X-User-Roles",
    ]

    @Test("H-03 a role in a header opens nothing", arguments: spoofs.filter { $0.contains("admin") })
    func role(line: String) throws {
        let asUser = try Stage.current.exchange(.get("/admin/x").with(line).bearer(Forge.token()))
        #expect(asUser.answer.status == 403 || asUser.answer.status == 400)
        #expect(asUser.seen.isEmpty)
        let asNobody = try Stage.current.exchange(.get("/admin/x").with(line))
        #expect(asNobody.answer.status == 401 || asNobody.answer.status == 400)
        #expect(asNobody.seen.isEmpty)
    }

    @Test("the backend is told who is calling, name percent-encoded, roles joined by commas")
    func injection() throws {
        let claims = Forge.claims(user: "u1", roles: ["user", "billing.read"])
            .with("name", "\"Zo\u{EB} \u{4F60}, x\"").with("sid", "\"session-1\"").with("email_verified", "false")
        let (_, seen) = try Stage.current.exchange(.get("/api/h").bearer(Forge.token(claims)))
        try #require(seen.count == 1)
        let request = seen[0]
        #expect(request.all("X-User-Id") == ["u1"])
        #expect(request.all("X-User-Email") == ["u1@example.com"])
        #expect(request.all("X-User-Email-Verified") == ["false"])
        #expect(request.all("X-User-Roles") == ["user,billing.read"])
        #expect(request.all("X-User-Name").map { $0.uppercased() } == ["ZO%C3%AB%20%E4%BD%A0%2C%20X"])
        #expect(request.all("X-Session-Id") == ["session-1"])
    }

    @Test("what a token does not say, the backend is not told")
    func absentClaims() throws {
        var claims = Forge.claims(user: "u1")
        for name in ["sid", "jti", "email", "email_verified", "name", "roles"] { claims[name] = nil }
        let (answer, seen) = try Stage.current.exchange(.get("/api/h").bearer(Forge.token(claims)))
        #expect(answer.status == 200)
        #expect(seen.flatMap(\.identity).map(\.name) == ["X-User-Id"])
    }

    @Test("Authorization is passed on, unless the route says strip-authorization")
    func authorization() throws {
        let token = Forge.token()
        let passed = try Stage.current.exchange(.get("/api/h").bearer(token))
        #expect(passed.seen.first?.all("Authorization") == ["Bearer \(token)"])
        let stripped = try Stage.current.exchange(.get("/strip/h").bearer(token))
        #expect(stripped.seen.first?.all("Authorization").isEmpty == true)
        #expect(stripped.seen.first?["X-User-Id"] != nil)
    }

    @Test("H-08 Connection: X-User-Id does not remove the injected header")
    func connectionNamesIdentity() throws {
        let (answer, seen) = try Stage.current.exchange(
            .get("/api/h").with("Connection: X-User-Id, X-User-Roles").bearer(Forge.token(Forge.claims(user: "honest")))
        )
        #expect(answer.status == 400 || seen.map { $0.all("X-User-Id") } == [["honest"]])
        #expect(answer.status == 400 || seen.map { $0.all("X-User-Roles") } == [["user"]])
    }

    @Test(
        "H-11 Connection names neither framing, nor Host, nor Authorization",
        arguments: ["Content-Length", "Transfer-Encoding", "Host", "Authorization", "host", "close, content-length"])
    func connectionNamesFraming(listed: String) throws {
        let stage = try Stage.current
        let token = Forge.token()
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(
                "POST /api/h HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nAuthorization: Bearer \(token)\r\n"
                    + "Connection: \(listed)\r\n\r\nhello")
            let answer = try client.mustRespond()
            #expect(answer.status == 400 || answer.status == 200)
        }
        for request in seen {
            #expect(request.body.text == "hello")
            #expect(request.all("Host") == ["a"])
            #expect(request.all("Authorization") == ["Bearer \(token)"])
        }
    }

    @Test("H-13 hop-by-hop fields, and what Connection lists, do not cross")
    func hopByHop() throws {
        let call = Call.get("/public/h").with("Connection: close, X-Mine, X-Other").with("X-Mine: a").with("X-Other: b")
            .with("Keep-Alive: timeout=5").with("Proxy-Connection: keep-alive").with("TE: trailers")
            .with("Trailer: X-T").with("Proxy-Authorization: Basic eDp5").with("X-Kept: yes")
        let (_, seen) = try Stage.current.exchange(call)
        try #require(seen.count == 1)
        for name in [
            "X-Mine", "X-Other", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Proxy-Authorization", "Upgrade",
        ] {
            #expect(seen[0].all(name).isEmpty, "\(name)")
        }
        #expect(seen[0]["X-Kept"] == "yes")
    }

    @Test("H-14 X-User-Id with a blank before the colon is refused")
    func blankBeforeColon() throws {
        let (answer, seen) = try Stage.current.exchange(.get("/public/h").with("X-User-Id : evil"))
        #expect(answer.status == 400)
        #expect(seen.isEmpty)
    }

    @Test("H-17, H-18 what a stranger says of the way is removed; the gateway says it itself")
    func forwarded() throws {
        let call = Call.get("/public/h").with("X-Forwarded-For: 6.6.6.6").with("X-Forwarded-Proto: https")
            .with("X-Forwarded-Host: evil.example").with("X-Forwarded-Port: 443").with("X-Forwarded-Prefix: /evil")
            .with("Forwarded: for=6.6.6.6;host=evil.example").with("X-Real-IP: 6.6.6.6").with(
                "X_Forwarded_For: 6.6.6.6"
            )
            .with("X-Forwarded-Server: evil.example").with("X-Forwarded-Anything: evil.example")
        let (_, seen) = try Stage.current.exchange(call)
        try #require(seen.count == 1)
        let request = seen[0]
        #expect(request.all("X-Forwarded-For") == ["127.0.0.1"])
        #expect(request.all("X-Forwarded-Proto") == ["http"])
        #expect(request.all("X-Forwarded-Host") == ["localhost:8080"])
        #expect(request.fields.folded("X-Forwarded-For").count == 1)
        #expect(!request.head.contains("6.6.6.6") && !request.head.contains("evil"), "\(request.head)")
    }

    @Test(
        "H-20 a header that names an open path opens nothing",
        arguments: ["X-Forwarded-Uri", "X-Original-URL", "X-Rewrite-URL", "X-Original-URI"])
    func rewriting(name: String) throws {
        let protected = try Stage.current.exchange(.get("/admin/x").with("\(name): /public/x"))
        #expect(protected.answer.status == 401)
        #expect(protected.seen.isEmpty)
        let open = try Stage.current.exchange(.get("/public/x").with("\(name): /admin/x"))
        #expect(open.answer.status == 200)
        #expect(open.seen.allSatisfy { !$0.head.contains("/admin") }, "\(open.seen.map(\.head))")
    }

    @Test("method overrides are removed", arguments: ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    func methodOverride(name: String) throws {
        let (_, seen) = try Stage.current.exchange(.get("/public/x").with("\(name): DELETE"))
        #expect(seen.count == 1)
        #expect(seen.allSatisfy { $0.all(name).isEmpty && $0.method == "GET" })
    }

    @Test("H-23 Proxy is removed")
    func httpoxy() throws {
        let (_, seen) = try Stage.current.exchange(.get("/public/x").with("Proxy: http://evil.example"))
        #expect(seen.count == 1)
        #expect(seen.allSatisfy { $0.all("Proxy").isEmpty })
    }

    @Test("H-24, H-26 two tokens are refused, whichever is good")
    func twoTokens() throws {
        let good = Forge.token()
        let bad = Forge.token(header: Forge.header.text, payload: Forge.claims().text, secret: Array("x".utf8))
        for call in [
            Call.get("/api/x").bearer(good).bearer(bad), Call.get("/api/x").bearer(bad).bearer(good),
            Call.get("/api/x").bearer(good).bearer(good), Call.get("/api/x").bearer("\(good), Bearer \(bad)"),
            Call.get("/api/x").bearer("\(good) \(bad)"), Call.get("/api/x").bearer("\(good),\(good)"),
        ] {
            let (answer, seen) = try Stage.current.exchange(call)
            #expect(answer.status == 400 || answer.status == 401, "\(answer.summary)")
            #expect(seen.isEmpty)
        }
    }

    @Test("H-27, H-28 a token counts only as a bearer token")
    func otherPlaces() throws {
        let token = Forge.token()
        for call in [
            Call.get("/api/x?access_token=\(token)"), Call.get("/api/x?token=\(token)"),
            Call.get("/api/x").with("Authorization: Basic \(token)"),
            Call.get("/api/x").with("Authorization: \(token)"),
            Call.get("/api/x").with("Authorization:"), Call.get("/api/x").with("Authorization: Bearer"),
            Call.get("/api/x").with("Authorization: Bearer "), Call.get("/api/x").with("Authorization: Token \(token)"),
            Call.get("/api/x").with("Authorization: Bearer\(token)"),
            Call.get("/api/x").with("X-Access-Token: \(token)"),
            Call.get("/api/x").with("Cookie: access_token=\(token)"),
            Call.get("/api/x").with("Proxy-Authorization: Bearer \(token)"),
            Call.post("/api/x").with("Content-Type: application/x-www-form-urlencoded").body("access_token=\(token)"),
        ] {
            let (answer, seen) = try Stage.current.exchange(call)
            #expect(answer.status == 401, "\(call.fields): \(answer.summary)")
            #expect(answer["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
            #expect(seen.isEmpty)
        }
    }

    @Test("the scheme's name is read without case, as RFC 9110 says")
    func scheme() throws {
        let (answer, _) = try Stage.current.exchange(.get("/api/x").with("Authorization: bEaReR \(Forge.token())"))
        #expect(answer.status == 200)
    }

    @Test("H-30 an inner Host and a loopback X-Forwarded-For open nothing")
    func innerHost() throws {
        for host in ["localhost", "127.0.0.1", "[::1]", "admin.internal", "backend"] {
            let (answer, seen) = try Stage.current.exchange(
                .get("/admin/x").with("Host: \(host)").with("X-Forwarded-For: 127.0.0.1").with("X-Real-IP: ::1"))
            #expect(answer.status == 401)
            #expect(seen.isEmpty)
        }
    }

    @Test(
        "H-31 CR and LF in a claim do not become a header line",
        arguments: [
            ("sub", "\"u1\\r\\nX-User-Roles: admin\""), ("name", "\"n\\r\\nX-User-Roles: admin\""),
            ("email", "\"e@example.com\\r\\nX-User-Roles: admin\""), ("roles", "[\"user\\r\\nX-Evil: 1\"]"),
            ("sid", "\"s\\nX-User-Roles: admin\""), ("roles", "[\"user,admin\"]"), ("sub", "\"u1\\u0000\""),
            ("name", "\"\\ud800\""),
        ])
    func lineEndInClaim(name: String, json: String) throws {
        let (answer, seen) = try Stage.current.exchange(
            .get("/api/h").bearer(Forge.token(Forge.claims().with(name, json))))
        #expect(answer.status == 401 || answer.status == 200)
        for request in seen {
            #expect(request.all("X-User-Roles") == ["user"] || request.all("X-User-Roles").isEmpty, "\(request.head)")
            #expect(request.all("X-Evil").isEmpty)
        }
    }

    @Test("H-33 identity belongs to a request, not to its connection")
    func perRequest() throws {
        let stage = try Stage.current
        let (ann, bob) = (Forge.token(Forge.claims(user: "ann")), Forge.token(Forge.claims(user: "bob")))
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            for bearer in ["Authorization: Bearer \(ann)\r\n", "", "Authorization: Bearer \(bob)\r\n", ""] {
                try client.send("GET /public/h HTTP/1.1\r\nHost: a\r\n\(bearer)\r\n")
                #expect(try client.mustRespond().status == 200)
            }
        }
        #expect(seen.map { $0.all("X-User-Id") } == [["ann"], [], ["bob"], []])
        #expect(seen.map { $0.identity.count } == [6, 0, 6, 0])
    }
}
