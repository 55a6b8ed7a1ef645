import Crypto
import Foundation
import Testing

@Suite("J: forged tokens", .serialized, .standardStage)
struct TokenTests {
    @Test("a token that is not ours is refused", arguments: ForgedToken.signatures)
    func signatures(_ forged: ForgedToken) throws { try expectRefused(forged) }

    @Test("wrong times, issuers, audiences and claims are refused", arguments: ForgedToken.dates)
    func dates(_ forged: ForgedToken) throws { try expectRefused(forged) }

    @Test("wrong headers and shapes are refused", arguments: ForgedToken.shapes)
    func shapes(_ forged: ForgedToken) throws { try expectRefused(forged) }

    /// 401 where a user is needed; nobody where none is.
    private func expectRefused(_ forged: ForgedToken) throws {
        let stage = try Stage.current
        for target in ["/api/x", "/admin/x"] {
            let (answer, seen) = try stage.exchange(.get(target).bearer(forged.token))
            #expect(answer.status == 401, "\(answer.summary)")
            #expect(forged.code == "TOKEN_*" || answer.code == forged.code, "\(answer.summary)")
            #expect(answer["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true, "\(answer.fields)")
            #expect(seen.isEmpty)
        }
        let open = try stage.exchange(.get("/public/x").bearer(forged.token))
        #expect(open.answer.status == 200, "\(open.answer.summary)")
        #expect(open.seen.allSatisfy { $0.identity.isEmpty })
    }

    @Test("a good token is let through, and what it may lack it may lack")
    func good() throws {
        for token in [
            Forge.token(), Forge.token(header: Forge.header.with("typ", nil)),
            Forge.token(header: Forge.header.with("typ", "\"at+jwt\"")),
            Forge.token(Forge.claims().with("nbf", "1")), Forge.token(Forge.claims().with("jti", nil).with("sid", nil)),
            Forge.token(Forge.claims().with("iat", "\(Int(Date().timeIntervalSince1970) + 300)")),
            Forge.token(Forge.claims().with("extra", "{\"a\":[1,2,{\"b\":null}]}")),
            Forge.token(Forge.claims().with("sub", Forge.quoted(String(repeating: "a", count: 255)))),
        ] {
            let (answer, seen) = try Stage.current.exchange(.get("/api/x").bearer(token))
            #expect(answer.status == 200, "\(answer.summary)")
            #expect(seen.count == 1)
        }
    }

    @Test("J-39 an audience list that holds ours is good")
    func audienceList() throws {
        let token = Forge.token(Forge.claims().with("aud", "[\"other\",\"\(Forge.audience)\"]"))
        #expect(try Stage.current.exchange(.get("/api/x").bearer(token)).answer.status == 200)
    }

    @Test("a 401 without a token names no error; a good token without the role is 403")
    func refusals() throws {
        let missing = try Stage.current.exchange(.get("/api/x")).answer
        #expect(missing.status == 401)
        #expect(missing.code == "TOKEN_MISSING")
        #expect(missing["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        #expect(missing["WWW-Authenticate"]?.contains("error=") == false)
        let forbidden = try Stage.current.exchange(.get("/admin/x").bearer(Forge.token())).answer
        #expect(forbidden.status == 403)
        #expect(forbidden.code == "FORBIDDEN")
    }

    @Test(
        "J-33 role values that only look like admin open nothing",
        arguments: [
            "Admin", "ADMIN", "admin ", " admin", "adminx", "xadmin", "admin,user", "user,admin", "adm\u{131}n",
            "admin\u{200B}", "*", "",
        ])
    func lookalikes(role: String) throws {
        let (answer, seen) = try Stage.current.exchange(.get("/admin/x").bearer(Forge.token(roles: [role])))
        #expect(answer.status == 401 || answer.status == 403, "\(answer.summary)")
        #expect(seen.isEmpty)
    }

    @Test("J-23 a key that the token brings along, or points to, is neither used nor fetched")
    func ownKeys() throws {
        let stage = try Stage.current
        let attacker = try RecordingBackend()
        defer { attacker.stop() }
        let key = try PrivateKey.generate(.p256)
        guard case .p256(let x, let y) = key.publicKey.parameters else { throw Failure("not a P-256 key") }
        let jwk = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(Forge.encode(x))\",\"y\":\"\(Forge.encode(y))\"}"
        let url = Forge.quoted("http://\(attacker.address)/jwks.json")
        for (name, value) in [("jwk", jwk), ("jku", url), ("x5u", url), ("x5c", "[\"AAAA\"]"), ("kid", url)] {
            let header = Forge.header.with("alg", "\"ES256\"").with(name, value)
            let signed = Forge.encode(header.text) + "." + Forge.encode(Forge.claims(roles: ["admin"]).text)
            let signature = try key.signature(over: Array(signed.utf8).span)
            let (answer, seen) = try stage.exchange(.get("/admin/x").bearer(signed + "." + Forge.encode(signature)))
            #expect(answer.status == 401, "\(name): \(answer.summary)")
            #expect(seen.isEmpty)
        }
        #expect(attacker.connectionsAccepted == 0)
    }

