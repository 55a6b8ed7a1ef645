import Testing

@testable import Gateway

struct AuthCrossSiteTests {
    private static let gateway = CrossSite(
        publicURL: "https://app.example", corsOrigins: ["https://friend.example", "http://dev.example:3000"])

    /// Origin lines, Sec-Fetch-Site lines, Host, whether it passes.
    struct Case: Sendable {
        let origin: [String]
        let site: [String]
        let host: String
        let passes: Bool

        init(_ origin: [String], _ site: [String], _ host: String, _ passes: Bool) {
            self.origin = origin
            self.site = site
            self.host = host
            self.passes = passes
        }
    }

    @Test(
        "who may make an unsafe call",
        arguments: [
            // Neither field: not a browser.
            Case([], [], "app.example", true),
            // The public URL and the friends, whatever else is said.
            Case(["https://app.example"], [], "127.0.0.1:8080", true),
            Case(["https://app.example"], ["same-site"], "internal", true),
            Case(["https://app.example:443"], [], "x", true),
            Case(["HTTPS://APP.Example"], [], "x", true),
            Case(["https://friend.example"], ["cross-site"], "app.example", true),
            Case(["http://dev.example:3000"], ["cross-site"], "app.example", true),
            // Near misses of them.
            Case(["http://app.example"], ["cross-site"], "app.example", false),
            Case(["https://app.example:8443"], ["same-site"], "app.example", false),
            Case(["http://dev.example"], ["cross-site"], "app.example", false),
            Case(["https://app.example.evil.example"], ["cross-site"], "app.example", false),
            Case(["https://evil-app.example"], ["cross-site"], "app.example", false),
            Case(["https://sub.app.example"], ["same-site"], "app.example", false),
            Case(["https://app.example/"], ["cross-site"], "app.example", false),
            Case(["https://user@app.example"], ["cross-site"], "app.example", false),
            // Sec-Fetch-Site decides before the Host does.
            Case(["http://127.0.0.1:8080"], ["same-origin"], "other", true),
            Case([], ["same-origin"], "app.example", true),
            Case([], ["none"], "app.example", true),
            Case([], ["same-site"], "app.example", false),
            Case([], ["cross-site"], "app.example", false),
            Case([], [""], "app.example", false),
            Case([], ["Same-Origin"], "app.example", false),
            Case(["https://evil.example"], ["cross-site"], "evil.example", false),
            Case([], ["none", "cross-site"], "app.example", false),
            Case([], ["none", "none"], "app.example", false),
            // Old browsers: Origin against Host.
            Case(["http://localhost:8080"], [], "localhost:8080", true),
            Case(["http://localhost"], [], "localhost:80", true),
            Case(["http://localhost:80"], [], "LOCALHOST", true),
            Case(["https://localhost"], [], "localhost:443", true),
            Case(["http://[::1]:8080"], [], "[::1]:8080", true),
            Case(["http://localhost:8080"], [], "localhost:8081", false),
            Case(["http://localhost:8080"], [], "localhost", false),
            Case(["https://evil.example"], [], "app.example", false),
            // Origins that are none.
            Case(["null"], [], "app.example", false),
            Case(["null"], [], "null", false),
            Case(["null"], ["cross-site"], "app.example", false),
            Case([""], [], "app.example", false),
            Case(["*"], [], "app.example", false),
            Case(["https://"], [], "app.example", false),
            Case(["file://"], [], "app.example", false),
            Case(["https://app.example https://evil.example"], [], "app.example", false),
            Case(["https://app.example", "https://evil.example"], [], "app.example", false),
            Case(["https://app.example", "https://app.example"], [], "app.example", false),
        ])
    func table(_ one: Case) {
        let passes = Self.gateway.passes(
            origin: one.origin.map { Array($0.utf8) }, secFetchSite: one.site.map { Array($0.utf8) },
            host: Array(one.host.utf8))
        #expect(passes == one.passes)
    }

