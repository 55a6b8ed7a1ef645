import Config
import HTTP
import Policy
import Reasons
import Telemetry
import Testing
import Tokens

@testable import Gateway

@Suite struct UpstreamHeadTests {
    /// The head that a backend gets for `request`, as lines.
    private func lines(
        _ request: String, identity: String = "", peer: Peer = .stranger, stripsAuthorization: Bool = false,
        keepsTracestate: Bool = false, configuration: Configuration = Configuration()
    ) throws -> [String] {
        let sent = try SentRequest(request)
        var output: [UInt8] = []
        var judgement = Judgement()
        try judgement.path.read("/canonical".utf8.span, accepting: [])
        if !identity.isEmpty {
            var cache = VerifiedTokenCache<TokenGate.Caller>()
            judgement.bearer = cache.insert(
                "token".utf8.span, claims: Claims(issuer: "i", subject: "s", expiresAt: .max),
                payload: TokenGate.Caller(
                    identityFields: Array(identity.utf8), name: LogBearer(user: "s", session: nil)))
            judgement.isIdentified = true
        }
        if stripsAuthorization {
            judgement.route = try RouteTable.compiled("route /* public strip-authorization -> web").routes.first
        }
        let trace = TraceContext(high: 1, low: 2, span: 3, flags: 1, continues: keepsTracestate)
        let head = UpstreamHead(
            filter: ForwardedFields(configuration), publicScheme: "http", fallbackHost: "fallback")
        try head.append(
            sent.head, sent.bytes.span, judgement,
            UpstreamHead.Origin(peer: peer, requestID: RequestID(high: 0, low: 1), trace: trace), to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasSuffix("\r\n\r\n"))
        return text.split(separator: "\r\n").map(String.init)
    }

