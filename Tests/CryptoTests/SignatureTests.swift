import Crypto
import TestVectors
import Testing

@Suite("signatures")
struct SignatureTests {
    let message = Array("a message".utf8)

    @Test("a signature is valid for its message and its key, and for nothing else", arguments: KeyKind.allCases)
    func roundTrip(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.signature(over: message.span)
        #expect(signature.count == (kind == .rsa ? 384 : 64))
        #expect(isValid(signature, message, key.publicKey))
        #expect(!isValid(signature, Array("another".utf8), key.publicKey))
        #expect(!isValid(signature, [], key.publicKey))
        #expect(!isValid(signature, message, try PrivateKey.generate(kind).publicKey))
    }

    @Test("the empty message can be signed", arguments: KeyKind.allCases)
    func emptyMessage(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let empty: [UInt8] = []
        #expect(isValid(try key.signature(over: empty.span), empty, key.publicKey))
    }

    @Test("no flipped bit survives", arguments: KeyKind.allCases)
    func flippedBits(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.signature(over: message.span)
        for index in signature.indices {
            var flipped = signature
            flipped[index] ^= 1 << UInt8(index % 8)
            #expect(!isValid(flipped, message, key.publicKey), "byte \(index)")
        }
    }

    @Test("other lengths and extreme numbers are refused", arguments: KeyKind.allCases)
    func malformed(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.signature(over: message.span)
        for malformed in [
            [], [0], Array(signature.dropLast()), Array(signature.dropFirst()), signature + [0], [0] + signature,
            signature + signature, [UInt8](repeating: 0, count: signature.count),
            [UInt8](repeating: 0xFF, count: signature.count), [UInt8](repeating: 1, count: 100_000),
        ] {
            #expect(!isValid(malformed, message, key.publicKey))
        }
    }

    @Test("an ES256 signature in DER is refused, although OpenSSL would take it")
    func derIsNotJOSE() throws {
        let key = try PrivateKey.generate(.p256)
        let raw = try key.signature(over: message.span)
        #expect(isValid(raw, message, key.publicKey))
        func number(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            var digits = Array(bytes.drop { $0 == 0 })
            if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
            return [0x02, UInt8(digits.count)] + digits
        }
        let body = number(raw[..<32]) + number(raw[32...])
        #expect(!isValid([0x30, UInt8(body.count)] + body, message, key.publicKey))
    }

    @Test("many threads may use one key at once", arguments: KeyKind.allCases)
    func concurrency(kind: KeyKind) async throws {
        let key = try PrivateKey.generate(kind)
        let message = message
        let valid = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var valid = 0
                    for _ in 0..<20 {
                        let signature = try key.signature(over: message.span)
                        if key.publicKey.isValid(signature.span, over: message.span) { valid += 1 }
                    }
                    return valid
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(valid == 160)
    }
}

/// `#expect` cannot take spans apart, so the tests ask through this.
func isValid(_ signature: [UInt8], _ message: [UInt8], _ key: PublicKey) -> Bool {
    key.isValid(signature.span, over: message.span)
}

@Suite(
    "signatures against Wycheproof", .enabled(if: TestVectors.arePresent, Comment(rawValue: TestVectors.absence)))
struct WycheproofSignatureTests {
    @Test(
        "every verdict is the published one",
        arguments: [
            ("ecdsa_secp256r1_sha256_p1363_test.json", 262, KeyKind.p256),
            ("ed25519_test.json", 151, .ed25519),
            ("rsa_signature_2048_sha256_test.json", 259, .rsa),
        ])
    func verdicts(file: String, count: Int, kind: KeyKind) throws {
        let cases = try WycheproofCase.read(file)
        #expect(cases.count == count)
        for test in cases {
            let key = try test.publicKey()
            #expect(key.kind == kind)
            // "Acceptable" is one RSA signature whose encoding lacks a NULL; whoever takes it is lax.
            #expect(
                isValid(try test.bytes("sig"), try test.bytes("msg"), key) == test.isValid,
                "case \(test.id): \(test.test["comment"]?.string ?? "")")
        }
    }

    @Test(
        "a key made from its numbers verifies like the one from PEM",
        arguments: [
            "ecdsa_secp256r1_sha256_p1363_test.json", "ed25519_test.json", "rsa_signature_2048_sha256_test.json",
        ])
    func parameters(file: String) throws {
        for test in try WycheproofCase.read(file) where test.isValid {
            let fromPEM = try test.publicKey()
            let key = try PublicKey(parameters: fromPEM.parameters)
            #expect(key.parameters == fromPEM.parameters)
            #expect(isValid(try test.bytes("sig"), try test.bytes("msg"), key), "case \(test.id)")
        }
    }

    @Test("a PSS signature is no RS256 signature, although the key is an RSA key")
    func pss() throws {
        let cases = try WycheproofCase.read("rsa_pss_2048_sha256_mgf1_32_test.json")
        #expect(cases.count == 108)
        for test in cases where test.isValid {
            let key = try test.publicKey()
            #expect(!isValid(try test.bytes("sig"), try test.bytes("msg"), key), "case \(test.id)")
        }
    }
}
