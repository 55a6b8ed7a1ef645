import CCrypt

/// Passwords that other systems hashed in other ways, and the work that hides which.
extension PasswordHash {
    /// Verifies with the same work whatever is stored, or nothing: one bcrypt hash of the dearest cost among `cost` and
    /// `kinds`, and one hash of every other kind, whether or not this account's is among them.
    ///
    /// - Parameter kinds: what stands before the salt (`$2b$12$`, `$6$`, `$y$j9T$`) in any stored hash.
    package static func verify(
        _ password: borrowing Span<UInt8>, against hash: String?, withWorkOf cost: Int, amid kinds: [String]
    ) -> Bool {
        var dearest = cost
        var others: [String] = []
        for kind in kinds {
            if let cost = bcryptCost(ofKind: kind) { dearest = max(dearest, cost) } else { others.append(kind) }
        }
        guard let hash, isForeign(hash) else {
            let isRight = verify(password, against: hash, withWorkOf: dearest)
            for kind in others { _ = crypt(password, kind + dummySalt) }
            return isRight
        }
        // The account's own hash takes the place of its kind's dummy.
        _ = verify(password, against: nil, withWorkOf: dearest)
        let own = others.filter { hash.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count }
        for kind in others where kind != own { _ = crypt(password, kind + dummySalt) }
        return verifyForeign(password, against: hash)
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
