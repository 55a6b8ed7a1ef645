/// A refresh token as the database knows it: by its SHA-256 only.
package struct RefreshToken: Sendable, Equatable {
    /// 32 bytes.
    package var hash: [UInt8]
    package var sessionId: String
    package var createdAt: Int64
    package var expiresAt: Int64
    /// When it was exchanged for its successor; nil while it is good.
    package var spentAt: Int64?
    package var successorHash: [UInt8]?
    /// The successor, sealed under the token itself; nil again once the grace is over.
    package var successorSealed: [UInt8]?

    static let columns = "hash, session_id, created_at, expires_at, spent_at, successor_hash, successor_sealed"

    init(_ row: Row) throws(StorageError) {
        var row = row
        hash = try row.bytes()
        sessionId = try row.text()
        createdAt = try row.integer()
        expiresAt = try row.integer()
        spentAt = try row.optionalInteger()
        successorHash = try row.optionalBytes()
        successorSealed = try row.optionalBytes()
    }
}

extension Transaction {
    /// `expiresAt` in unix milliseconds of the database's clock: the session's `idleExpiresAt`.
    package func insertRefreshToken(hash: [UInt8], sessionId: String, expiresAt: Int64) throws(StorageError) {
        try run(
            "INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) VALUES ($1, $2, {now}, $3)",
            hash, sessionId, expiresAt)
    }

    /// As last committed; without a lock. Whoever lost `spendRefreshToken` reads the winner's row here.
    package func findRefreshToken(hash: [UInt8]) throws(StorageError) -> RefreshToken? {
        try row("SELECT \(RefreshToken.columns) FROM refresh_tokens WHERE hash = $1", hash).map(RefreshToken.init)
    }

    /// Exchanges a token for its successor, in one conditional UPDATE: true for exactly one of any number of callers, and
    /// for none once the token has expired. The successor's own row is the caller's to insert, in this transaction.
    package func spendRefreshToken(
        hash: [UInt8], successorHash: [UInt8], successorSealed: [UInt8]
    ) throws(StorageError) -> Bool {
        try run(
            """
            UPDATE refresh_tokens SET spent_at = {now}, successor_hash = $2, successor_sealed = $3
            WHERE hash = $1 AND spent_at IS NULL AND expires_at > {now}
            """, hash, successorHash, successorSealed) == 1
    }

    /// Wipes up to `limit` sealed successors of tokens spent more than `graceMilliseconds` ago: past the grace nobody may
    /// open them, not even with the spent token and a copy of the database.
    package func wipeSealedSuccessors(graceMilliseconds: Int64, limit: Int) throws(StorageError) -> Int {
        try run(
            """
            UPDATE refresh_tokens SET successor_sealed = NULL WHERE hash IN
                (SELECT hash FROM refresh_tokens
                 WHERE successor_sealed IS NOT NULL AND spent_at < {now} - $1 LIMIT $2)
            """, graceMilliseconds, limit)
    }

    /// Deletes up to `limit` tokens that expired more than `keptMilliseconds` ago.
    package func deleteOldRefreshTokens(keptMilliseconds: Int64, limit: Int) throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM refresh_tokens WHERE hash IN
                (SELECT hash FROM refresh_tokens WHERE expires_at < {now} - $1 LIMIT $2)
            """, keptMilliseconds, limit)
    }
}
