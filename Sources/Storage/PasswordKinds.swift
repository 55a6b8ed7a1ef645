/// The kinds of password hashes that accounts have: what stands before the salt, which says how much work a hash is.
///
/// A login does one hash of every kind, whoever it is for, so that the time tells nothing about the account.
extension Transaction {
    /// `$2b$12$` of a bcrypt hash, `$6$rounds=5000$` or `$6$` of a SHA-512 one, `$y$j9T$` of a yescrypt one: everything up to
    /// the salt. Nil for what does not look like a hash.
    package static func kind(ofHash hash: String) -> String? {
        // scrypt writes its three numbers, of eleven characters, and the salt without a `$` between.
        if hash.hasPrefix("$7$") { return hash.utf8.count > 14 ? String(hash.prefix(14)) : nil }
        var parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].isEmpty, hash.utf8.count <= 512 else { return nil }
        // bcrypt writes salt and digest in one, the others with a `$` between.
        parts.removeLast(parts[1].first == "2" ? 1 : 2)
        return parts.joined(separator: "$") + "$"
    }

    /// Notes that a hash of this kind is stored, in the transaction that stores it.
    func notePasswordKind(of hash: String) throws(StorageError) {
        guard let kind = Self.kind(ofHash: hash) else { return }
        try run("INSERT INTO password_kinds (kind) VALUES ($1) ON CONFLICT (kind) DO NOTHING", kind)
    }

    /// Every kind that some account may have, in an order that stays.
    package func passwordKinds() throws(StorageError) -> [String] {
        try rows("SELECT kind FROM password_kinds ORDER BY kind").map { (row: Row) throws(StorageError) in
            var row = row
            return try row.text()
        }
    }

    /// Forgets the kinds that no account has any more: logins become cheaper once the dear ones are renewed. It looks at
    /// every account.
    package func deleteUnusedPasswordKinds() throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM password_kinds WHERE NOT EXISTS
                (SELECT 1 FROM users WHERE substr(users.password_hash, 1, length(password_kinds.kind)) = kind)
            """)
    }
}
