import Crypto
import Foundation

/// Group J of the catalogue: tokens that must not be taken for good ones.
struct ForgedToken: Sendable, CustomStringConvertible {
    let id: String
    let what: String
    /// What stands behind `Bearer `.
    let token: String
    var code = "TOKEN_INVALID"

    var description: String { "\(id) \(what)" }

    private init(_ id: String, _ what: String, _ token: String, code: String = "TOKEN_INVALID") {
        self.id = id
        self.what = what
        self.token = token
        self.code = code
    }

    /// A good token but for its header.
    private static func header(_ id: String, _ what: String, _ members: [(String, String?)]) -> ForgedToken {
        ForgedToken(id, what, Forge.token(header: members.reduce(Forge.header) { $0.with($1.0, $1.1) }))
    }

    /// A good token but for its claims.
    private static func claims(
        _ id: String, _ what: String, _ members: [(String, String?)], code: String = "TOKEN_INVALID"
    ) -> ForgedToken {
        ForgedToken(id, what, Forge.token(members.reduce(Forge.claims()) { $0.with($1.0, $1.1) }), code: code)
    }

    private static var parts: [String] { Forge.token().split(separator: ".").map(String.init) }
    private static var now: Int { Int(Date().timeIntervalSince1970) }

    // MARK: Signatures

    static let signatures: [ForgedToken] =
        ["none", "None", "NONE", "nOnE"].map { spelling in
            ForgedToken(
                "J-01", "alg \(spelling)",
                Forge.encode(Forge.header.with("alg", "\"\(spelling)\"").text) + "." + Forge.encode(Forge.claims().text)
                    + ".")
        } + [
            ForgedToken("J-02", "no signature", parts[0] + "." + parts[1] + "."),
            ForgedToken("J-02b", "no third part", parts[0] + "." + parts[1]),
            ForgedToken("J-03", "a flipped bit", flipped(Forge.token())),
            ForgedToken("J-05", "another's payload", swapped()),
            ForgedToken("J-06", "a short signature", String(Forge.token().dropLast(4))),
            ForgedToken("J-06b", "a long signature", Forge.token() + "AAAA"),
            ForgedToken("J-06c", "a last character with other unused bits", otherUnusedBits()),
            header("J-07a", "HS384 over an HS256 signature", [("alg", "\"HS384\"")]),
            header("J-07b", "HS512 over an HS256 signature", [("alg", "\"HS512\"")]),
            ForgedToken("J-07c", "HS384 with our secret", signedElsewhere("sha384", "HS384")),
            ForgedToken("J-07d", "HS512 with our secret", signedElsewhere("sha512", "HS512")),
        ]
        + [
            "", "secret", "password", "changeme", "your-256-bit-secret", "\0", Forge.secretText + "\n",
            "0123456789abcdef",
        ].map {
            ForgedToken(
                "J-08", "signed with \($0.debugDescription)",
                Forge.token(header: Forge.header.text, payload: Forge.claims().text, secret: Array($0.utf8)))
        }
        + [
            "RS256", "RS512", "ES256", "ES384", "PS256", "EdDSA", "Ed25519", "HS256 ", "hs256", "HS25\\u0036x", "dir",
            "",
        ].map {
            header("J-09", "alg \($0) over our HMAC", [("alg", "\"\($0)\"")])
        }

    private static func flipped(_ token: String) -> String {
        var bytes = Array(token.utf8)
        bytes[bytes.count - 10] = bytes[bytes.count - 10] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return bytes.text
    }

    private static func swapped() -> String {
        let mine = parts
        let admin = Forge.token(roles: ["admin"]).split(separator: ".").map(String.init)
        return mine[0] + "." + admin[1] + "." + mine[2]
    }

