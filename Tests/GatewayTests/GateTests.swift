import Config
import HTTP
import Policy
import Reasons
import Testing
import Tokens

@testable import Gateway

/// The gate without a socket: a request's head in, its judgement out.
@Suite struct GateTests {
    /// Judges a request without a good token by the routes of a configuration; the judgement says the route's index and
    /// whether it is a preflight.
    @discardableResult
    private func judge(
        _ request: String, routes: String, publicHost: String = "gate.example", isPreflight: Bool = false
    ) throws -> (route: Int?, isPreflight: Bool) {
        let table = try RouteTable.compiled(routes)
        let secret = [UInt8]("a secret of thirty-two bytes or more".utf8)
        let keys = try KeyRing([try TokenKey.load(algorithm: .hs256, material: secret.span)])
        let verifier = TokenVerifier(keys: keys, issuer: "i", audience: "a", lifetimeMaxSeconds: 900)
        let tokens = TokenGate(verifier: verifier, identity: IdentityFields(Configuration.IdentityHeaders()))
        let sent = try SentRequest(request)
        var judgement = Judgement()
        try Gate(routes: table, fallbackHost: Array(publicHost.utf8)).judge(
            sent.head, sent.bytes.span, isPreflight: isPreflight, tokens: tokens, now: 0, &judgement)
        return (judgement.route?.index, judgement.isPreflight)
    }

    private static let byHost = """
        route /* public -> web
        route gate.example/* role admin -> web
        """

    @Test("an HTTP/1.0 request without Host is ruled by the host that the backend will be told")
    func missingHost() throws {
        #expect(throws: Reason.tokenMissing) { try judge("GET /x HTTP/1.0\r\n\r\n", routes: Self.byHost) }
        #expect(throws: Reason.tokenMissing) {
            try judge("GET /x HTTP/1.1\r\nHost: gate.example\r\n\r\n", routes: Self.byHost)
        }
        #expect(try judge("GET /x HTTP/1.0\r\nHost: other.example\r\n\r\n", routes: Self.byHost).route == 0)
        #expect(try judge("GET /x HTTP/1.0\r\n\r\n", routes: Self.byHost, publicHost: "third.example").route == 0)
    }

    private static let byMethod = """
        route GET /api/* user -> web
        """

    @Test("a preflight needs no token, but a route for what it asks about")
    func preflight() throws {
        func ask(_ path: String, _ method: String, isPreflight: Bool = true) throws -> Bool {
            let request = "OPTIONS \(path) HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: \(method)\r\n\r\n"
            return try judge(request, routes: Self.byMethod, isPreflight: isPreflight).isPreflight
        }
        #expect(try ask("/api/x", "GET"))
        #expect(throws: Reason.noRoute) { try ask("/api/x", "DELETE") }
        #expect(throws: Reason.noRoute) { try ask("/other", "GET") }
        #expect(throws: Reason.ambiguousPath) { try ask("/api/%2e%2e/x", "GET") }
        #expect(throws: Reason.methodNotImplemented) { try ask("/api/x", "BREW") }
        // A stranger's is an ordinary OPTIONS, for which there is no route here.
        #expect(throws: Reason.noRoute) { try ask("/api/x", "GET", isPreflight: false) }
    }
}
