import Crypto
import Encoding
import TestRandom
import Testing
import Tokens

/// Forged tokens, by what is wrong with their envelope; what their claims say is in `ClaimTests`.
@Suite("forged tokens")
struct ForgedTokenTests {
    let verifier: TokenVerifier

    init() throws { verifier = .sample(try SampleKeys.ring(.hs256)) }

    @Test("the token that all forgeries start from is good")
    func control() throws {
        let expected = Claims(
            issuer: Forge.issuer, subject: "user-1", issuedAt: Forge.now, expiresAt: Forge.now + 900)
        #expect(verifier.verdict(try Forge().signed()) == .good(expected))
    }

    @Test("no changed byte survives", arguments: Algorithm.allCases)
    func changedBytes(algorithm: Algorithm) throws {
        var forge = Forge()
        forge.header.set("alg", "\"\(algorithm.rawValue)\"")
        let verifier = TokenVerifier.sample(try SampleKeys.ring(algorithm))
        let token = try forge.signed(by: SampleKeys.key(algorithm))
        #expect(verifier.verdict(token).isGood)
        for index in token.indices {
            var changed = token
            changed[index] = token[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(verifier.verdict(changed) == .invalid, "byte \(index)")
        }
        #expect(verifier.verdict(Array(token.dropLast())) == .invalid)
        #expect(verifier.verdict(token + Array("A".utf8)) == .invalid)
    }

    @Test("unused bits of the last digit make another token, which is refused")
    func unusedBits() throws {
        let token = try Forge().signed()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        let good = alphabet.filter { verifier.verdict(token.dropLast() + [$0]).isGood }
        #expect(good == [token[token.count - 1]])
    }

    @Test("the payload of one token does not go with the signature of another")
    func swappedPayload() throws {
        var other = Forge()
        other.payload.set("sub", #""admin""#)
        let (mine, theirs) = (try Forge().signed(), try other.signed())
        let parts = mine.split(separator: UInt8(ascii: "."))
        let otherParts = theirs.split(separator: UInt8(ascii: "."))
        let mixed = Array([parts[0], otherParts[1], parts[2]].joined(separator: [UInt8(ascii: ".")]))
        #expect(verifier.verdict(mixed) == .invalid)
    }

    @Test("another secret signs nothing here")
    func otherSecret() throws {
        let key = try TokenKey(secret: Secret(SampleKeys.otherSecret))
        #expect(verifier.verdict(try Forge().signed(by: key)) == .invalid)
    }

    @Test(
        "alg none in any spelling, with and without a signature",
        arguments: [
            #""none""#, #""None""#, #""NONE""#, #""nOnE""#, #""""#, "null",
        ])
    func algorithmNone(text: String) throws {
        var forge = Forge()
        forge.header.set("alg", text)
        #expect(verifier.verdict(try forge.signed()) == .invalid)
        #expect(verifier.verdict(forge.signingInput + Array(".".utf8)) == .invalid)
        #expect(verifier.verdict(forge.signingInput) == .invalid)
    }

    @Test(
        "any alg but the key's own is refused, although the signature would match",
        arguments: [
            #""HS384""#, #""HS512""#, #""RS256""#, #""ES256""#, #""PS256""#, #""EdDSA""#, #""hs256""#, #""HS256 ""#,
            #""HS256\u0000""#,
            "256", #"["HS256"]"#, #"{"alg":"HS256"}"#, "true",
        ])
    func otherAlgorithm(text: String) throws {
        var forge = Forge()
        forge.header.set("alg", text)
        #expect(verifier.verdict(try forge.signed()) == .invalid)
        forge.header.set("alg", nil)
        #expect(verifier.verdict(try forge.signed()) == .invalid)
    }

    @Test(
        "a public key is no HMAC secret, in whatever form somebody tries it",
        arguments: [
            Algorithm.es256, .rs256, .eddsa,
        ])
    func publicKeyAsSecret(algorithm: Algorithm) throws {
        let key = try SampleKeys.key(algorithm)
        let publicKey = try #require(key.publicKey)
        let pem = try publicKey.pem()
        let numbers: [UInt8] =
            switch publicKey.parameters {
            case .p256(let x, let y): [0x04] + x + y
            case .rsa(let modulus, _): modulus
            case .ed25519(let x): x
            }
        let lines = pem.split(separator: 0x0A)
        let der = Array(lines.dropFirst().dropLast().joined())
        for secret in [pem, Array(pem.dropLast()), [0x20] + pem, Array(pem.filter { $0 != 0x0A }), der, numbers] {
            let forger = try TokenKey(secret: Secret(secret), id: key.id)
            for id in [nil, "\"\(key.id)\""] {
                for alg in ["HS256", algorithm.rawValue] {
                    var forge = Forge()
                    forge.header.set("alg", "\"\(alg)\"")
                    forge.header.set("kid", id)
                    #expect(TokenVerifier.sample(try KeyRing([key])).verdict(try forge.signed(by: forger)) == .invalid)
                }
            }
        }
    }

    @Test(
        "typ is absent, JWT or at+jwt, in any case of letters",
        arguments: [
            (nil, true), (#""JWT""#, true), (#""jwt""#, true), (#""at+jwt""#, true), (#""AT+JWT""#, true),
            (#""""#, false), (#""JWS""#, false), (#""JOSE""#, false), (#""id+jwt""#, false), (#""logout+jwt""#, false),
            (#""dpop+jwt""#, false), (#""application/at+jwt""#, false), (#""JWT ""#, false), (#""jwt\u0000""#, false),
            ("null", false), ("1", false), (#"["JWT"]"#, false), ("\"\u{FF2A}WT\"", false),
        ])
    func type(text: String?, isGood: Bool) throws {
        var forge = Forge()
        forge.header.set("typ", text)
        #expect(verifier.verdict(try forge.signed()).isGood == isGood)
    }

    @Test(
        "extensions that must be understood are not",
        arguments: [
            ("crit", #"["exp"]"#), ("crit", "[]"), ("crit", "null"), ("crit", #""exp""#), ("crit", #"["b64"]"#),
            ("b64", "false"),
            ("b64", "true"),
        ])
    func critical(name: String, text: String) throws {
        var forge = Forge()
        forge.header.set(name, text)
        #expect(verifier.verdict(try forge.signed()) == .invalid)
    }

    @Test("a key that the token brings along is not used", arguments: ["jwk", "jku", "x5u", "x5c"])
    func embeddedKey(name: String) throws {
        let forger = try PrivateKey.generate(.p256)
        guard case .p256(let x, let y) = forger.publicKey.parameters else { throw CryptoError.keyInvalid }
        var forge = Forge()
        forge.header.set("alg", #""ES256""#)
        let jwk = #"{"kty":"EC","crv":"P-256","x":"\#(encode(x))","y":"\#(encode(y))"}"#
        forge.header.set(name, name == "jwk" ? jwk : #""http://127.0.0.1:1/key""#)
        let ring = try SampleKeys.ring(.es256)
        #expect(TokenVerifier.sample(ring).verdict(try forge.signed(by: TokenKey(forger))) == .invalid)
    }

    @Test("what is no compact token of three parts is refused")
    func structure() throws {
        let token = String(decoding: try Forge().signed(), as: UTF8.self)
        let parts = token.split(separator: ".").map(String.init)
        for text in [
            "", ".", "..", "...", "....", " ", "a.b.c", token + ".", "." + token, token + "..", token + " ",
            " " + token,
            token + "\n", token + "=", token + "\0", "\u{FEFF}" + token, "Bearer " + token, parts[0],
            parts[0] + "." + parts[1],
            parts[0] + ".." + parts[1] + "." + parts[2], parts[0] + "=." + parts[1] + "." + parts[2],
            parts[0] + "." + parts[1] + "==." + parts[2], "." + parts[1] + "." + parts[2], parts[0] + ".." + parts[2],
            parts[0] + "." + parts[1] + ".", token + "." + token,
            [parts[0], "", "", "", parts[2]].joined(separator: "."),
            #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#,
            #"{"payload":"\#(parts[1])","signatures":[{"protected":"\#(parts[0])","signature":"\#(parts[2])"}]}"#,
            token.replacingFirst("e", with: "é"), token.replacingFirst("e", with: "+"),
            token.replacingFirst("e", with: "/"),
        ] {
            #expect(verifier.verdict(Array(text.utf8)) == .invalid, "\(text)")
        }
    }

    @Test(
        "header and payload are strict JSON objects",
        arguments: [
            "", " ", "[]", "null", "true", "1", #""x""#, "{", "{}x", "{}{}", "{'alg':'HS256'}", "\u{FEFF}{}",
            #"{"alg":"HS256",}"#,
        ])
    func notObjects(text: String) throws {
        var forge = Forge()
        forge.header.whole = text
        #expect(verifier.verdict(try forge.signed()) == .invalid)
        forge = Forge()
        forge.payload.whole = text
        #expect(verifier.verdict(try forge.signed()) == .invalid)
    }

    @Test(
        "a repeated member is refused in the header, in the payload and deep inside",
        arguments: [
            #""sub":"admin""#, #""\u0073ub":"admin""#, #""x":{"a":1,"a":1}"#,
        ])
    func duplicates(member: String) throws {
        var forge = Forge()
        forge.payload.whole = forge.payload.text.dropLast() + "," + member + "}"
        #expect(verifier.verdict(try forge.signed()) == .invalid)
        forge = Forge()
        forge.header.whole = #"{"alg":"HS256","alg":"HS256"}"#
        #expect(verifier.verdict(try forge.signed()) == .invalid)
    }

    @Test("a payload nested 33 levels deep is refused, whatever else it says")
    func deepPayload() throws {
        for (levels, isGood) in [(31, true), (32, false), (2000, false)] {
            var forge = Forge()
            forge.payload.set("x", String(repeating: "[", count: levels) + String(repeating: "]", count: levels))
            #expect(verifier.verdict(try forge.signed()).isGood == isGood)
        }
    }

    @Test("8 KiB is the longest token; 12 KiB and 200 KiB of valid shape are refused")
    func size() throws {
        func token(padding: Int) throws -> [UInt8] {
            var forge = Forge()
            forge.payload.set("x", "\"" + String(repeating: "x", count: padding) + "\"")
            return try forge.signed()
        }
        // Three bytes of payload are four of the token.
        let padding = (TokenVerifier.tokenBytesMax - (try token(padding: 0)).count) / 4 * 3
        let longest = try token(padding: padding)
        #expect(longest.count <= TokenVerifier.tokenBytesMax && longest.count > TokenVerifier.tokenBytesMax - 4)
        #expect(verifier.verdict(longest).isGood)
        for padding in [padding + 4, 9_000, 150_000] {
            #expect(verifier.verdict(try token(padding: padding)) == .invalid)
        }
    }

    @Test("20,000 mutilated tokens are refused without a trap")
    func mutilated() throws {
        var generator = SplitMix(seed: 20_260_102)
        let token = try Forge().signed()
        for _ in 0..<20_000 {
            var mutilated = token
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: 0..<mutilated.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: mutilated[index] = .random(in: 0...255, using: &generator)
                case 1: mutilated.remove(at: index)
                case 2: mutilated.insert(UInt8(ascii: "."), at: index)
                default: mutilated.removeSubrange(index...)
                }
                if mutilated.isEmpty { break }
            }
            if mutilated != token { #expect(verifier.verdict(mutilated) == .invalid) }
        }
    }

    @Test("20,000 mutilated payloads under a good signature never trap")
    func mutilatedPayloads() throws {
        var generator = SplitMix(seed: 20_260_103)
        let key = try SampleKeys.key(.hs256)
        let pieces = [
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\ud800", "null", "1e999", "-", "0",
            "9999999999999999999", "\"exp\"",
            "\"sub\":", "\u{1F600}", "\0",
        ].map { Array($0.utf8) }
        for _ in 0..<20_000 {
            var payload = Array(Forge().payload.text.utf8)
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let index = Int.random(in: 0...payload.count, using: &generator)
                payload.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: index)
                if Bool.random(using: &generator) { payload.remove(at: index) }
            }
            let input = Array((encode(Array(#"{"alg":"HS256"}"#.utf8)) + "." + encode(payload)).utf8)
            let signature = try key.signature(over: input.span)
            _ = verifier.verdict(input + Array(("." + encode(signature)).utf8))
        }
    }
}

extension String {
    func replacingFirst(_ old: Character, with new: Character) -> String {
        guard let index = firstIndex(of: old) else { return self }
        return replacing(index...index, with: [new])
    }

    private func replacing(_ range: ClosedRange<Index>, with new: [Character]) -> String {
        var copy = self
        copy.replaceSubrange(range, with: new)
        return copy
    }
}
