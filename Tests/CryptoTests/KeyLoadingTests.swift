import Crypto
import Testing

@Suite("loading keys")
struct KeyLoadingTests {
    func privateKey(_ pem: String) throws -> PrivateKey { try PrivateKey(pem: Array(pem.utf8).span) }
    func publicKey(_ pem: String) throws -> PublicKey { try PublicKey(pem: Array(pem.utf8).span) }

    @Test(
        "private keys are read in every usual form",
        arguments: [
            (PEMSamples.p256SEC1, KeyKind.p256), (PEMSamples.p256PKCS8, .p256), (PEMSamples.rsaPKCS1, .rsa),
            (PEMSamples.ed25519, .ed25519), ("a comment\n" + PEMSamples.ed25519 + "\n", .ed25519),
        ])
    func privateForms(pem: String, kind: KeyKind) throws {
        #expect(try privateKey(pem).kind == kind)
    }

    @Test("the forms of one key are one key")
    func sameKey() throws {
        let parameters = try publicKey(PEMSamples.p256Public).parameters
        #expect(try privateKey(PEMSamples.p256SEC1).publicKey.parameters == parameters)
        #expect(try privateKey(PEMSamples.p256PKCS8).publicKey.parameters == parameters)
    }

    @Test("a generated key survives being written and read", arguments: KeyKind.allCases)
    func writing(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let pem = try key.pem()
        let text = pem.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try privateKey(text).publicKey.parameters == key.publicKey.parameters)

        let publicText = String(decoding: try key.publicKey.pem(), as: UTF8.self)
        #expect(publicText.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        #expect(try publicKey(publicText).parameters == key.publicKey.parameters)
        #expect(throws: CryptoError.keyUnreadable) { try privateKey(publicText) }
        #expect(throws: CryptoError.keyUnreadable) { try publicKey(text) }
    }

    @Test(
        "what cannot be used is refused, and the error says why",
        arguments: [
            (PEMSamples.p256Encrypted, CryptoError.keyEncrypted),
            (PEMSamples.p256EncryptedSEC1, .keyEncrypted),
            (PEMSamples.p256Mismatched, .keyInvalid),
            (PEMSamples.rsa1024, .keySize(bits: 1024)),
            (PEMSamples.rsaPSS, .keyUnsupported("RSA-PSS")),
            (PEMSamples.p384, .keyUnsupported("EC on the curve secp384r1")),
            (PEMSamples.secp256k1, .keyUnsupported("EC on the curve secp256k1")),
            (PEMSamples.ed448, .keyUnsupported("ED448")),
            (PEMSamples.x25519, .keyUnsupported("X25519")),
            (PEMSamples.p256Public, .keyUnreadable),
            ("", .keyUnreadable),
            ("not a key", .keyUnreadable),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", .keyUnreadable),
            (String(PEMSamples.p256PKCS8.dropLast(40)), .keyUnreadable),
            (String(repeating: "x", count: 100_000), .keyUnreadable),
        ])
    func refused(pem: String, error: CryptoError) {
        #expect(throws: error) { try privateKey(pem) }
    }

    @Test("numbers that make no key are refused")
    func badParameters() throws {
        guard case .p256(let x, let y) = try privateKey(PEMSamples.p256SEC1).publicKey.parameters,
            case .rsa(let modulus, let exponent) = try privateKey(PEMSamples.rsaPKCS1).publicKey.parameters
        else { throw CryptoError.keyInvalid }
        let zeros = [UInt8](repeating: 0, count: 32)
        var offCurve = y
        offCurve[31] ^= 1
        for parameters: PublicParameters in [
            .p256(x: x, y: offCurve), .p256(x: y, y: x), .p256(x: zeros, y: zeros), .p256(x: [], y: []),
            .p256(x: x, y: [0] + y), .p256(x: Array(x.dropLast()), y: y),
            .p256(x: [UInt8](repeating: 0xFF, count: 32), y: y),
            .rsa(modulus: [], exponent: exponent), .rsa(modulus: modulus, exponent: []),
            .rsa(modulus: modulus, exponent: [1]), .rsa(modulus: modulus, exponent: [2]),
            .rsa(modulus: Array(modulus.prefix(128)), exponent: exponent),
            .rsa(modulus: modulus + [UInt8](repeating: 1, count: 4096), exponent: exponent),
            .ed25519(x: []), .ed25519(x: [UInt8](repeating: 1, count: 31)),
        ] {
            #expect(throws: CryptoError.self, "\(parameters)") { try PublicKey(parameters: parameters) }
        }
        #expect(try PublicKey(parameters: .p256(x: x, y: y)).kind == .p256)
        #expect(try PublicKey(parameters: .rsa(modulus: modulus, exponent: exponent)).kind == .rsa)
    }

    @Test("an Ed25519 point that is none verifies nothing")
    func badEd25519Point() throws {
        let key = try PublicKey(parameters: .ed25519(x: [UInt8](repeating: 0xFF, count: 32)))
        #expect(!isValid([UInt8](repeating: 0, count: 64), [], key))
    }
}
