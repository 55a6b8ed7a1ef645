import Encoding

/// The revocations that one core knows: asked for every token that the gate accepts, so both answers cost one or two
/// hash look-ups and no lock. Each core has its own copy.
///
/// It forgets an entry within a minute of its `until`, because then no token that it concerns is valid any more.
package struct RevocationSet: Sendable {
    /// Entries kept at most, about 90 bytes each when their values are UUIDs, as ours are. A gateway that ends a session
    /// every millisecond for a quarter of an hour reaches it.
    package static let entriesMax = 1_000_000
    /// Entries that one call of `prune` looks at: half a millisecond of a core's time.
    static let prunedMax = 5_000

    /// True once an entry had to be left out. The set then no longer knows every ended session, so the gate must answer
    /// as it does when it cannot read the table: `REVOCATIONS_STALE`. Forgetting quietly would bring sessions back.
    package private(set) var isIncomplete = false

    /// Values of one kind and one issuer. Of issuers there are as many as the configuration names.
    private struct Scope: Hashable {
        let kind: Revocation.Kind
        let issuer: String
    }

    private var ids: [Scope: RevokedIDs<UInt128>] = [:]
    /// Values that are no UUIDs: another service signs with our key, and names its sessions as it likes.
    private var names: [Scope: RevokedIDs<String>] = [:]
    private let capacity: Int

    /// How many revocations are in force, for `/metrics`.
    package private(set) var count = 0

    /// `entriesMax` is there for tests.
    package init(entriesMax: Int = RevocationSet.entriesMax) {
        capacity = entriesMax
    }

    /// Whether a token of `issuer` with this `sid` and `jti` (nil: the token has none) is revoked.
    package func contains(sid: String?, jti: String?, issuer: String) -> Bool {
        if count == 0 { return false }
        if let sid, contains(sid, in: Scope(kind: .session, issuer: issuer)) { return true }
        if let jti, contains(jti, in: Scope(kind: .token, issuer: issuer)) { return true }
        return false
    }

    private func contains(_ value: String, in scope: Scope) -> Bool {
        if let id = Self.id(value) { return ids[scope]?.contains(id) ?? false }
        return names[scope]?.contains(value) ?? false
    }

    /// Adds what was read or written; an entry known already keeps its later `until`.
    ///
    /// Returns whether something new came in: only then must a cache of verified tokens be looked through.
    @discardableResult
    package mutating func insert(_ revocations: [Revocation]) -> Bool {
        let before = count
        for revocation in revocations {
            let scope = Scope(kind: revocation.kind, issuer: revocation.issuer)
            let hasRoom = count < capacity
            let outcome: Outcome =
                if let id = Self.id(revocation.value) {
                    ids[scope, default: RevokedIDs()].insert(id, until: revocation.until, hasRoom: hasRoom)
                } else {
                    names[scope, default: RevokedIDs()].insert(
                        revocation.value, until: revocation.until, hasRoom: hasRoom)
                }
            switch outcome {
            case .new: count += 1
            case .known: break
            case .refused: isIncomplete = true
            }
        }
        return count > before
    }

    /// Takes in what another set knows: at once when this one knows nothing yet.
    package mutating func formUnion(_ other: RevocationSet) {
        if count == 0, !isIncomplete {
            (ids, names, count, isIncomplete) = (other.ids, other.names, other.count, other.isIncomplete)
            return
        }
        for (scope, set) in other.ids { count += ids[scope, default: RevokedIDs()].formUnion(set) }
        for (scope, set) in other.names { count += names[scope, default: RevokedIDs()].formUnion(set) }
        if other.isIncomplete { isIncomplete = true }
    }

    /// Forgets some of what no longer matters at `now` (unix seconds); to be called a few times a second. In small
    /// portions, because a million at once would keep the core from its requests.
    package mutating func prune(now: Int64) {
        var budget = Self.prunedMax
        for scope in ids.keys { count -= ids[scope]?.prune(now: now, budget: &budget) ?? 0 }
        for scope in names.keys { count -= names[scope]?.prune(now: now, budget: &budget) ?? 0 }
    }

    /// A UUID in the one spelling that it has as an id.
    private static func id(_ value: String) -> UInt128? {
        let bytes = value.utf8Span
        guard bytes.count == 36, let words = UUIDText.parse(bytes.span) else { return nil }
        return UInt128(words.high) << 64 | UInt128(words.low)
    }
}

private enum Outcome {
    case new
    case known
    case refused
}

/// What is revoked, and until when, in unix seconds; with a calendar of what ends in which minute, so that forgetting
/// touches nothing that stays.
private struct RevokedIDs<ID: Hashable & Sendable>: Sendable {
    private var untilByID: [ID: UInt32] = [:]
    private var idsByMinute: [UInt32: [ID]] = [:]

    func contains(_ id: ID) -> Bool { untilByID[id] != nil }

    mutating func insert(_ id: ID, until: Int64, hasRoom: Bool) -> Outcome {
        let until = UInt32(clamping: until)
        if let known = untilByID[id] {
            // Its place in the calendar is put right when its time there has come.
            if until > known { untilByID[id] = until }
            return .known
        }
        guard hasRoom else { return .refused }
        untilByID[id] = until
        idsByMinute[until / 60, default: []].append(id)
        return .new
    }

    /// How many came in.
    mutating func formUnion(_ other: RevokedIDs) -> Int {
        let before = untilByID.count
        for (id, until) in other.untilByID { _ = insert(id, until: Int64(until), hasRoom: true) }
        return untilByID.count - before
    }

    /// How many were forgotten.
    mutating func prune(now: Int64, budget: inout Int) -> Int {
        let before = untilByID.count
        // There are at most as many minutes as the longest token lives.
        while budget > 0, let minute = idsByMinute.keys.min(), Int64(minute) * 60 + 59 < now {
            while budget > 0, let id = idsByMinute[minute]?.popLast() {
                budget -= 1
                guard let until = untilByID[id] else { continue }
                if Int64(until) < now {
                    untilByID[id] = nil
                } else {
                    idsByMinute[until / 60, default: []].append(id)
                }
            }
            if idsByMinute[minute]?.isEmpty ?? true { idsByMinute[minute] = nil }
        }
        return before - untilByID.count
    }
}
