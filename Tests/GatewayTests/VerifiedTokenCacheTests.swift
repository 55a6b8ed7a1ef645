import Testing
import Tokens

@testable import Gateway

@Suite("cache of verified tokens")
struct VerifiedTokenCacheTests {
    func claims(_ subject: String, expiresAt: Int64 = 1000, sessionID: String? = nil) -> Claims {
        Claims(issuer: "i", subject: subject, sessionID: sessionID, expiresAt: expiresAt)
    }

    func find(_ cache: inout VerifiedTokenCache<Int>, _ token: String, now: Int64 = 0) -> VerifiedToken<Int>? {
        cache.lookup(Array(token.utf8).span, now: now)
    }

    func insert(_ cache: inout VerifiedTokenCache<Int>, _ token: String, _ claims: Claims, _ payload: Int = 0) {
        cache.insert(Array(token.utf8).span, claims: claims, payload: payload)
    }

    @Test("a stored verdict is found with its payload, under exactly its bytes")
    func exactBytes() {
        var cache = VerifiedTokenCache<Int>()
        let token = "header.payload.signature-of-many-bytes"
        insert(&cache, token, claims("u"), 7)
        #expect(find(&cache, token)?.claims == claims("u"))
        #expect(find(&cache, token)?.payload == 7)
        for index in token.utf8.indices {
            var bytes = Array(token.utf8)
            bytes[token.utf8.distance(from: token.utf8.startIndex, to: index)] ^= 1
            let other = String(decoding: bytes, as: UTF8.self)
            #expect(find(&cache, other) == nil)
        }
        for other in ["", token + "x", String(token.dropLast()), "x" + token] {
            #expect(find(&cache, other) == nil)
        }
    }

    @Test("from the second of exp on nothing is found, in either generation")
    func expiry() {
        var cache = VerifiedTokenCache<Int>(entriesMax: 4)
        insert(&cache, "a", claims("a", expiresAt: 100))
        #expect(find(&cache, "a", now: 99) != nil)
        #expect(find(&cache, "a", now: 100) == nil)
        #expect(find(&cache, "a", now: 0) == nil, "an expired entry is gone, also for a clock that went back")

        insert(&cache, "b", claims("b", expiresAt: 100))
        insert(&cache, "c", claims("c"))
        insert(&cache, "d", claims("d"))
        #expect(find(&cache, "b", now: 100) == nil)
        #expect(find(&cache, "b", now: 0) == nil)
    }

    @Test("100,000 tokens stay within the bounds of entries")
    func entryBound() {
        var cache = VerifiedTokenCache<Int>(entriesMax: 1000)
        for index in 0..<100_000 {
            insert(&cache, "token \(index)", claims("u"))
            #expect(cache.count <= 1000)
        }
        #expect(find(&cache, "token 99999") != nil)
        #expect(find(&cache, "token 0") == nil)
    }

    @Test("long tokens fill it sooner")
    func byteBound() {
        var cache = VerifiedTokenCache<Int>(entriesMax: 100_000, bytesMax: 1 << 20)
        for index in 0..<10_000 {
            insert(&cache, "\(index)" + String(repeating: "x", count: 7000), claims("u"))
        }
        #expect(cache.count <= (1 << 20) / 7000 + 2)
    }

    @Test("a token in use survives a flood of others")
    func usedStays() {
        var cache = VerifiedTokenCache<Int>(entriesMax: 100)
        insert(&cache, "mine", claims("me"))
        for index in 0..<10_000 {
            insert(&cache, "flood \(index)", claims("u"))
            if index % 40 == 0 { #expect(find(&cache, "mine") != nil) }
        }
        #expect(find(&cache, "mine")?.claims.subject == "me")
    }

    @Test("a revocation removes what it concerns, in both generations, and nothing else")
    func revocation() {
        var cache = VerifiedTokenCache<Int>(entriesMax: 4)
        insert(&cache, "a", claims("u", sessionID: "s1"))
        insert(&cache, "b", claims("u", sessionID: "s2"))
        insert(&cache, "c", claims("u", sessionID: "s1"))
        cache.removeAll { $0.sessionID == "s1" }
        #expect(find(&cache, "a") == nil && find(&cache, "c") == nil)
        #expect(find(&cache, "b") != nil)
        cache.removeAll()
        #expect(find(&cache, "b") == nil && cache.count == 0)
    }

    @Test("a verdict stored again replaces the first")
    func replacement() {
        var cache = VerifiedTokenCache<Int>()
        insert(&cache, "a", claims("u"), 1)
        insert(&cache, "a", claims("u"), 2)
        #expect(find(&cache, "a")?.payload == 2)
        #expect(cache.count == 1)
    }
}
