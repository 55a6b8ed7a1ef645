/// One sign-in of one user on one device: the family that its refresh tokens belong to.
package struct Session: Sendable, Equatable {
    /// UUID text; the `sid` of its access tokens.
    package var id: String
    package var userId: String
    package var createdAt: Int64
    package var lastUsedAt: Int64
    /// When it ends unless it is refreshed before; never after `absoluteExpiresAt`.
    package var idleExpiresAt: Int64
    package var absoluteExpiresAt: Int64
    package var endedAt: Int64?
    package var endReason: String?
    /// Where it was last used from: at the sign-in, then at each refresh.
    package var ip: String?
    package var userAgent: String?

    static let columns = """
        id, user_id, created_at, last_used_at, idle_expires_at, absolute_expires_at, ended_at, end_reason, ip, user_agent
        """

    init(_ row: Row) throws(StorageError) {
        var row = row
        id = try row.text()
        userId = try row.text()
        createdAt = try row.integer()
        lastUsedAt = try row.integer()
        idleExpiresAt = try row.integer()
        absoluteExpiresAt = try row.integer()
        endedAt = try row.optionalInteger()
        endReason = try row.optionalText()
        ip = try row.optionalText()
        userAgent = try row.optionalText()
    }
}

extension Transaction {
    /// Creates a session that begins now. Lifetimes in milliseconds; the idle one is cut to the absolute one.
    package func insertSession(
        id: String, userId: String, idleMilliseconds: Int64, absoluteMilliseconds: Int64, ip: String?,
        userAgent: String?
    ) throws(StorageError) -> Session {
        let inserted = try row(
            """
            INSERT INTO sessions
                (id, user_id, created_at, last_used_at, idle_expires_at, absolute_expires_at, ip, user_agent)
            VALUES ($1, $2, {now}, {now}, {now} + $3, {now} + $4, $5, $6)
            RETURNING \(Session.columns)
            """, id, userId, min(idleMilliseconds, absoluteMilliseconds), absoluteMilliseconds, ip, userAgent)
        guard let inserted else { throw .internal("the insert of a session returned no row") }
        return try Session(inserted)
    }

    /// Whatever state it is in; without a lock.
    package func findSession(id: String) throws(StorageError) -> Session? {
        try row("SELECT \(Session.columns) FROM sessions WHERE id = $1", id).map(Session.init)
    }

    /// Locks the session until the transaction ends, and reads it as it is then; nil when it has ended (by logout, reuse…)
    /// or never was. Lifetimes are the caller's to compare with `now()`. Rotation and logout both begin here, so one
    /// of them sees what the other did.
    package func lockSession(id: String) throws(StorageError) -> Session? {
        try row("UPDATE sessions SET id = id WHERE id = $1 AND ended_at IS NULL RETURNING \(Session.columns)", id)
            .map(Session.init)
    }

    /// Notes a use: last used now, and idle for `idleMilliseconds` from now, at most until its absolute end. Nil when it
    /// has ended. `ip` is where the use came from; nil leaves what is known.
    package func touchSession(
        id: String, idleMilliseconds: Int64, ip: String? = nil
    ) throws(StorageError) -> Session? {
        try row(
            """
            UPDATE sessions SET last_used_at = {now}, ip = COALESCE($3, ip), idle_expires_at =
                CASE WHEN {now} + $2 < absolute_expires_at THEN {now} + $2 ELSE absolute_expires_at END
            WHERE id = $1 AND ended_at IS NULL RETURNING \(Session.columns)
            """, id, idleMilliseconds, ip
        ).map(Session.init)
    }

    /// Ends a session; nil when it had ended before, or never was. Revoking its access tokens is the caller's, in this
    /// transaction (`latestAccessExpiry(ofSession:)`).
    @discardableResult
    package func endSession(id: String, reason: String) throws(StorageError) -> Session? {
        try row(
            """
            UPDATE sessions SET ended_at = {now}, end_reason = $2 WHERE id = $1 AND ended_at IS NULL
            RETURNING \(Session.columns)
            """, id, reason
        ).map(Session.init)
    }

    /// Ends every session of the user that has not ended, but `except`; the ids of those it ended, expired ones included
    /// (an access token can outlive the idle lifetime of its session).
    package func endAllSessions(
        ofUser userId: String, except: String? = nil, reason: String
    ) throws(StorageError) -> [String] {
        try rows(
            """
            UPDATE sessions SET ended_at = {now}, end_reason = $3
            WHERE user_id = $1 AND ended_at IS NULL AND id <> $2 RETURNING id
            """, userId, except ?? "", reason
        ).map { (row: Row) throws(StorageError) in
            var row = row
            return try row.text()
        }
    }

    /// The sessions of a user that have neither ended nor expired, the newest first.
    package func liveSessions(ofUser userId: String) throws(StorageError) -> [Session] {
        try rows(
            """
            SELECT \(Session.columns) FROM sessions
            WHERE user_id = $1 AND ended_at IS NULL AND idle_expires_at > {now}
            ORDER BY created_at DESC, id
            """, userId
        ).map(Session.init)
    }

    /// Deletes up to `limit` sessions, with their tokens, that ended or expired more than `keptMilliseconds` ago.
    package func deleteOldSessions(keptMilliseconds: Int64, limit: Int) throws(StorageError) -> Int {
        let ended = try run(
            """
            DELETE FROM sessions WHERE id IN
                (SELECT id FROM sessions WHERE ended_at IS NOT NULL AND ended_at < {now} - $1 LIMIT $2)
            """, keptMilliseconds, limit)
        let expired = try run(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE idle_expires_at < {now} - $1 LIMIT $2)",
            keptMilliseconds, limit - ended)
        return ended + expired
    }
}