    /// 32 bytes take 43 characters, of which the last holds two unused bits: this one decodes to the same signature.
    private static func otherUnusedBits() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let token = Forge.token()
        let last = alphabet.firstIndex(of: token.last!)!
        return token.dropLast() + String(alphabet[last ^ 1])
    }

    /// HMACs that the gateway cannot make itself, made by Python.
    private static func signedElsewhere(_ digest: String, _ algorithm: String) -> String {
        let signed =
            Forge.encode(Forge.header.with("alg", "\"\(algorithm)\"").text) + "." + Forge.encode(Forge.claims().text)
        let program =
            "import hmac,sys,base64; m=sys.argv[2].encode(); k=sys.argv[1].encode();"
            + "print(base64.urlsafe_b64encode(hmac.digest(k,m,'\(digest)')).decode().rstrip('='))"
        let ran = try? ChildProcess.run(["/usr/bin/env", "python3", "-c", program, Forge.secretText, signed])
        return signed + "." + (ran?.output ?? "python3 is missing")
    }

    // MARK: Times and names

    static let dates: [ForgedToken] = [
        claims("J-14", "expired", [("iat", "\(now - 900)"), ("exp", "\(now - 1)")], code: "TOKEN_EXPIRED"),
        claims("J-14b", "expired long ago", [("iat", "1"), ("exp", "2")], code: "TOKEN_EXPIRED"),
        claims("J-15a", "exp missing", [("exp", nil)]),
        claims("J-15b", "exp null", [("exp", "null")]),
        claims("J-15c", "exp text", [("exp", "\"\(now + 600)\"")]),
        claims("J-15d", "exp negative", [("exp", "-1")], code: "TOKEN_*"),
        claims("J-15e", "exp zero", [("exp", "0")], code: "TOKEN_*"),
        claims("J-15f", "exp a list", [("exp", "[\(now + 600)]")]),
        claims("J-15g", "exp beyond every number", [("exp", "1e400")]),
        claims("J-15h", "exp 2^64", [("exp", "18446744073709551616")]),
        claims("J-15i", "exp true", [("exp", "true")]),
        claims("J-16", "exp more than 24 hours ahead", [("exp", "\(now + 90_000)")]),
        claims("J-16b", "exp more than 24 hours ahead, without iat", [("iat", nil), ("exp", "\(now + 90_000)")]),
        claims("J-17", "nbf in the future", [("nbf", "\(now + 500)")]),
        claims("J-17b", "nbf text", [("nbf", "\"0\"")]),
        claims("J-18", "exp twice", [("exp", "\(now - 100),\"exp\":\(now + 600)")]),
        claims("J-19a", "another issuer", [("iss", "\"http://evil.example\"")]),
        claims("J-19b", "a longer issuer", [("iss", "\"\(Forge.issuer).evil.example\"")]),
        claims("J-19c", "a shorter issuer", [("iss", "\"http://localhost\"")]),
        claims("J-19d", "the issuer with a slash", [("iss", "\"\(Forge.issuer)/\"")]),
        claims("J-19e", "issuer missing", [("iss", nil)]),
        claims("J-19f", "issuer a list", [("iss", "[\"\(Forge.issuer)\"]")]),
        claims("J-19g", "issuer null", [("iss", "null")]),
        claims("J-20a", "another audience", [("aud", "\"other\"")]),
        claims("J-20b", "a longer audience", [("aud", "\"\(Forge.audience)-2\"")]),
        claims("J-20c", "a list without ours", [("aud", "[\"a\",\"b\"]")]),
        claims("J-20d", "ours nested", [("aud", "[[\"\(Forge.audience)\"]]")]),
        claims("J-20e", "audience missing", [("aud", nil)]),
        claims("J-20f", "audience an object", [("aud", "{\"\(Forge.audience)\":true}")]),
        claims("J-20g", "an empty list", [("aud", "[]")]),
        claims("J-20h", "ours and a number", [("aud", "[\"\(Forge.audience)\",7]")]),
        claims("J-32a", "sub missing", [("sub", nil)]),
        claims("J-32b", "sub empty", [("sub", "\"\"")]),
        claims("J-32c", "sub a number", [("sub", "7")]),
        claims("J-32d", "sub an object", [("sub", "{}")]),
        claims("J-32e", "sub a list", [("sub", "[\"a\"]")]),
        claims("J-32f", "sub of 256 characters", [("sub", "\"\(String(repeating: "a", count: 256))\"")]),
        claims("J-32g", "sub with a control character", [("sub", "\"a\\u0001\"")]),
        claims("J-32h", "sid a number", [("sid", "7")]),
        claims("J-32i", "jti a list", [("jti", "[]")]),
        claims("J-32j", "email a number", [("email", "7")]),
        claims("J-32k", "name an object", [("name", "{}")]),
        claims("J-33a", "roles a text", [("roles", "\"admin\"")]),
        claims("J-33b", "roles nested", [("roles", "[[\"admin\"]]")]),
        claims("J-33c", "roles an object", [("roles", "{\"admin\":true}")]),
        claims("J-33d", "roles a number", [("roles", "[7]")]),
    ]

    // MARK: Headers and shapes

    static let shapes: [ForgedToken] = [
        header("J-21a", "an unknown crit", [("crit", "[\"exp\"]")]),
        header("J-21b", "an empty crit", [("crit", "[]")]),
        header("J-21c", "crit null", [("crit", "null")]),
        header("J-22a", "typ of a refresh token", [("typ", "\"rt+jwt\"")]),
        header("J-22b", "typ of an identity token of something else", [("typ", "\"logout+jwt\"")]),
        header("J-22c", "typ a number", [("typ", "7")]),
        header("J-24a", "kid unknown", [("kid", "\"nobody\"")]),
        header("J-24b", "kid a path", [("kid", "\"../../../../dev/null\"")]),
        header("J-24c", "kid SQL", [("kid", "\"' UNION SELECT 'x' --\"")]),
        header("J-24d", "kid a list", [("kid", "[]")]),
        header("J-24e", "kid of 8 KiB", [("kid", "\"\(String(repeating: "k", count: 8192))\"")]),
        header("J-25a", "alg missing", [("alg", nil)]),
        header("J-25b", "alg a list", [("alg", "[\"HS256\"]")]),
        header("J-25c", "alg twice", [("alg", "\"none\",\"alg\":\"HS256\"")]),
        header("J-25d", "b64 false", [("b64", "false"), ("crit", "[\"b64\"]")]),
        header("J-25e", "zip", [("zip", "\"DEF\""), ("crit", "[\"zip\"]")]),
        ForgedToken("J-26a", "padding", Forge.token() + "="),
        ForgedToken("J-26b", "a stray character", Forge.token().replacing(".", with: "!.", maxReplacements: 1)),
        ForgedToken("J-26c", "an extra dot", Forge.token() + "."),
        ForgedToken("J-26d", "a leading dot", "." + Forge.token()),
        ForgedToken("J-26e", "two dots", Forge.token().replacing(".", with: "..", maxReplacements: 1)),
        ForgedToken("J-26f", "quoted", "\"\(Forge.token())\""),
        ForgedToken("J-26g", "the plain alphabet", parts[0] + "." + parts[1] + "." + "++//" + parts[2].dropFirst(4)),
        ForgedToken("J-29a", "five parts", Forge.token() + ".AAAA.AAAA"),
        ForgedToken("J-29b", "one part", parts[0]),
        ForgedToken(
            "J-29c", "JSON serialization",
            "{\"payload\":\"\(parts[1])\",\"protected\":\"\(parts[0])\",\"signature\":\"\(parts[2])\"}"),
        ForgedToken("J-29d", "dots alone", ".."),
        ForgedToken("J-29e", "a word", "token"),
        ForgedToken("J-30a", "header a list", Forge.token(header: "[]", payload: Forge.claims().text)),
        ForgedToken("J-30b", "header a text", Forge.token(header: "\"HS256\"", payload: Forge.claims().text)),
        ForgedToken("J-30c", "header no JSON", Forge.token(header: "HS256", payload: Forge.claims().text)),
        ForgedToken(
            "J-30d", "payload a list", Forge.token(header: Forge.header.text, payload: "[\(Forge.claims().text)]")),
        ForgedToken("J-30e", "payload null", Forge.token(header: Forge.header.text, payload: "null")),
        ForgedToken("J-30f", "payload empty", Forge.token(header: Forge.header.text, payload: "")),
        ForgedToken(
            "J-30g", "bytes behind the payload",
            Forge.token(header: Forge.header.text, payload: Forge.claims().text + "{}")),
        ForgedToken(
            "J-30h", "a byte order mark",
            Forge.token(header: Forge.header.text, payload: "\u{FEFF}" + Forge.claims().text)),
        ForgedToken("J-31", "depth 10,000", Forge.token(Forge.claims().with("x", String(repeating: "[", count: 9000)))),
        ForgedToken(
            "J-31b", "depth 33",
            Forge.token(Forge.claims().with("x", String(repeating: "[", count: 33) + String(repeating: "]", count: 33)))
        ),
        ForgedToken(
            "J-36", "12 KiB, well signed",
            Forge.token(Forge.claims().with("x", Forge.quoted(String(repeating: "a", count: 9000))))),
    ]
}
