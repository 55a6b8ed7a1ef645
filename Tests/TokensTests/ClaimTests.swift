import Crypto
import Testing
import Tokens

/// Tokens with a good signature, by what their claims say.
@Suite("claims")
struct ClaimTests {
    let verifier: TokenVerifier

    init() throws { verifier = .sample(try SampleKeys.ring(.hs256)) }

    func verdict(_ changes: (String, String?)..., now: Int64 = Forge.now, ignoringExpiry: Bool = false) throws
        -> Verdict
    {
        var forge = Forge()
        for (name, text) in changes { forge.payload.set(name, text) }
        return verifier.verdict(try forge.signed(), now: now, ignoringExpiry: ignoringExpiry)
    }

    func claims(_ changes: (String, String?)...) throws -> Claims? {
        var forge = Forge()
        for (name, text) in changes { forge.payload.set(name, text) }
        if case .good(let claims) = verifier.verdict(try forge.signed()) { return claims }
        return nil
    }

    @Test("everything that a token can say arrives")
    func allClaims() throws {
        let claims = try claims(
            ("sid", #""session-1""#), ("jti", #""token-1""#), ("email", #""a@example.com""#),
            ("email_verified", "true"),
            ("name", #""Zo\u00eb\r\nX-User-Roles: admin""#), ("roles", #"["user","ops:eu-1","a.b_c"]"#))
        #expect(
            claims
                == Claims(
                    issuer: Forge.issuer, subject: "user-1", sessionID: "session-1", tokenID: "token-1",
                    email: "a@example.com", emailVerified: true, name: "Zoë\r\nX-User-Roles: admin",
                    roles: ["user", "ops:eu-1", "a.b_c"], issuedAt: Forge.now, expiresAt: Forge.now + 900))
    }

    @Test(
        "iss is exactly ours",
        arguments: [
            nil, #""""#, #""https://auth.example/""#, #""https://auth.exampl""#, #""https://AUTH.example""#,
            #"" https://auth.example""#,
            "null", "1", #"["https://auth.example"]"#, #"{"iss":"https://auth.example"}"#,
        ])
    func issuer(text: String?) throws {
        #expect(try verdict(("iss", text)) == .invalid)
    }

    @Test("issuers that Unicode calls equivalent are two")
    func equivalentIssuer() throws {
        let verifier = TokenVerifier(
            keys: try SampleKeys.ring(.hs256), issuer: "K\u{E9}", audience: "K\u{E9}", lifetimeMaxSeconds: 86_400)
        for (iss, aud, isGood) in [
            ("K\u{E9}", "K\u{E9}", true), ("\u{212A}\u{E9}", "K\u{E9}", false), ("K\u{E9}", "\u{212A}\u{E9}", false),
            ("Ke\u{301}", "K\u{E9}", false), ("K\u{E9}", "Ke\u{301}", false),
        ] {
            var forge = Forge()
            forge.payload.set("iss", "\"\(iss)\"")
            forge.payload.set("aud", "[\"\(aud)\"]")
            #expect(verifier.verdict(try forge.signed()).isGood == isGood)
        }
    }

    @Test(
        "aud is ours or a list with ours in it",
        arguments: [
            (#""my-app""#, true), (#"["my-app"]"#, true), (#"["other","my-app"]"#, true),
            (nil, false), (#""""#, false), (#""my-app2""#, false), (#""my-ap""#, false), (#""MY-APP""#, false),
            (#""my-app ""#, false),
            ("[]", false), (#"["other"]"#, false), (#"[["my-app"]]"#, false), (#"{"my-app":true}"#, false),
            ("null", false),
            ("true", false), (#"["my-app",1]"#, false), (#"["my-app",null]"#, false), (#""other my-app""#, false),
        ])
    func audience(text: String?, isGood: Bool) throws {
        #expect(try verdict(("aud", text)).isGood == isGood)
    }

    @Test(
        "sub is a text of 1 to 255 printable characters",
        arguments: [
            (#""x""#, true), (#""auth0|5f7c8ec7c33c6c004bbafe82""#, true), (#""a b""#, true),
            ("\"" + String(repeating: "x", count: 255) + "\"", true),
            ("\"" + String(repeating: "x", count: 256) + "\"", false),
            (nil, false), (#""""#, false), ("null", false), ("1", false), ("true", false), ("{}", false),
            (#"["x"]"#, false),
            (#""a\u0000""#, false), (#""a\r\nX-User-Roles: admin""#, false), (#""a\tb""#, false),
            (#""a\u007f""#, false),
            (#"" x""#, false), (#""x ""#, false), (#"" ""#, false), (#""\u00e9""#, false), (#""\u202eadmin""#, false),
        ])
    func subject(text: String?, isGood: Bool) throws {
        #expect(try verdict(("sub", text)).isGood == isGood)
    }

    @Test(
        "optional texts may be absent, and are refused when they are no texts",
        arguments: ["sid", "jti", "email", "name"])
    func optionalTexts(name: String) throws {
        #expect(try verdict((name, nil)).isGood)
        #expect(try verdict((name, #""x""#)).isGood)
        for text in ["null", "1", "true", "{}", #"["x"]"#] {
            #expect(try verdict((name, text)) == .invalid, "\(text)")
        }
    }

    @Test("an empty optional text is none")
    func emptyTexts() throws {
        let claims = try claims(("sid", #""""#), ("jti", #""""#), ("email", #""""#), ("name", #""""#))
        #expect(
            claims == Claims(issuer: Forge.issuer, subject: "user-1", issuedAt: Forge.now, expiresAt: Forge.now + 900))
    }

    @Test("what goes into a header as it is cannot end the line", arguments: ["sub", "sid", "jti", "email"])
    func headerInjection(name: String) throws {
        for text in [
            #""a\r\nX: y""#, #""a\ny""#, #""a\u0000""#, #""a\u0085y""#, #""\u010d\u010a""#, #""a@ex\u00e4mple.com""#,
        ] {
            #expect(try verdict((name, text)) == .invalid, "\(text)")
        }
    }

    @Test("email_verified is true, false or absent")
    func emailVerified() throws {
        #expect(try claims(("email_verified", "false"))?.emailVerified == false)
        #expect(try claims(("email_verified", nil))?.emailVerified == nil)
        for text in ["null", #""true""#, "1", "[]"] {
            #expect(try verdict(("email_verified", text)) == .invalid)
        }
    }

    @Test(
        "roles are a list of role names",
        arguments: [
            (nil, []), ("[]", []), (#"["admin"]"#, ["admin"]), (#"["a","b"]"#, ["a", "b"]),
            ("null", nil), (#""admin""#, nil), (#"{"admin":true}"#, nil), ("1", nil), (#"[["admin"]]"#, nil),
            (#"["admin",1]"#, nil),
            (#"["user,admin"]"#, nil), (#"["admin "]"#, nil), (#"[""]"#, nil), (#"["a\r\nb"]"#, nil),
            (#"["\u0430dmin"]"#, nil),
            (#"[null]"#, nil), (#"["a b"]"#, nil), (#"["a;b"]"#, nil),
        ] as [(String?, [String]?)])
    func roles(text: String?, expected: [String]?) throws {
        #expect(try claims(("roles", text))?.roles == expected)
    }

    @Test("role, in the singular, gives nothing")
    func singularRole() throws {
        #expect(try claims(("role", #""admin""#), ("scope", #""admin""#), ("groups", #"["admin"]"#))?.roles == [])
    }

    @Test(
        "exp is required and a number that a date can have",
        arguments: [
            nil, "null", #""1800000900""#, "true", "[1800000900]", "{}", "1e999", "-1e999", "1e300",
            "9223372036854775807",
            "9223372036854775808", "-9223372036854775809", "9007199254740993", "99999999999999999999999999",
        ])
    func badExpiry(text: String?) throws {
        #expect(try verdict(("exp", text)) == .invalid)
        #expect(try verdict(("exp", text), ignoringExpiry: true) == .invalid)
    }

    @Test(
        "from the second of exp on, a token is expired",
        arguments: [
            ("1800000001", true), ("1800000000.9999", false), ("1.800000001e9", true), ("1800000000", false),
            ("1799999999", false),
            ("0", false), ("-1", false), ("-0", false), ("1e-5", false),
        ])
    func expiry(text: String, isGood: Bool) throws {
        #expect(try verdict(("exp", text)) == .expired || isGood)
        #expect(try verdict(("exp", text)).isGood == isGood)
        #expect(try verdict(("exp", text), ignoringExpiry: true).isGood)
    }

    @Test("an expired token that was never good is invalid, not expired")
    func expiredAndWrong() throws {
        #expect(try verdict(("exp", "1"), ("aud", #""other""#)) == .invalid)
        #expect(try verdict(("exp", "1"), ("iss", #""other""#)) == .invalid)
        #expect(try verdict(("exp", "1"), ("sub", "1")) == .invalid)
        var forge = Forge()
        forge.payload.set("exp", "1")
        let other = try TokenKey(secret: Secret(SampleKeys.otherSecret))
        #expect(verifier.verdict(try forge.signed(by: other)) == .invalid)
    }

    @Test(
        "exp lies at most 24 hours after iat, or after now where there is no iat",
        arguments: [
            ("1800000000", "1800086400", true), ("1800000000", "1800086401", false),
            ("1799999999", "1800086400", false),
            (nil, "1800086400", true), (nil, "1800086401", false), ("0", "1800000900", false),
        ])
    func lifetime(issuedAt: String?, expiresAt: String, isGood: Bool) throws {
        #expect(try verdict(("iat", issuedAt), ("exp", expiresAt)).isGood == isGood)
        #expect(try verdict(("iat", issuedAt), ("exp", expiresAt), ignoringExpiry: true).isGood == isGood)
    }

    @Test(
        "iat refuses nothing by itself: a clock ahead of ours, or a token from the future with a near end",
        arguments: [
            ("1800000060", "1800086460", true), ("1800000061", "1800086461", false), ("1900000000", "1800000900", true),
            ("1900000000", "1900000900", false), ("1799999000.5", "1800000900", true), ("-1", "1800000900", false),
        ])
    func futureIssue(issuedAt: String, expiresAt: String, isGood: Bool) throws {
        #expect(try verdict(("iat", issuedAt), ("exp", expiresAt)).isGood == isGood)
    }

    @Test(
        "iat and nbf are numbers where they are there",
        arguments: ["null", #""1800000000""#, "true", "[]", "1e999", "-1e999"])
    func badDates(text: String) throws {
        #expect(try verdict(("iat", text)) == .invalid)
        #expect(try verdict(("nbf", text)) == .invalid)
    }

    @Test(
        "before nbf a token is invalid",
        arguments: [
            ("1800000000", true), ("1799999999.5", true), ("0", true), ("1800000000.1", false), ("1800000001", false),
            ("9007199254740992", false),
        ])
    func notBefore(text: String, isGood: Bool) throws {
        #expect(try verdict(("nbf", text)) == .invalid || isGood)
        #expect(try verdict(("nbf", text)).isGood == isGood)
    }
}