    @Test("foreign login, refresh, logout and registration are 403, name the origin, and do nothing")
    func refused() async throws {
        let house = try AuthHouse()
        let session = try await house.register()
        for call in ["login", "refresh", "logout", "register"] {
            let answer = await house.call(
                "POST", call, #"{"email":"ada@example.org","password":"\#(AuthHouse.password)"}"#,
                cookie: session.cookie
            ) {
                $0.origin = [Array("https://evil.example".utf8)]
                $0.secFetchSite = [Array("cross-site".utf8)]
            }
            #expect(answer.status == 403)
            #expect(answer.code == "CROSS_SITE")
            let sentence = answer.json?["error"]?.string ?? ""
            #expect(sentence.contains("cors https://evil.example"))
            #expect(answer.field("Set-Cookie") == nil)
        }
        #expect(await house.call("GET", "me", bearer: session.accessToken).status == 200)
    }

    @Test("a hostile origin is not quoted back")
    func notQuoted() async throws {
        let house = try AuthHouse()
        let answer = await house.call("POST", "logout") {
            $0.origin = [Array("https://evil.example/<script>\"\\".utf8)]
        }
        #expect(answer.code == "CROSS_SITE")
        #expect(!answer.text.contains("script"))
    }

    @Test("a safe call may come from anywhere")
    func safe() async throws {
        let house = try AuthHouse()
        let session = try await house.register()
        let answer = await house.call("GET", "me", bearer: session.accessToken) {
            $0.origin = [Array("https://evil.example".utf8)]
            $0.secFetchSite = [Array("cross-site".utf8)]
        }
        #expect(answer.status == 200)
        #expect(answer.field("Access-Control-Allow-Origin") == nil)
    }
}

struct AuthCORSTests {
    private func house() throws -> AuthHouse {
        try AuthHouse(publicURL: "https://app.example", cors: ["https://friend.example"])
    }

    @Test("a friend gets its origin back on every answer, refusals included", arguments: ["me", "nothing", "login"])
    func friend(call: String) async throws {
        let answer = try await house().call("GET", call) { $0.origin = [Array("https://friend.example".utf8)] }
        #expect(answer.field("Access-Control-Allow-Origin") == "https://friend.example")
        #expect(answer.field("Access-Control-Allow-Credentials") == "true")
        #expect(answer.field("Vary") == "Origin")
    }

    @Test(
        "a stranger gets nothing but Vary",
        arguments: [
            "https://evil.example", "https://friend.example.evil.example", "http://friend.example", "null", "*",
        ])
    func stranger(origin: String) async throws {
        for method in ["GET", "OPTIONS"] {
            let answer = try await house().call(method, "me") {
                $0.origin = [Array(origin.utf8)]
                if method == "OPTIONS" { $0.corsRequestMethod = Array("GET".utf8) }
            }
            #expect(!answer.fields.contains { $0.name.hasPrefix("Access-Control") })
            #expect(answer.field("Vary")?.hasPrefix("Origin") == true)
        }
    }

    @Test("without `cors` nobody gets anything, and nothing varies")
    func off() async throws {
        let answer = try await AuthHouse().call("OPTIONS", "login") {
            $0.origin = [Array("https://friend.example".utf8)]
            $0.corsRequestMethod = Array("POST".utf8)
        }
        #expect(answer.status == 204)
        #expect(!answer.fields.contains { $0.name.hasPrefix("Access-Control") || $0.name == "Vary" })
    }

    @Test("a friend's preflight names the methods of the path and the fields a call may bring")
    func preflight() async throws {
        let answer = try await house().call("OPTIONS", "login") {
            $0.origin = [Array("https://friend.example".utf8)]
            $0.corsRequestMethod = Array("POST".utf8)
        }
        #expect(answer.status == 204)
        #expect(answer.field("Access-Control-Allow-Origin") == "https://friend.example")
        #expect(answer.field("Access-Control-Allow-Methods") == "POST")
        #expect(answer.field("Access-Control-Allow-Headers") == "Authorization, Content-Type")
        #expect(answer.field("Access-Control-Allow-Credentials") == "true")
    }
}
