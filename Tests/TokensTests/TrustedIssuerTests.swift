import Crypto
import Encoding
import Testing

@testable import Tokens

/// Our own issuer and two others, one of which is hostile to the other and to us.
@Suite("Tokens of other issuers")
struct TrustedIssuerTests {
    static let left = TrustedIssuer(
        name: "left", issuer: "https://left.example", audiences: ["my-app"], algorithms: [.es256, .rs256, .eddsa],
        rolesClaim: ["realm", "roles"], roles: [("Boss", "admin"), ("Staff", "user"), ("Chief", "admin")])
    static let right = TrustedIssuer(
        name: "right", issuer: "https://right.example", audiences: ["a", "my-app"], algorithms: [.es256],
        idClaim: ["id"])

    let ours: TokenKey
    let leftKey: TokenKey
    let rightKey: TokenKey
    let verifier: TokenVerifier

    /// All three call their key `k`.
    init() throws {
        ours = try TokenKey(secret: Secret(SampleKeys.secret), id: "k")
        leftKey = TokenKey(try PrivateKey.generate(.p256), id: "k")
        rightKey = TokenKey(try PrivateKey.generate(.p256), id: "k")
        let live = LiveKeys(try KeyRing([ours]))
        _ = live.replaceForeign(0, try KeyRing([leftKey]))
        _ = live.replaceForeign(1, try KeyRing([rightKey]))
        verifier = TokenVerifier(
            live: live, issuer: Forge.issuer, audience: Forge.audience, lifetimeMaxSeconds: 86_400,
            trusted: [Self.left, Self.right])
    }

    private func token(_ issuer: String?, by key: TokenKey, _ adjust: (inout Forge) -> Void = { _ in }) throws
        -> [UInt8]
    {
        var forge = Forge()
        forge.header.set("alg", "\"\(key.algorithm.rawValue)\"")
        forge.header.set("kid", "\"k\"")
        forge.payload.set("iss", issuer.map { "\"\($0)\"" })
        forge.payload.set("id", "\"right-7\"")
        adjust(&forge)
        return try forge.signed(by: key)
    }

    private func claims(_ token: [UInt8]) -> Claims? {
        if case .good(let claims) = verifier.verdict(token) { claims } else { nil }
    }

    @Test("a user of another issuer is NAME:id, never the bare id")
    func subject() throws {
        let left = try #require(claims(token("https://left.example", by: leftKey)))
        #expect(left.subject == "left:user-1")
        #expect(left.trustedIssuer == "left")
        let right = try #require(claims(token("https://right.example", by: rightKey)))
        #expect(right.subject == "right:right-7")
        #expect(try #require(claims(token(Forge.issuer, by: ours))).subject == "user-1")
    }

    @Test("the keys are those of the issuer that the token names, whatever the kid: equal names never meet")
    func collisions() throws {
        let issuers = [Forge.issuer, "https://left.example", "https://right.example"]
        let keys = [ours, leftKey, rightKey]
        for (i, issuer) in issuers.enumerated() {
            for (k, key) in keys.enumerated() {
                #expect(verifier.verdict(try token(issuer, by: key)).isGood == (i == k), "\(issuer) by \(k)")
            }
        }
    }