    @Test("the canonical path and the query as sent make the request line")
    func requestLine() throws {
        #expect(
            try lines("GET /%63anonical?x=%2F HTTP/1.1\r\nHost: a\r\n\r\n").first == "GET /canonical?x=%2F HTTP/1.1")
        #expect(try lines("GET /canonical? HTTP/1.1\r\nHost: a\r\n\r\n").first == "GET /canonical? HTTP/1.1")
    }

    @Test("Host is passed as sent, once, and an HTTP/1.0 request without one gets ours")
    func host() throws {
        let lines = try lines("GET / HTTP/1.1\r\nX-A: 1\r\nhOsT: Shop.Example:8080\r\n\r\n")
        #expect(lines.filter { $0.lowercased().hasPrefix("host:") } == ["Host: Shop.Example:8080"])
        #expect(try self.lines("GET / HTTP/1.0\r\n\r\n").contains("Host: fallback"))
    }

    @Test(
        "the client's own identity headers are gone in every spelling",
        arguments: [
            "X-User-Id", "x-user-id", "X-USER-ROLES", "X_User_Id", "X-User_Email", "X.User.Roles", "X-User-Role",
            "X_User_Role", "X-Session-Id", "X-User-Name", "X-User-Email-Verified", "x~user~id",
        ])
    func stripped(name: String) throws {
        let lines = try lines(
            "GET / HTTP/1.1\r\nHost: a\r\n\(name): forged\r\nX-Other: kept\r\n\r\n", identity: "X-User-Id: real\r\n")
        #expect(!lines.contains { $0.contains("forged") })
        #expect(lines.filter { $0.hasSuffix(": real") } == ["X-User-Id: real"])
        #expect(lines.contains("X-Other: kept"))
    }

    @Test("hop-by-hop fields and those that Connection lists stay behind")
    func hopByHop() throws {
        let lines = try lines(
            """
            GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: 5\r\n\
            TE: trailers\r\nTrailer: X\r\nUpgrade: foo\r\nProxy-Authorization: x\r\nProxy-Connection: x\r\n\
            X-Kept: 1\r\n\r\n
            """)
        let names = lines.dropFirst().map { $0.prefix { $0 != ":" }.lowercased() }
        for name in ["connection", "x-private", "keep-alive", "te", "trailer", "upgrade", "proxy-authorization"] {
            #expect(!names.contains(name))
        }
        #expect(names.contains("x-kept"))
    }

    @Test("what Connection lists cannot take away the identity that we add")
    func connectionCannotRemoveIdentity() throws {
        let lines = try lines(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-User-Id\r\n\r\n", identity: "X-User-Id: real\r\n")
        #expect(lines.contains("X-User-Id: real"))
    }

    @Test("a stranger's forwarding fields are replaced by what we know")
    func strangersForwarding() throws {
        let lines = try lines(
            """
            GET / HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n\
            X-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nForwarded: for=1\r\nX-Real-IP: 127.0.0.1\r\n\
            X-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nX-HTTP-Method-Override: DELETE\r\nProxy: evil\r\n\
            X-Request-Id: theirs\r\n\r\n
            """)
        #expect(lines.contains("X-Forwarded-For: 203.0.113.9"))
        #expect(lines.contains("X-Forwarded-Proto: http"))
        #expect(lines.contains("X-Forwarded-Host: shop"))
        #expect(lines.contains("X-Request-Id: 00000000-0000-4000-8000-000000000001"))
        for word in ["evil", "127.0.0.1", "/admin", "DELETE", "for=1", "theirs"] {
            #expect(!lines.contains { $0.contains(word) })
        }
    }

    @Test("a trusted proxy's forwarding fields go on, with its own address behind them")
    func trustedForwarding() throws {
        let lines = try lines(
            """
            GET / HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n\
            X-Forwarded-Host: shop.example\r\n\r\n
            """, peer: .proxy)
        #expect(lines.contains("X-Forwarded-For: 198.51.100.7, 10.0.0.1"))
        #expect(lines.contains("X-Forwarded-Proto: https"))
        #expect(lines.contains("X-Forwarded-Host: shop.example"))
    }

    @Test("the body is framed anew: one Content-Length or one chunked coding, never both")
    func framing() throws {
        let length = try lines("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\n")
        #expect(length.filter { $0.lowercased().hasPrefix("content-length") } == ["Content-Length: 5"])
        let chunked = try lines("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ChUnKeD\r\n\r\n")
        #expect(chunked.filter { $0.lowercased().hasPrefix("transfer-encoding") } == ["Transfer-Encoding: chunked"])
    }

    @Test("Authorization goes on unless the route strips it; our cookies never do")
    func credentials() throws {
        let request =
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nCookie: a=1; refresh_token=secret; b=2\r\n\r\n"
        #expect(try lines(request).contains("Authorization: Bearer x"))
        #expect(try !lines(request, stripsAuthorization: true).contains { $0.contains("Bearer") })
        #expect(try lines(request).contains("Cookie: a=1; b=2"))
    }

    @Test("Via grows by one, and Expect is answered here")
    func via() throws {
        let lines = try lines(
            "POST / HTTP/1.1\r\nHost: a\r\nVia: 1.0 fred\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        #expect(lines.filter { $0.hasPrefix("Via") } == ["Via: 1.0 fred, 1.1 gatehouse"])
        #expect(!lines.contains { $0.hasPrefix("Expect") })
    }

    @Test("a header with an underscore is dropped, refused or passed, as configured")
    func underscores() throws {
        let request = "GET / HTTP/1.1\r\nHost: a\r\nX_Plain: 1\r\n\r\n"
        var configuration = Configuration()
        #expect(try !lines(request, configuration: configuration).contains("X_Plain: 1"))
        configuration.underscoreHeaders = .pass
        #expect(try lines(request, configuration: configuration).contains("X_Plain: 1"))
        configuration.underscoreHeaders = .refuse
        #expect(throws: Reason.malformedRequest) { try lines(request, configuration: configuration) }
    }

    @Test(
        "under `pass`, a name that folds to one of ours is dropped all the same",
        arguments: [
            "X_Forwarded_For", "Content_Length", "X_User_Id", "Transfer_Encoding", "X_Request_Id", "Forwarded_",
        ])
    func passStillDrops(name: String) throws {
        var configuration = Configuration()
        configuration.underscoreHeaders = .pass
        let lines = try lines("GET / HTTP/1.1\r\nHost: a\r\n\(name): forged\r\n\r\n", configuration: configuration)
        #expect(lines.contains { $0.contains("forged") } == (name == "Forwarded_"))
    }
}
