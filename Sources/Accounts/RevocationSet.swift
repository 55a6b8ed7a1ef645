/// The revocations that one core knows: asked for every token that the gate accepts, so both answers cost one or two
/// hash look-ups and no lock. Each core has its own copy.
///
/// It forgets an entry once its `until` is past, because then no token that it concerns is valid any more.
package struct RevocationSet: Sendable {
    /// Entries kept at most (about 150 bytes each). A gateway that ends a session every millisecond for a quarter of an
    /// hour reaches it.
    package static let entriesMax = 1_000_000

    /// True once an entry had to be left out. The set then no longer knows every ended session, so the gate must answer
    /// as it does when it cannot read the table: `REVOCATIONS_STALE`. Forgetting quietly would bring sessions back.
    package private(set) var isIncomplete = false

    private var untilByKey: [Key: Int64] = [:]
    private let capacity: Int

    private struct Key: Hashable {
        let kind: Revocation.Kind
        let issuer: String
        let value: String
    }

    /// `entriesMax` is there for tests.
    package init(entriesMax: Int = RevocationSet.entriesMax) {
        capacity = entriesMax
    }

    /// How many revocations are in force, for `/metrics`.
    package var count: Int { untilByKey.count }

    /// Whether a token of `issuer` with this `sid` and `jti` (nil: the token has none) is revoked.
    package func contains(sid: String?, jti: String?, issuer: String) -> Bool {
        if untilByKey.isEmpty { return false }
        if let sid, untilByKey[Key(kind: .session, issuer: issuer, value: sid)] != nil { return true }
        if let jti, untilByKey[Key(kind: .token, issuer: issuer, value: jti)] != nil { return true }
        return false
    }

    /// Adds what was read or written; an entry known already keeps its later `until`.
    ///
    /// Returns whether something new came in: only then must a cache of verified tokens be looked through.
    @discardableResult
    package mutating func insert(_ revocations: [Revocation]) -> Bool {
        var isNews = false
        for revocation in revocations {
            let key = Key(kind: revocation.kind, issuer: revocation.issuer, value: revocation.value)
            if let known = untilByKey[key] {
                untilByKey[key] = max(known, revocation.until)
            } else if untilByKey.count < capacity {
                untilByKey[key] = revocation.until
                isNews = true
            } else {
                isIncomplete = true
            }
        }
        return isNews
    }

    /// Takes in what another set knows.
    package mutating func formUnion(_ other: RevocationSet) {
        for (key, until) in other.untilByKey { untilByKey[key] = max(until, untilByKey[key] ?? until) }
        if other.isIncomplete { isIncomplete = true }
    }

    /// Forgets what no longer matters at `now` (unix seconds). O(n); once a minute is often enough.
    package mutating func prune(now: Int64) {
        untilByKey = untilByKey.filter { $0.value >= now }
    }
}
