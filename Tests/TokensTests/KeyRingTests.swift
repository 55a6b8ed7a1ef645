import Crypto
import Encoding
import Testing
import Tokens

@Suite("keys and the key ring")
struct KeyRingTests {
    func load(_ algorithm: Algorithm, _ material: String) throws -> TokenKey {
        let material = Array(material.utf8)
        return try TokenKey.load(algorithm: algorithm, material: material.span)
    }

    @Test("each algorithm signs, and verifies what it signed", arguments: Algorithm.allCases)
    func signing(algorithm: Algorithm) throws {
        let key = try SampleKeys.key(algorithm)
        #expect(key.algorithm == algorithm && key.canSign)
        let message = Array("message".utf8)
        let signature = try key.signature(over: message.span)
        let isValid = key.isValid(signature.span, over: message.span)
        #expect(isValid)
        #expect((key.publicKey == nil) == (algorithm == .hs256))
    }

    @Test("a public key verifies and does not sign")
    func publicOnly() throws {
        let pair = try SampleKeys.key(.es256)
        let key = try load(.es256, SampleKeys.p256PublicPEM)
        #expect(key.id == pair.id && !key.canSign)
        let message = Array("message".utf8)
        let signature = try pair.signature(over: message.span)
        let isValid = key.isValid(signature.span, over: message.span)
        #expect(isValid)
        #expect(throws: KeyProblem.cannotSign) { try key.signature(over: message.span) }
        #expect(throws: KeyProblem.cannotSign) {
            try TokenIssuer(keys: KeyRing([key]), issuer: "i", audience: "a", lifetimeSeconds: 1)
        }
    }

    @Test(
        "one trailing newline is no part of a secret; anything else is",
        arguments: [
            ("", true), ("\n", true), ("\r\n", true), ("\n\n", false), ("\r", false), (" ", false), ("\n\r\n", false),
            ("s", false),
        ])
    func trailingNewline(suffix: String, isSame: Bool) throws {
        let secret = String(repeating: "s", count: 32)
        let (with, without) = (try load(.hs256, secret + suffix), try load(.hs256, secret))
        #expect((with.id == without.id) == isSame, "\(Array(suffix.utf8))")
    }

    @Test("a secret has 32 bytes or more, not counting the newline", arguments: [0, 1, 31])
    func shortSecret(count: Int) throws {
        for suffix in ["", "\n", "\r\n"] {
            #expect(throws: KeyProblem.secretTooShort(bytes: count)) {
                try load(.hs256, String(repeating: "s", count: count) + suffix)
            }
        }
        #expect(try load(.hs256, String(repeating: "s", count: 32)).algorithm == .hs256)
    }

    @Test(
        "what cannot be a key of that algorithm is refused, and the error says why",
        arguments: [
            (Algorithm.hs256, SampleKeys.p256PublicPEM, KeyProblem.secretIsPEM),
            (.hs256, " " + SampleKeys.rsaPEM, .secretIsPEM),
            (.es256, SampleKeys.rsaPEM, .wrongKind(needed: .es256, found: .rs256)),
            (.rs256, SampleKeys.p256PEM, .wrongKind(needed: .rs256, found: .es256)),
            (.rs256, SampleKeys.p256PublicPEM, .wrongKind(needed: .rs256, found: .es256)),
            (.eddsa, SampleKeys.p256PEM, .wrongKind(needed: .eddsa, found: .es256)),
            (.es256, SampleKeys.ed25519PEM, .wrongKind(needed: .es256, found: .eddsa)),
            (.es256, SampleKeys.p384PEM, .unusable(.keyUnsupported("EC on the curve secp384r1"))),
            (.rs256, SampleKeys.rsa1024PEM, .unusable(.keySize(bits: 1024))),
            (.es256, "a secret that is long enough to be one", .unusable(.keyUnreadable)),
            (.rs256, "", .unusable(.keyUnreadable)),
        ])
    func refused(algorithm: Algorithm, material: String, problem: KeyProblem) {
        #expect(throws: problem) { try load(algorithm, material) }
        #expect(!problem.description.isEmpty)
    }

    @Test("the name of a secret is stable and is not made of the secret's own code for anything else")
    func secretName() throws {
        let key = try SampleKeys.key(.hs256)
        let purpose = Array("gatehouse kid v1".utf8)
        let expected = HMAC.sha256(key: Secret(SampleKeys.secret), message: purpose.span)
        #expect(key.id == String(encode(expected).prefix(16)))
        #expect(key.id == (try SampleKeys.key(.hs256)).id)
        #expect(key.id != (try TokenKey(secret: Secret(SampleKeys.otherSecret))).id)
    }

    @Test("a ring needs keys, each of them once")
    func ring() throws {
        #expect(throws: KeyProblem.noKeys) { try KeyRing([]) }
        let key = try SampleKeys.key(.es256)
        #expect(throws: KeyProblem.duplicateID(key.id)) {
            try KeyRing([key, load(.es256, SampleKeys.p256PublicPEM)])
        }
    }

    @Test("kid picks the key, and only one of the same algorithm")
    func keyID() throws {
        let hs256 = try SampleKeys.key(.hs256)
        let (es256, rs256) = (try SampleKeys.key(.es256), try SampleKeys.key(.rs256))
        let ring = try KeyRing([hs256, es256, rs256])
        #expect(ring.key(id: es256.id, algorithm: "ES256")?.id == es256.id)
        #expect(ring.key(id: es256.id, algorithm: "HS256") == nil)
        #expect(ring.key(id: hs256.id, algorithm: "ES256") == nil)
        #expect(ring.key(id: nil, algorithm: "ES256")?.id == es256.id)
        #expect(ring.key(id: nil, algorithm: "EdDSA") == nil)
        #expect(ring.key(id: nil, algorithm: "none") == nil)
        for id in ["", "x", es256.id + " ", es256.id.lowercased(), "../../../dev/null", "' OR 1=1 --", "\0"] {
            #expect(ring.key(id: id, algorithm: "ES256") == nil)
        }
    }

    @Test("without kid, two keys of one algorithm are no answer")
    func ambiguousKey() throws {
        let other = try TokenKey(secret: Secret(SampleKeys.otherSecret))
        let ring = try KeyRing([SampleKeys.key(.hs256), other])
        #expect(ring.key(id: nil, algorithm: "HS256") == nil)
        let verifier = TokenVerifier.sample(ring)
        var forge = Forge()
        #expect(verifier.verdict(try forge.signed(by: other)) == .invalid)
        forge.header.set("kid", "\"\(other.id)\"")
        #expect(verifier.verdict(try forge.signed(by: other)).isGood)
        #expect(verifier.verdict(try forge.signed()) == .invalid)
        for kid in ["null", "1", #"["x"]"#, #""""#, "\"" + String(repeating: "x", count: 3000) + "\""] {
            forge.header.set("kid", kid)
            #expect(verifier.verdict(try forge.signed(by: other)) == .invalid)
        }
    }

    @Test("the JWK set holds the public keys, in order, and nothing of the private ones")
    func jwks() throws {
        let ring = try SampleKeys.ring(.hs256, .es256, .eddsa, .rs256)
        let set = ring.jwks()
        let keys = try #require(try readJSON(set)["keys"]?.elements)
        #expect(keys.map { $0["alg"]?.string } == ["ES256", "EdDSA", "RS256"])
        #expect(keys.map { $0["kid"]?.string } == ring.keys.dropFirst().map(\.id))
        let names = keys.map { key in Set((key.members ?? []).map(\.key)) }
        let common: Set = ["kid", "alg", "use", "kty"]
        #expect(names[0] == common.union(["crv", "x", "y"]))
        #expect(names[1] == common.union(["crv", "x"]))
        #expect(names[2] == common.union(["n", "e"]))
        #expect(keys[1]["x"]?.string == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(keys[2]["e"]?.string == "AQAB")
    }

    @Test("secrets alone make an empty JWK set")
    func emptyJWKS() throws {
        #expect(try SampleKeys.ring(.hs256).jwks() == Array(#"{"keys":[]}"#.utf8))
    }

    @Test("the words of the configuration name the algorithms")
    func words() {
        #expect(Algorithm.allCases.map(\.word) == ["hs256", "es256", "rs256", "eddsa"])
        #expect(Algorithm(word: "rs256") == .rs256)
        #expect(Algorithm(word: "RS256") == nil && Algorithm(word: "none") == nil)
    }
}
