import Testing

/// Group C of the catalogue: cookies, other sites, CORS.
@Suite(
    "C: cookies, CSRF, CORS", .serialized, .stage { Configuration.standard($0).with("cors https://app.example.com") })
struct CookieTests {
    @Test("C-01 the refresh cookie is HttpOnly, SameSite=Strict, for /api/auth, without Domain; Secure only on https")
    func flags() throws {
        let answer = try Stage.current.gateway.send(.register(Person()))
        let cookie = try #require(answer.cookie("refresh_token"))
        #expect(
            Set(cookie.attributes.filter { !$0.hasPrefix("max-age") }) == [
                "httponly", "samesite=strict", "path=/api/auth",
            ])
        #expect(cookie.attributes.contains("max-age=604800"))
        #expect(answer.all("Set-Cookie").count == 1)
        #expect(answer["Cache-Control"]?.contains("no-store") == true)
    }

    @Test("C-01 behind https the cookie has the prefix and is Secure; the plain name is not read")
    func secure() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.publicURL = "https://app.example.com"
            return configuration
        }
        let answer = try stage.gateway.send(.register(Person()))
        let cookie = try #require(answer.cookie("__Secure-refresh_token"))
        #expect(cookie.attributes.contains("secure"))
        #expect(answer.cookie("refresh_token") == nil)
        #expect(answer["Strict-Transport-Security"] != nil)
        #expect(try stage.gateway.send(.refresh(cookie.value)).code == "NO_REFRESH_TOKEN")
        let refresh = Call.post("/api/auth/refresh").cookie(cookie.value, name: "__Secure-refresh_token")
        #expect(try stage.gateway.send(refresh).status == 200)
        try stage.end()
    }

    @Test("C-02 logout clears the same name and path")
    func clearing() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let cookie = try #require(try gateway.send(.logout(person.refresh)).cookie("refresh_token"))
        #expect(cookie.value.isEmpty)
        #expect(cookie.attributes.contains("path=/api/auth"))
        #expect(cookie.attributes.contains("max-age=0"))
    }

    /// What browsers send with a request from another site.
    static let foreign: [[String]] = [
        ["Origin: https://evil.example"], ["Origin: null"], ["Origin: http://localhost:8081"],

        ["Origin: http://localhost:8080.evil.example"], ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"],
        ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"],
        ["Origin: https://evil.example", "Sec-Fetch-Site: same-site"],
        ["Origin: https://app.example.com.evil.example"], ["Origin: http://app.example.com"],
        ["Origin: HTTPS://EVIL.EXAMPLE"],
    ]

    @Test("C-03 login, refresh, logout and register from another site are refused", arguments: foreign)
    func crossSite(lines: [String]) throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        for call in [
            Call.login(person.email, person.password), .refresh(person.refresh), .logout(person.refresh),
            .register(Person()),
        ] {
            let answer = try gateway.send(lines.reduce(call) { $0.with($1) })
            #expect(answer.status == 403, "\(call.target): \(answer.summary)")
            #expect(answer.code == "CROSS_SITE")
            #expect(answer.all("Set-Cookie").isEmpty)
        }
        #expect(try gateway.send(.refresh(person.refresh)).status == 200, "nothing was done")
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
    }

    @Test(
        "the own site, a named origin and whoever is no browser pass",
        arguments: [
            [], ["Origin: http://localhost:8080"], ["Origin: https://app.example.com"], ["Sec-Fetch-Site: same-origin"],
            ["Sec-Fetch-Site: none"], ["Origin: http://localhost:8080", "Sec-Fetch-Site: cross-site"],
            // Behind a proxy that ends TLS the scheme differs; the Host does not.
            ["Origin: https://localhost:8080"],
            ["Origin: https://app.example.com", "Sec-Fetch-Site: cross-site"],
        ])
    func sameSite(lines: [String]) throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        #expect(try gateway.send(lines.reduce(.refresh(person.refresh)) { $0.with($1) }).status == 200)
    }

    @Test("the refusal names the origin and the directive to add")
    func crossSiteHelp() throws {
        let answer = try Stage.current.gateway.send(Call.refresh("x").with("Origin: https://other.example"))
        let words = answer.json["error"] as? String ?? ""
        #expect(words.contains("https://other.example") && words.contains("cors"), "\(words)")
    }

    @Test("C-05 a stranger's origin gets no CORS headers, a named one gets its own")
    func cors() throws {
        let gateway = try Stage.current.gateway
        for origin in ["https://evil.example", "null", "https://app.example.com.evil.example"] {
            let preflight = Call("OPTIONS", "/api/auth/login").with("Origin: \(origin)").with(
                "Access-Control-Request-Method: POST")
            for call in [preflight, Call.get("/api/auth/me").with("Origin: \(origin)")] {
                let answer = try gateway.send(call)
                #expect(
                    answer.fields.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-allow") },
                    "\(answer.fields)")
            }
        }
        let named = try gateway.send(
            Call("OPTIONS", "/api/auth/login").with("Origin: https://app.example.com")
                .with("Access-Control-Request-Method: POST").with("Access-Control-Request-Headers: content-type"))
        #expect(named.status == 204 || named.status == 200)
        #expect(named["Access-Control-Allow-Origin"] == "https://app.example.com")
        #expect(named["Access-Control-Allow-Credentials"] == "true")
        #expect(named["Vary"]?.contains("Origin") == true)
    }

    @Test("C-10 a backend's Set-Cookie for our cookie is dropped, others are kept")
    func foreignSetCookie() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/set",
            .raw(
                "HTTP/1.1 200 OK\r\nSet-Cookie: refresh_token=evil; Path=/api/auth\r\nSet-Cookie: mine=1\r\n"
                    + "Set-Cookie: __Secure-refresh_token=evil; Secure\r\nset-cookie:refresh_token=;Max-Age=0\r\n"
                    + "Set-Cookie:  refresh_token =x\r\nSet-Cookie: refresh_token_2=ok\r\nContent-Length: 0\r\n\r\n"))
        let answer = try stage.exchange(.get("/public/set")).answer
        #expect(answer.all("Set-Cookie") == ["mine=1", "refresh_token_2=ok"])
    }

    @Test("our cookie is kept from backends under both names, the others are passed")
    func cookieFilter() throws {
        for (sent, kept) in [
            ("refresh_token=secret", [String]()), ("a=1; refresh_token=secret; b=2", ["a=1; b=2"]),
            ("__Secure-refresh_token=secret; a=1", ["a=1"]), ("a=1;refresh_token=secret;b=2", ["a=1; b=2"]),
            ("refresh_token=secret; refresh_token=secret", []), ("a=refresh_token=1", ["a=refresh_token=1"]),
        ] {
            let (answer, seen) = try Stage.current.exchange(.get("/public/c").with("Cookie: \(sent)"))
            #expect(answer.status == 200)
            try #require(seen.count == 1)
            #expect(!seen[0].bytes.contains("secret"))
            let normalised = seen[0].all("Cookie").map { $0.replacing(#/;\s*/#, with: "; ") }
            #expect(normalised == kept, "\(sent)")
        }
    }

    @Test("our own answers carry the security headers")
    func securityHeaders() throws {
        for call in [Call.get("/api/auth/me"), .get("/nowhere"), .get("/api/x"), .register(Person())] {
            let answer = try Stage.current.gateway.send(call)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["X-Frame-Options"] == "DENY")
            #expect(answer["Referrer-Policy"] == "no-referrer")
            #expect(answer["Strict-Transport-Security"] == nil)
        }
    }
}
