/// An access token that was issued: kept until it expires, so that it can be revoked by its `jti`.
package struct AccessToken: Sendable, Equatable {
    package var jti: String
    package var sessionId: String
    /// Unix **milliseconds**, though `exp` in the token is in seconds.
    package var expiresAt: Int64

    static let columns = "jti, session_id, expires_at"

    init(_ row: Row) throws(StorageError) {
        var row = row
        jti = try row.text()
        sessionId = try row.text()
        expiresAt = try row.integer()
    }
}

extension Transaction {
    /// Notes an access token before it is handed out, in the transaction that issues it.
    package func recordAccessToken(jti: String, sessionId: String, expiresAt: Int64) throws(StorageError) {
        try run(
            "INSERT INTO access_tokens (jti, session_id, expires_at) VALUES ($1, $2, $3)", jti, sessionId, expiresAt)
    }

    /// The access tokens of one session that have not expired.
    package func accessTokens(ofSession id: String) throws(StorageError) -> [AccessToken] {
        try rows(
            "SELECT \(AccessToken.columns) FROM access_tokens WHERE session_id = $1 AND expires_at > {now}", id
        ).map(AccessToken.init)
    }

    /// The access tokens of all sessions of one user, ended ones included, that have not expired.
    package func accessTokens(ofUser id: String) throws(StorageError) -> [AccessToken] {
        try rows(
            """
            SELECT \(AccessToken.columns) FROM access_tokens
            WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1) AND expires_at > {now}
            """, id
        ).map(AccessToken.init)
    }

    /// The latest expiry of any access token of the session that has not expired: how long its revocation must be kept.
    /// Nil when there is none to revoke.
    package func latestAccessExpiry(ofSession id: String) throws(StorageError) -> Int64? {
        guard
            var row = try row(
                "SELECT max(expires_at) FROM access_tokens WHERE session_id = $1 AND expires_at > {now}", id)
        else { return nil }
        return try row.optionalInteger()
    }

    /// Deletes up to `limit` access tokens that have expired.
    package func deleteExpiredAccessTokens(limit: Int) throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM access_tokens WHERE jti IN (SELECT jti FROM access_tokens WHERE expires_at < {now} LIMIT $1)
            """, limit)
    }
}