    @Test("an issuer that nobody named is none, in any spelling of one that somebody did")
    func unknown() throws {
        for name in [
            "https://left.example/", "https://LEFT.example", "https://left.example.evil", "left", "",
            "https://left.exa\u{6D}ple\u{200B}", "https://left.e\u{301}xample",
        ] {
            #expect(verifier.verdict(try token(name, by: leftKey)) == .invalid, "\(name)")
        }
        #expect(verifier.verdict(try token(nil, by: leftKey)) == .invalid)
        let list = try token("x", by: leftKey) { $0.payload.set("iss", #"["https://left.example"]"#) }
        #expect(verifier.verdict(list) == .invalid)
        let twice = try token("x", by: leftKey) {
            $0.payload.set("iss", #""https://left.example","iss":"https://auth.example""#)
        }
        #expect(verifier.verdict(twice) == .invalid)
    }

    @Test("a public key is no HMAC secret, for any issuer, and our secret signs for nobody else")
    func confusion() throws {
        let key = try #require(leftKey.publicKey)
        for material in [try key.pem(), Array(try key.pem().dropLast())] {
            let forged = try TokenKey(secret: Secret(material), id: "k")
            for issuer in [Forge.issuer, "https://left.example", "https://right.example"] {
                #expect(verifier.verdict(try token(issuer, by: forged)) == .invalid)
            }
        }
        #expect(verifier.verdict(try token("https://left.example", by: ours)) == .invalid)
        // Another algorithm in the header than the key's.
        for algorithm in ["HS256", "RS256", "EdDSA", "none", "ES384"] {
            let token = try token("https://left.example", by: leftKey) { $0.header.set("alg", "\"\(algorithm)\"") }
            #expect(verifier.verdict(token) == .invalid, "\(algorithm)")
        }
    }

    @Test("an algorithm that the issuer was not given is refused, also with a key of its set")
    func algorithms() throws {
        let key = TokenKey(try PrivateKey.generate(.ed25519), id: "k")
        _ = verifier.keys.replaceForeign(1, try KeyRing([key]))
        #expect(verifier.verdict(try token("https://right.example", by: key)) == .invalid)
    }

    @Test("a token cannot bring its own key", arguments: ["jwk", "jku", "x5u", "x5c"])
    func ownKey(name: String) throws {
        let own = TokenKey(try PrivateKey.generate(.p256))
        let key = try #require(own.publicKey)
        let set = String(decoding: try KeyRing([TokenKey(key, id: "k")]).jwks(), as: UTF8.self)
        let jwk = String(set.dropFirst(#"{"keys":["#.utf8.count).dropLast(2))
        let value = [
            "jwk": jwk, "jku": #""https://evil.example/jwks""#, "x5u": #""https://evil.example/c""#, "x5c": "[]",
        ]
        for issuer in [Forge.issuer, "https://left.example"] {
            let token = try token(issuer, by: own) { $0.header.set(name, value[name]) }
            #expect(verifier.verdict(token) == .invalid)
        }
        #expect(verifier.keys.foreign(0)?.keys.map(\.id) == ["k"])
    }

    @Test("roles come through the map alone")
    func roles() throws {
        func roles(_ json: String?) throws -> [String]? {
            claims(
                try token("https://left.example", by: leftKey) {
                    $0.payload.set("realm", json.map { #"{"roles":\#($0)}"# })
                })?
                .roles
        }
        #expect(try roles(#"["admin","user","root"]"#) == [], "a role that is called like ours is not ours")
        #expect(try roles(#"["Staff","Boss","Chief"]"#) == ["admin", "user"])
        #expect(try roles(#""Staff openid""#) == ["user"])
        #expect(try roles(nil) == [])
        #expect(try roles("7") == nil)
        #expect(try roles(#"["Boss",7]"#) == nil)
        let direct = try token("https://left.example", by: leftKey) { $0.payload.set("roles", #"["Boss"]"#) }
        #expect(claims(direct)?.roles == [], "the configured claim, and no other")
    }

    @Test("the audience, the dates and the type are judged as ours are")
    func claimsAreJudged() throws {
        let changes: [(String, String?)] = [
            ("aud", "\"other\""), ("aud", nil), ("exp", nil), ("exp", "\(Forge.now + 90_000)"), ("sub", nil),
            ("sub", #""a\n""#), ("sub", "7"), ("sub", #"" a""#), ("nbf", "\(Forge.now + 60)"), ("email", "7"),
        ]
        for (name, value) in changes {
            let token = try token("https://left.example", by: leftKey) { $0.payload.set(name, value) }
            #expect(verifier.verdict(token) == .invalid, "\(name) \(value ?? "-")")
        }
        let expired = try token("https://left.example", by: leftKey) {
            $0.payload.set("iat", "\(Forge.now - 900)")
            $0.payload.set("exp", "\(Forge.now - 1)")
        }
        #expect(verifier.verdict(expired) == .expired)
        let logout = try token("https://left.example", by: leftKey) { $0.header.set("typ", "\"logout+jwt\"") }
        #expect(verifier.verdict(logout) == .invalid)
        let session = try token("https://left.example", by: leftKey) { $0.payload.set("sid", "\"s\"") }
        #expect(try #require(claims(session)).sessionID == nil, "no session of ours")
    }

    @Test("a kid that is not known asks for the key set, a bad signature does not")
    func wanted() throws {
        #expect(verifier.keys.takeWanted() == [])
        _ = verifier.verdict(try token("https://right.example", by: leftKey))
        _ = verifier.verdict(try token("https://nobody.example", by: leftKey))
        #expect(verifier.keys.takeWanted() == [])
        _ = verifier.verdict(try token("https://right.example", by: rightKey) { $0.header.set("kid", "\"new\"") })
        #expect(verifier.keys.takeWanted() == [1])
        #expect(verifier.keys.takeWanted() == [])
    }

    @Test("a key set keeps what can be used, and refuses what could be read in two ways")
    func keySets() throws {
        let key = try #require(leftKey.publicKey)
        let set = String(decoding: try KeyRing([TokenKey(key, id: "a")]).jwks(), as: UTF8.self)
        let one = String(set.dropFirst(#"{"keys":["#.utf8.count).dropLast(2))
        func ring(_ text: String) throws(KeySetProblem) -> KeyRing {
            let bytes = Array(text.utf8)
            return try KeyRing(keySet: bytes.span, algorithms: [.es256])
        }
        #expect(try ring(set).keys.map(\.id) == ["a"])
        let mixed =
            #"{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"},{"kty":"RSA","n":"AQAB","e":"AQAB"},7,"# + one + "]}"
        #expect(try ring(mixed).keys.map(\.algorithm) == [.es256])
        for (from, to) in [
            ("\"sig\"", "\"enc\""), ("ES256", "ES384"), ("P-256", "P-384"), ("\"kid\":\"a\"", "\"kid\":7"),
        ] {
            #expect(throws: KeySetProblem.noUsableKey) { try ring(set.replacing(from, with: to)) }
        }
        #expect(throws: KeySetProblem.duplicateID) { try ring("{\"keys\":[\(one),\(one)]}") }
        #expect(throws: KeySetProblem.notAKeySet) { try ring("{}") }
        #expect(throws: KeySetProblem.notAKeySet) { try ring("<html>") }
        #expect(throws: KeySetProblem.tooManyKeys) {
            try ring("{\"keys\":[" + Array(repeating: "7", count: 101).joined(separator: ",") + "]}")
        }
        let off = one.replacing(#/"y":"[^"]*"/#, with: #""y":"\#(String(repeating: "A", count: 43))""#)
        #expect(throws: KeySetProblem.noUsableKey) { try ring("{\"keys\":[\(off)]}") }
    }

    @Test("conditions see another issuer's user by the name here and by mapped roles; its other claims mean nothing")
    func kept() throws {
        let asked = TokenVerifier(
            live: verifier.keys, issuer: Forge.issuer, audience: Forge.audience, lifetimeMaxSeconds: 86_400,
            trusted: [Self.left, Self.right], keptClaims: ["sub", "roles", "email", "plan"])
        func kept(_ token: [UInt8]) throws -> Claims { try asked.verify(token.span, now: Forge.now) }
        let foreign = try kept(
            try token("https://left.example", by: leftKey) {
                $0.payload.set("roles", #"["owner"]"#)
                $0.payload.set("realm", #"{"roles":["Boss"]}"#)
                $0.payload.set("plan", #""pro""#)
            })
        #expect(foreign.kept["sub"] == ["left:user-1"])
        #expect(foreign.kept["roles"] == ["admin"])
        #expect(foreign.kept["plan"] == nil)
        #expect(foreign.withheld == ["plan"])
        let own = try kept(try token(Forge.issuer, by: ours) { $0.payload.set("plan", #""pro""#) })
        #expect(own.kept["sub"] == ["user-1"] && own.kept["plan"] == ["pro"] && own.withheld.isEmpty)
    }
}
