/// From where an account was signed in to: those places are not strangers when somebody guesses at it.
extension Transaction {
    /// Notes a sign-in. `address` as attempts are counted by it.
    package func noteSignIn(userId: String, address: String) throws(StorageError) {
        try run(
            """
            INSERT INTO sign_in_addresses (user_id, address, last_at) VALUES ($1, $2, {now})
            ON CONFLICT (user_id, address) DO UPDATE SET last_at = excluded.last_at
            """, userId, address)
    }

    /// Whether the account with this email was signed in to from `address` within so many milliseconds.
    package func hasSignedIn(email: String, address: String, withinMilliseconds: Int64) throws(StorageError) -> Bool {
        try row(
            """
            SELECT 1 FROM users JOIN sign_in_addresses ON sign_in_addresses.user_id = users.id
            WHERE users.email = $1 AND sign_in_addresses.address = $2 AND sign_in_addresses.last_at > {now} - $3
            """, email, address, withinMilliseconds) != nil
    }

    /// Whether a refresh token, live or spent, is one of the account with this email.
    package func belongs(refreshTokenHash hash: [UInt8], toEmail email: String) throws(StorageError) -> Bool {
        try row(
            """
            SELECT 1 FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id
                JOIN users ON users.id = sessions.user_id
            WHERE refresh_tokens.hash = $1 AND users.email = $2
            """, hash, email) != nil
    }

    /// Deletes up to `limit` that were last used longer ago.
    package func deleteOldSignIns(keptMilliseconds: Int64, limit: Int) throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM sign_in_addresses WHERE (user_id, address) IN
                (SELECT user_id, address FROM sign_in_addresses WHERE last_at < {now} - $1 LIMIT $2)
            """, keptMilliseconds, limit)
    }
}
