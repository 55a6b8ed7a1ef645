import Storage
import Tokens

/// What `gatehouse key` does. Each call is one transaction that begins with the ring's lock, so that two administrators at once
/// do one thing after the other. Running gateways follow by reading.
extension KeyVault {
    /// What became of a change: the key it was about, and the ring after it.
    package struct Changed: Sendable {
        package let kid: String
        package let reading: Reading
    }

    /// Adds a key that is published and verifies, and signs only once somebody rotates to it; the first one signs at once.
    package func add(_ new: NewKey) throws -> Changed {
        try change(.keyAdded) { rows, now, transaction in
            guard !rows.contains(where: { $0.id == new.id }) else { throw KeyRingProblem.presentAlready(new.id) }
            try transaction.insertKey(seal(new, createdAt: now, signsAt: rows.isEmpty ? firstTurn(now) : nil))
            return new.id
        }
    }

    /// Lets another key sign, as soon as it has been published long enough: the oldest one on standby, or a fresh one.
    ///
    /// - Parameter algorithm: nil for the oldest on standby, and for a fresh one that of the key that signs now.
    package func rotate(to algorithm: Algorithm? = nil) throws -> Changed {
        try change(.keyRotated) { rows, now, transaction in
            let plan = KeyPlan(rows, now: now)
            if let waiting = plan.entries.first(where: { $0.state == .waiting }) {
                throw KeyRingProblem.rotationUnderWay(waiting.id, signsAt: waiting.until ?? now)
            }
            let present = rows.first { $0.id == plan.signing }.flatMap { Algorithm(word: $0.algorithm) }
            return try promote(
                rows, among: algorithm.map { [$0] } ?? Algorithm.allCases, fresh: algorithm ?? present ?? .es256,
                notBefore: present == nil ? firstTurn(now) : nil, now: now, transaction)
        }
    }

    /// Takes a key out of the ring: its tokens are refused from then on.
    ///
    /// - Parameter now: also when its tokens may be alive, because it is compromised. If it is the one that signs, the next
    ///   signs at once: waiting would mean that nobody can sign in.
    package func retire(_ kid: String, now isUrgent: Bool) throws -> Changed {
        try change(.keyRetired) { rows, now, transaction in
            guard let row = rows.first(where: { $0.id == kid }) else { throw KeyRingProblem.unknownKey(kid) }
            let entry = KeyPlan(rows, now: now).entries.first { $0.id == kid }
            if let entry, entry.state == .signing || entry.state == .leaving, !isUrgent {
                throw KeyRingProblem.inUse(kid, until: entry.until)
            }
            try transaction.deleteKey(kid)
            let rest = rows.filter { $0.id != kid }
            if entry?.state == .signing { try replaceSigner(row, rest, now: now, transaction) }
            return kid
        }
    }

    /// The next key signs at once: the one whose turn would have been next, or one on standby, or a fresh one. Never one that was
    /// leaving: somebody had a reason to replace it.
    private func replaceSigner(
        _ retired: StoredKey, _ rest: [StoredKey], now: Int64, _ transaction: borrowing Transaction
    ) throws {
        let waiting = rest.filter { ($0.signsAt ?? 0) > now }.min { ($0.signsAt ?? 0) < ($1.signsAt ?? 0) }
        if let waiting {
            try transaction.setKeySigns(at: now, kid: waiting.id)
            return
        }
        _ = try promote(
            rest, among: Algorithm.allCases, fresh: Algorithm(word: retired.algorithm) ?? .es256, notBefore: now,
            now: now, transaction)
    }

    /// - Parameter notBefore: when it signs; nil for the time from which it has been published long enough.
    private func promote(
        _ rows: [StoredKey], among algorithms: [Algorithm], fresh: Algorithm, notBefore: Int64?, now: Int64,
        _ transaction: borrowing Transaction
    ) throws -> String {
        let words = algorithms.map(\.word)
        if let standby = rows.first(where: { $0.signsAt == nil && words.contains($0.algorithm) }) {
            let signsAt = notBefore ?? max(now, standby.createdAt + KeyPlan.publishedMilliseconds)
            try transaction.setKeySigns(at: signsAt, kid: standby.id)
            return standby.id
        }
        let new = try NewKey.generate(fresh)
        try transaction.insertKey(
            seal(new, createdAt: now, signsAt: notBefore ?? now + KeyPlan.publishedMilliseconds))
        return new.id
    }

    private func change(
        _ kind: AuditEvent.Kind, _ body: ([StoredKey], Int64, borrowing Transaction) throws -> String
    ) throws -> Changed {
        try store.transaction { transaction in
            try transaction.lockKeys()
            let rows = try transaction.keys()
            let sealed = rows.filter { open($0) == nil }.map(\.id)
            // With another secret the gateways would not see what is added here.
            guard sealed.isEmpty || kind == .keyRetired else { throw KeyRingProblem.sealedOtherwise(kids: sealed) }
            let kid = try body(rows, try transaction.now(), transaction)
            try transaction.insertAudit(AuditEvent(kind, detail: kid))
            return Changed(kid: kid, reading: Reading(rows: try transaction.keys(), now: try transaction.now()))
        }
    }
}
