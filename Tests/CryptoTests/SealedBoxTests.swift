import Encoding
import Testing

@testable import Crypto

@Suite("Sealed boxes")
struct SealedBoxTests {
    static let key = Secret([UInt8](repeating: 7, count: 32))
    static let message = Array("a private key".utf8)
    static let context = Array("row 1".utf8)

    private static func open(_ box: [UInt8], key: Secret = key, context: [UInt8] = context) -> [UInt8]? {
        guard let secret = try? SealedBox.open(box.span, key: key, context: context.span) else { return nil }
        return secret.withBytes { span in span.indices.map { span[$0] } }
    }

    @Test("what was sealed opens, and no two boxes are alike")
    func roundTrip() throws {
        let first = try SealedBox.seal(Self.message.span, key: Self.key, context: Self.context.span)
        let second = try SealedBox.seal(Self.message.span, key: Self.key, context: Self.context.span)
        #expect(first != second)
        #expect(first.count == Self.message.count + 28)
        #expect(Self.open(first) == Self.message)
        #expect(Self.open(second) == Self.message)
    }

    @Test("the algorithm is AES-256-GCM: case 16 of the GCM specification opens")
    func published() throws {
        func bytes(_ hex: String) throws -> [UInt8] {
            let digits = Array(hex.utf8)
            return try stride(from: 0, to: digits.count, by: 2).map {
                try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
            }
        }
        let key = try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let box = try bytes(
            "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b")
        let plain = try bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
        let context = try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        #expect(Self.open(box, key: Secret(key), context: context) == plain)
    }

    @Test("one bit, another key, another row or a missing byte: nothing opens")
    func broken() throws {
        let box = try SealedBox.seal(Self.message.span, key: Self.key, context: Self.context.span)
        for index in box.indices {
            var changed = box
            changed[index] ^= 1
            #expect(Self.open(changed) == nil)
        }
        for count in 0..<box.count { #expect(Self.open(Array(box.prefix(count))) == nil) }
        #expect(Self.open(box, key: Secret([UInt8](repeating: 8, count: 32))) == nil)
        #expect(Self.open(box, key: Secret([UInt8](repeating: 7, count: 31))) == nil)
        #expect(Self.open(box, context: Array("row 2".utf8)) == nil)
    }
}
