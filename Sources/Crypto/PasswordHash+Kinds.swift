import CCrypt

/// Passwords that other systems hashed in other ways, and the work that hides which.
extension PasswordHash {
    /// Verifies with the same work whatever is stored, or nothing: one bcrypt hash of the dearest cost among `cost` and
    /// `kinds`, one SHA-crypt hash of each scheme with the most rounds, and one hash of every other kind, whether or not this
    /// account's is among them.
    ///
    /// Costs and rounds are topped up, so that their number says nothing about the time: some systems vary the rounds from
    /// account to account, and a hash of each would make a login last minutes.
    ///
    /// - Parameter kinds: what stands before the salt (`$2b$12$`, `$6$`, `$y$j9T$`) in any stored hash.
    package static func verify(
        _ password: borrowing Span<UInt8>, against hash: String?, withWorkOf cost: Int, amid kinds: [String]
    ) -> Bool {
        let dearest = kinds.compactMap(bcryptCost(ofKind:)).reduce(cost, max)
        for setting in dummySettings(beside: hash, amid: kinds) { _ = crypt(password, setting) }
        guard let hash, isForeign(hash) else { return verify(password, against: hash, withWorkOf: dearest) }
        _ = verify(password, against: nil, withWorkOf: dearest)
        return verifyForeign(password, against: hash)
    }

    /// The settings of the hashes that are computed besides the account's own and bcrypt. The account's own takes the place of
    /// its kind's dummy, or of a part of it.
    static func dummySettings(beside hash: String?, amid kinds: [String]) -> [String] {
        var rounds: [String: Int] = [:]
        var others: [String] = []
        for kind in kinds where bcryptCost(ofKind: kind) == nil {
            if let sha = shaWork(of: kind) {
                rounds[sha.scheme] = max(rounds[sha.scheme] ?? 0, sha.rounds)
            } else if isForeign(kind + dummySalt + String(repeating: "a", count: 43)) {
                others.append(kind)
            }
        }
        let own = hash.flatMap { isForeign($0) ? $0 : nil }
        let ownSHA = own.flatMap { shaWork(of: $0) }
        let ownKind = own.flatMap { own in others.filter { own.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count } }
        var settings = others.filter { $0 != ownKind }
        for (scheme, most) in rounds {
            let missing = scheme == ownSHA?.scheme ? most - (ownSHA?.rounds ?? 0) : most
            // Fewer than a thousand cannot be computed, and would not be noticed.
            if missing > 0 { settings.append("\(scheme)rounds=\(max(missing, shaRounds.lowerBound))$") }
        }
        return settings.map { $0 + dummySalt }
    }

    /// Kinds of memory-hard hashes (`$y$`, `$gy$`, `$7$`) that an import takes: each is up to a second of every login.
    package static let otherKindsMax = 4

    /// Whether a login does a hash of just this kind: it is neither bcrypt nor SHA-crypt.
    package static func isOfOtherKind(_ kind: String) -> Bool {
        bcryptCost(ofKind: kind) == nil && shaWork(of: kind) == nil
    }

    /// The rounds of a SHA-crypt hash, or of the kind of one; nil for any other.
    private static func shaWork(of text: String) -> (scheme: String, rounds: Int)? {
        guard let scheme = ["$5$", "$6$"].first(where: { text.hasPrefix($0) }) else { return nil }
        let word = "rounds="
        let rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix(word) else { return (scheme, shaRoundsStandard) }
        let rounds = Int(rest.dropFirst(word.count).prefix { $0 != "$" }) ?? shaRoundsStandard
        return (scheme, min(max(rounds, shaRounds.lowerBound), shaRounds.upperBound))
    }

    /// Sixteen characters, as the schemes' own tools write them.
    private static let dummySalt = "abcdefghijklmnop$"

    /// The cost in `$2b$12$`; nil for any other kind.
    private static func bcryptCost(ofKind kind: String) -> Int? {
        let bytes = Array(kind.utf8)
        guard bytes.count == 7, kind.hasPrefix("$2"), let cost = Int(kind.dropFirst(4).prefix(2)),
            costs.contains(cost)
        else { return nil }
        return cost
    }
}
