import Crypto
import Testing

@Suite("secrets and randomness")
struct SecretTests {
    @Test("a secret never prints, however it is printed")
    func printing() {
        let secret = Secret(Array("hunter2hunter2".utf8))
        struct Holder {
            let key: Secret
            let keys: [String: Secret?]
        }
        let holder = Holder(key: secret, keys: ["a": secret])
        var dumped = ""
        dump(holder, to: &dumped)
        for text in [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\(holder)",
            String(reflecting: holder),
            "\([secret])", "\(Optional(secret) as Any)", dumped,
        ] {
            #expect(!text.contains("hunter") && !text.contains("104"), "\(text)")
            #expect(text.contains("<secret>"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test("the bytes can be lent, and an array handed in elsewhere stays whole")
    func lending() {
        let bytes = Array("0123456789".utf8)
        let secret = Secret(bytes)
        #expect(bytes == Array("0123456789".utf8))
        #expect(secret.count == 10)
        #expect(secret.withBytes { lent in lent.indices.map { lent[$0] } } == bytes)
        #expect(Secret(copying: bytes.span).withBytes { $0.count } == 10)
        #expect(Secret([]).withBytes { $0.isEmpty })
    }

    @Test("comparison looks at every byte and at the length")
    func comparison() {
        func equal(_ a: String, _ b: String) -> Bool {
            constantTimeEqual(Array(a.utf8).span, Array(b.utf8).span)
        }
        #expect(equal("", ""))
        #expect(equal("abc", "abc"))
        #expect(!equal("abc", "abd"))
        #expect(!equal("xbc", "abc"))
        #expect(!equal("abc", "ab"))
        #expect(!equal("", "a"))
    }

    @Test("random bytes come in the number asked for, and never twice")
    func randomness() throws {
        #expect(try Randomness.bytes(0).isEmpty)
        #expect(try Randomness.bytes(1000).count == 1000)
        #expect(try Set((0..<1000).map { _ in try Randomness.bytes(16) }).count == 1000)
        #expect(try Set((0..<1000).map { _ in try Randomness.uint64() }).count == 1000)
        #expect(throws: CryptoError.randomnessUnavailable) { try Randomness.bytes(-1) }
    }
}
