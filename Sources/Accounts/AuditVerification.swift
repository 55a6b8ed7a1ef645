import Encoding
import Storage

/// Reads the whole audit and says whether anybody has been at it. Blocking; for the command line.
package struct AuditVerification: Sendable {
    /// A record that somebody noted elsewhere: `N:DIGEST`, as an earlier verification printed it.
    package struct Noted: Sendable {
        package let seq: Int64
        package let digest: String

        /// Nil when the text is not `N:DIGEST`.
        package init?(_ text: String) {
            let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Array.init)
            guard parts.count == 2, let seq = Int64(String(decoding: parts[0], as: UTF8.self)), seq > 0 else {
                return nil
            }
            let digits = parts[1]
            guard let digest = Hex.decode(digits.span), digest.count == 32 else { return nil }
            self.seq = seq
            self.digest = Hex.encode(digest.span)
        }
    }

    package struct Verdict: Sendable, Equatable {
        /// Records that were looked at.
        package var records: Int64 = 0
        /// Of these, how many are older than the chain and prove nothing.
        package var unchained: Int64 = 0
        /// The last record, to be noted elsewhere; digest empty when there is none.
        package var headSeq: Int64 = 0
        package var headDigest = ""
        /// Up to where records were removed because of their age.
        package var removedUpTo: Int64 = 0
        /// What is wrong, in words; empty when the audit is whole. No more than `problemsMax`.
        package var problems: [String] = []

        mutating func complain(_ words: String) {
            if problems.count < AuditVerification.problemsMax { problems.append(words) }
        }
    }

    private static let pageRows = 1000
    static let problemsMax = 20

    private let keys: AuditKeys
    private let store: Store

    package init(keys: AuditKeys, store: Store) {
        self.keys = keys
        self.store = store
    }

    /// - Parameter noted: a record that must still be there, as it was: nothing else shows that a whole database was set
    ///   back to an older state.
    package func verify(noted: Noted? = nil) throws -> Verdict {
        // Records may be removed for their age while this reads; then what it misses is covered by the new anchor.
        for _ in 0..<3 {
            let anchor = try store.read { transaction in try transaction.auditAnchor() }
            let verdict = try verify(from: anchor, noted: noted)
            if verdict.problems.isEmpty { return verdict }
            let present = try store.read { transaction in try transaction.auditAnchor() }
            if present == anchor { return verdict }
        }
        return try verify(from: store.read { transaction in try transaction.auditAnchor() }, noted: noted)
    }

    private func verify(from anchor: AuditMark?, noted: Noted?) throws -> Verdict {
        var verdict = Verdict()
        // What is written from now on is the next verification's.
        let (newest, head) = try store.read { transaction in
            // In this order: a head that was read later is not before what was written earlier.
            (try transaction.newestAudit(), try transaction.auditHead())
        }
        guard let head else {
            verdict.complain("the head of the audit is gone")
            return verdict
        }
        if newest > head.seq { verdict.complain("records up to \(newest) stand behind the head, record \(head.seq)") }
        check(head, .head, &verdict)
        var walk = Walk(seq: anchor?.seq ?? 0, digest: anchor?.digest ?? "", isChained: anchor?.digest.isEmpty == false)
        if let anchor {
            check(anchor, .anchor, &verdict)
            verdict.removedUpTo = anchor.seq
        }
        var found = noted?.seq == anchor?.seq && noted != nil ? anchor?.digest : nil
        while walk.seq < head.seq {
            let page = try store.read { [walk] transaction in
                try transaction.auditRecords(after: walk.seq, limit: Self.pageRows)
            }
            guard !page.isEmpty else { break }
            for record in page where record.seq <= head.seq {
                check(record, after: &walk, &verdict)
                if record.seq == noted?.seq { found = record.digest }
            }
            if let last = page.last, last.seq >= head.seq { break }
        }
        walk.endUnknown(before: nil, &verdict)
        if walk.seq < head.seq {
            verdict.complain("records \(walk.seq &+ 1) to \(head.seq) are missing: the audit was cut off")
        } else if walk.digest != head.digest {
            verdict.complain("the last record, \(walk.seq), is not the one that the head names")
        }
        if let anchor, head.seq < anchor.seq {
            verdict.complain("the head was set back to \(head.seq), before the oldest record")
        }
        verdict.headSeq = walk.seq
        verdict.headDigest = walk.digest
        if let noted { compare(noted, found: found, removedUpTo: verdict.removedUpTo, &verdict) }
        return verdict
    }

    /// How far the walk has come.
    private struct Walk {
        var seq: Int64
        var digest: String
        /// A record with a digest has been seen; from there on every one must have one.
        var isChained: Bool
        /// Records in a row under one key that is not known here: one complaint, or they would fill the list.
        var unknown: (key: String, first: Int64)?

        /// Complains about the records before the present one whose key is not known, unless its own is the same.
        mutating func endUnknown(before key: String?, _ verdict: inout Verdict) {
            guard let unknown, unknown.key != key else { return }
            let records = unknown.first == seq ? "record \(seq) was" : "records \(unknown.first) to \(seq) were"
            verdict.complain(
                unknown.key.isEmpty
                    ? "\(records) written without a key"
                    : "\(records) written under the key \(unknown.key), which is not configured any more: "
                        + "name its file, or the file of the signing key it came from, as one more `audit-key`")
            self.unknown = nil
        }
    }

    private func check(_ record: AuditRecord, after walk: inout Walk, _ verdict: inout Verdict) {
        verdict.records += 1
        let isKnown = keys.named(record.keyId) != nil || (record.digest.isEmpty && !walk.isChained)
        walk.endUnknown(before: isKnown ? nil : record.keyId, &verdict)
        if record.seq != walk.seq &+ 1 {
            verdict.complain(
                record.seq == walk.seq &+ 2
                    ? "record \(walk.seq &+ 1) is missing"
                    : "records \(walk.seq &+ 1) to \(record.seq &- 1) are missing")
        }
        if record.digest.isEmpty, !walk.isChained {
            verdict.unchained += 1
        } else if let key = keys.named(record.keyId) {
            if AuditChain.digest(of: record, after: walk.digest, key: key) != record.digest {
                verdict.complain("record \(record.seq) is not as it was written, or does not follow the one before it")
            }
        } else if walk.unknown == nil {
            walk.unknown = (record.keyId, record.seq)
        }
        if record.event.kind == AuditEvent.Kind.removedBroken.rawValue {
            verdict.complain("record \(record.seq): \(record.event.detail ?? "")")
        }
        if record.event.kind == AuditEvent.Kind.unsealed.rawValue, !wasSealed(record, after: walk) {
            verdict.complain(
                "before record \(record.seq) was written the head had no good seal: somebody has moved it, and what stood "
                    + "behind record \(walk.seq) may be gone")
        }
        walk.isChained = walk.isChained || !record.digest.isEmpty
        walk.seq = record.seq
        walk.digest = record.digest
    }

    /// Whether the seal that the gateway did not know was good after all: it was made with a key that is known here.
    private func wasSealed(_ record: AuditRecord, after walk: Walk) -> Bool {
        keys.all.contains { key in
            let seal = AuditChain.seal(.head, seq: walk.seq, digest: walk.digest, key: key)
            return record.event.detail == AuditEvent.sealed(as: seal, keyId: key.id)
        }
    }

    private func check(_ mark: AuditMark, _ end: AuditEnd, _ verdict: inout Verdict) {
        // An audit without a single record has nothing to seal.
        if end == .head, mark.seq == 0, mark.seal.isEmpty, mark.digest.isEmpty { return }
        guard let key = keys.named(mark.keyId) else {
            return verdict.complain(
                "the \(end.rawValue) was sealed under a key that is not configured any more")
        }
        if AuditChain.seal(end, seq: mark.seq, digest: mark.digest, key: key) != mark.seal {
            verdict.complain("the seal of the \(end.rawValue), record \(mark.seq), is broken")
        }
    }

    private func compare(_ noted: Noted, found: String?, removedUpTo: Int64, _ verdict: inout Verdict) {
        if let found {
            if found != noted.digest { verdict.complain("record \(noted.seq) is another than the one that was noted") }
        } else if noted.seq < removedUpTo {
            verdict.complain("record \(noted.seq) was removed for its age and cannot be compared: note a newer one")
        } else {
            verdict.complain("record \(noted.seq), which was noted, is not there: the audit was cut off or set back")
        }
    }
}
