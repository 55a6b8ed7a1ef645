import Testing

@testable import Accounts
@testable import Crypto
@testable import Encoding

struct RefreshTokenTests {
    @Test("a token comes back from its text")
    func roundTrip() throws {
        let token = try RefreshToken.fresh()
        #expect(token.text.utf8.count == 43)
        #expect(RefreshToken(presented: Array(token.text.utf8))?.digest == token.digest)
    }

    @Test("the digest is SHA-256 of the 32 bytes")
    func digest() throws {
        let token = try #require(RefreshToken(presented: Array(repeating: UInt8(ascii: "A"), count: 43)))
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(token.digest == SHA256.digest(zeros.span))
    }

    @Test("fresh tokens differ")
    func fresh() throws {
        let texts = try (0..<1000).map { _ in try RefreshToken.fresh().text }
        #expect(Set(texts).count == 1000)
    }

    @Test(
        "whatever could not have been issued is no token",
        arguments: [
            "", "A", String(repeating: "A", count: 42), String(repeating: "A", count: 44),
            String(repeating: "A", count: 42) + "B",  // unused bits set: the same bytes in a second spelling
            String(repeating: "A", count: 42) + "=", String(repeating: "+", count: 43),
            String(repeating: "A", count: 42) + "\0", String(repeating: "x", count: 9000),
        ])
    func junk(text: String) {
        #expect(RefreshToken(presented: Array(text.utf8)) == nil)
    }

    @Test("only the spent token opens its successor")
    func sealing() throws {
        let spent = try RefreshToken.fresh()
        let successor = try RefreshToken.fresh()
        let sealed = spent.seal(successor)
        #expect(spent.open(sealed)?.text == successor.text)
        #expect(try RefreshToken.fresh().open(sealed)?.text != successor.text)
        #expect(Base64URL.encode(sealed.span) != successor.text)
        #expect(spent.open(Array(sealed.dropLast())) == nil)
        #expect(spent.open([]) == nil)
    }

    @Test("the seal is XOR with HMAC-SHA-256 of the spent token, as decision 0005 says")
    func formula() throws {
        let spent = try RefreshToken.fresh()
        let successor = try RefreshToken.fresh()
        let key = try bytes(of: spent)
        let plain = try bytes(of: successor)
        let mask = HMAC.sha256(key: key.span, message: Array("gatehouse successor v1".utf8).span)
        #expect(spent.seal(successor) == zip(plain, mask).map { $0 ^ $1 })
    }

    private func bytes(of token: RefreshToken) throws -> [UInt8] {
        let decoded = Base64URL.decode(Array(token.text.utf8).span)
        return try #require(decoded)
    }

    @Test("a token does not print")
    func printing() throws {
        let token = try RefreshToken.fresh()
        #expect(!"\(token)".contains(token.text))
        #expect(!String(reflecting: token).contains(token.text))
    }
}
