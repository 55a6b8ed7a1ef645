import Crypto
import Encoding
import TestVectors
import Testing

@Suite("digests")
struct DigestTests {
    func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes.span) }

    @Test(
        "SHA-256: the examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(hex(SHA256.digest(Array(message.utf8).span)) == digest)
    }

    @Test("HMAC-SHA-256: RFC 4231, test cases 2 and 6")
    func hmac() {
        let short = HMAC.sha256(key: Array("Jefe".utf8).span, message: Array("what do ya want for nothing?".utf8).span)
        #expect(hex(short) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMAC.sha256(
            key: Secret([UInt8](repeating: 0xAA, count: 131)),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8).span)
        #expect(hex(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("an empty key and an empty message have a code too")
    func emptyHMAC() {
        let code = HMAC.sha256(key: [UInt8]().span, message: [UInt8]().span)
        #expect(hex(code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("Wycheproof: HMAC-SHA-256", .enabled(if: TestVectors.arePresent, Comment(rawValue: TestVectors.absence)))
    func wycheproof() throws {
        let cases = try WycheproofCase.read("hmac_sha256_test.json")
        #expect(cases.count == 174)
        for test in cases {
            // Truncated tags are compared with the start of the code, as the vectors mean them.
            let (key, message) = (try test.bytes("key"), try test.bytes("msg"))
            let code = HMAC.sha256(key: key.span, message: message.span)
            let tag = try test.bytes("tag")
            let isValid = constantTimeEqual(Array(code.prefix(tag.count)).span, tag.span)
            #expect(isValid == test.isValid, "case \(test.id)")
        }
    }
}