    @Test("J-36 a token of 200 KiB is refused by its size")
    func huge() throws {
        let token = Forge.token(Forge.claims().with("x", Forge.quoted(String(repeating: "a", count: 150_000))))
        try WireCase(
            "J-36", "200 KiB", "GET /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n", .refuse(431)
        ).run(on: .current)
    }

    @Test("J-37 a good verdict does not cover another signature, also the other way round")
    func cachedVerdict() throws {
        let stage = try Stage.current
        let good = Forge.token()
        let bad = good.dropLast(6) + "AAAAAA"
        for _ in 1...3 {
            #expect(try stage.exchange(.get("/api/x").bearer(good)).answer.status == 200)
            #expect(try stage.exchange(.get("/api/x").bearer(String(bad))).answer.status == 401)
        }
    }

    @Test("a token is refused from the second in which it expires, cached or not")
    func expiry() throws {
        let stage = try Stage.current
        let end = Int(Date().timeIntervalSince1970) + 2
        let token = Forge.token(Forge.claims().with("exp", "\(end)"))
        #expect(try stage.exchange(.get("/api/x").bearer(token)).answer.status == 200)
        var answer = WireResponse()
        let deadline = Deadline.seconds(10)
        repeat {
            answer = try stage.gateway.send(.get("/api/x").bearer(token))
        } while answer.status == 200 && !deadline.hasPassed
        #expect(answer.code == "TOKEN_EXPIRED")
        #expect(Date().timeIntervalSince1970 >= Double(end) - 1)
        #expect(Date().timeIntervalSince1970 < Double(end) + 2)
    }
}

/// A gateway that signs with a key pair: its public half must not do for a secret.
@Suite("J: tokens of a key pair")
struct KeyPairTokenTests {
    @Test(
        "J-10 the public key is no HMAC secret in any encoding; what the key signed is good",
        arguments: [KeyKind.p256, .rsa, .ed25519])
    func publicKeyAsSecret(kind: KeyKind) throws {
        let word = [KeyKind.p256: "es256", .rsa: "rs256", .ed25519: "eddsa"][kind]!
        let algorithm = [KeyKind.p256: "ES256", .rsa: "RS256", .ed25519: "EdDSA"][kind]!
        let key = try PrivateKey.generate(kind)
        let folder = try TemporaryFolder("keypair")
        try folder.write("access.pem", key.pem().withBytes { span in Array(copying: span).text })
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.tokens = ["key \(word) file access.pem"]
        let gateway = try Gateway(configuration, in: folder)

        let header = Forge.header.with("alg", "\"\(algorithm)\"")
        let signed = Forge.encode(header.text) + "." + Forge.encode(Forge.claims(roles: ["admin"]).text)
        let good = signed + "." + Forge.encode(try key.signature(over: Array(signed.utf8).span))
        #expect(try gateway.send(.get("/admin/x").bearer(good)).status == 200)

        let pem = try key.publicKey.pem()
        let body = pem.text.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        let der = Array(Data(base64Encoded: body) ?? Data())
        let mark = backend.mark
        for secret in [
            pem, Array(pem.dropLast()), Array(" ".utf8) + pem, der, Array(body.utf8),
            Array(pem.text.replacing("\n", with: "\r\n").utf8), Array(der.suffix(65)), Array(der.suffix(32)), [],
        ] {
            for alg in ["HS256", algorithm] {
                let forged = Forge.token(
                    header: Forge.header.with("alg", Forge.quoted(alg)).text,
                    payload: Forge.claims(roles: ["admin"]).text, secret: secret)
                #expect(try gateway.send(.get("/admin/x").bearer(forged)).status == 401)
            }
        }
        // Signatures that are no signature: all zero (CVE-2022-21449), empty, of another form.
        for signature in [[UInt8](repeating: 0, count: 64), [], [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]] {
            let forged = signed + "." + Forge.encode(signature)
            #expect(try gateway.send(.get("/admin/x").bearer(forged)).status == 401)
        }
        #expect(backend.requests(since: mark).isEmpty)

        let keys = try gateway.send(.get("/api/auth/.well-known/jwks.json"))
        #expect(keys.status == 200)
        #expect(keys["Cache-Control"]?.contains("max-age=300") == true)
        let members = (keys.json["keys"] as? [[String: Any]])?.first ?? [:]
        #expect(members["alg"] as? String == algorithm)
        #expect(Set(members.keys).isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi", "k"]))
        try gateway.stop()
    }
}

extension Array where Element == UInt8 {
    fileprivate init(copying span: borrowing Span<UInt8>) {
        self = []
        for index in span.indices { append(span[index]) }
    }
}
