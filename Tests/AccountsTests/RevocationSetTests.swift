import Encoding
import Testing

@testable import Accounts

struct RevocationSetTests {
    private let session = Revocation(kind: .session, issuer: "us", value: "s1", until: 100)
    private let token = Revocation(kind: .token, issuer: "us", value: "t1", until: 200)

    @Test("a token is revoked by its session or by itself, at its own issuer")
    func membership() {
        var set = RevocationSet()
        #expect(!set.contains(sid: "s1", jti: "t1", issuer: "us"))
        set.insert([session, token])
        #expect(set.contains(sid: "s1", jti: nil, issuer: "us"))
        #expect(set.contains(sid: "s1", jti: "other", issuer: "us"))
        #expect(set.contains(sid: "other", jti: "t1", issuer: "us"))
        #expect(!set.contains(sid: "t1", jti: "s1", issuer: "us"))
        #expect(!set.contains(sid: "s1", jti: "t1", issuer: "them"))
        #expect(!set.contains(sid: nil, jti: nil, issuer: "us"))
    }

    @Test("reading the same rows again is no news, and the later end counts")
    func repetition() {
        var set = RevocationSet()
        let first = set.insert([session])
        let second = set.insert([session])
        #expect(first)
        #expect(!second)
        set.insert([Revocation(kind: .session, issuer: "us", value: "s1", until: 300)])
        set.insert([session])
        set.prune(now: 200)
        #expect(set.contains(sid: "s1", jti: nil, issuer: "us"))
    }

    @Test("a revocation is forgotten once its last token has expired, and not before")
    func pruning() {
        var set = RevocationSet()
        set.insert([session, token])
        set.prune(now: 100)
        #expect(set.count == 2)
        set.prune(now: 120)
        #expect(set.count == 1)
        #expect(!set.contains(sid: "s1", jti: nil, issuer: "us"))
        set.prune(now: .max)
        #expect(set.count == 0)
    }

    @Test("a full set says so instead of forgetting")
    func overflow() {
        var set = RevocationSet(entriesMax: 1)
        set.insert([session])
        #expect(!set.isIncomplete)
        set.insert([session])
        #expect(!set.isIncomplete)
        set.insert([token])
        #expect(set.isIncomplete)
        #expect(set.contains(sid: "s1", jti: nil, issuer: "us"))
    }

    @Test("UUIDs and other names are told apart, in each kind and at each issuer")
    func uuids() throws {
        var set = RevocationSet()
        let ids = (UInt64(0)..<1000).map { UUIDText.version4($0 &* 0x9E37_79B9_7F4A_7C15, $0) }
        set.insert(ids.map { Revocation(kind: .session, issuer: "us", value: $0, until: 100) })
        #expect(set.count == 1000)
        let one = try #require(ids.last)
        // Same number, other name. Asked for outside of the expectations, which would print the whole set.
        let shouted = one.uppercased()
        let before = (
            ids.allSatisfy { set.contains(sid: $0, jti: nil, issuer: "us") },
            set.contains(sid: nil, jti: one, issuer: "us"), set.contains(sid: one, jti: nil, issuer: "them"),
            set.contains(sid: shouted, jti: nil, issuer: "us")
        )
        #expect(before == (true, false, false, false))
        set.insert([Revocation(kind: .session, issuer: "us", value: shouted, until: 100)])
        let after = set.contains(sid: shouted, jti: nil, issuer: "us")
        #expect(after)
        #expect(set.count == 1001)
    }

    @Test("forgetting goes in portions, and what was prolonged stays until its new end")
    func portions() {
        var set = RevocationSet()
        let many = RevocationSet.prunedMax + 10
        set.insert((0..<many).map { Revocation(kind: .token, issuer: "us", value: "t\($0)", until: 100) })
        set.insert([Revocation(kind: .token, issuer: "us", value: "t0", until: 500)])
        set.prune(now: 120)
        #expect(set.count > 0 && set.count <= 11)
        set.prune(now: 120)
        #expect(set.count == 1)
        #expect(set.contains(sid: nil, jti: "t0", issuer: "us"))
        set.prune(now: 540)
        #expect(set.count == 0)
    }
}
