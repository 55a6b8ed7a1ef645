/// The tables, as numbered steps. A step that was released is never edited: what follows is another step.
///
/// Constraints of PostgreSQL are named `table_column…`, as `StorageError.uniqueViolation` names those of SQLite.
enum Schema {
    /// Step `n` stands at index `n - 1`.
    static let steps: [[String]] = [first, guessing, keyRing]

    private static let first: [String] = [
        """
        CREATE TABLE users (
            id {text} NOT NULL CONSTRAINT users_id PRIMARY KEY,
            email {text} NOT NULL CONSTRAINT users_email UNIQUE,
            email_verified {integer} NOT NULL CHECK (email_verified IN (0, 1)),
            name {text},
            password_hash {text} NOT NULL,
            disabled_at {integer},
            created_at {integer} NOT NULL,
            updated_at {integer} NOT NULL,
            password_changed_at {integer} NOT NULL
        ) {strict}
        """,
        // A comma would forge a second role in X-User-Roles.
        """
        CREATE TABLE user_roles (
            user_id {text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            role {text} NOT NULL CHECK (role <> '' AND role NOT LIKE '%,%'),
            CONSTRAINT user_roles_user_id_role PRIMARY KEY (user_id, role)
        ) {strict}
        """,
        """
        CREATE TABLE sessions (
            id {text} NOT NULL CONSTRAINT sessions_id PRIMARY KEY,
            user_id {text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            last_used_at {integer} NOT NULL,
            idle_expires_at {integer} NOT NULL,
            absolute_expires_at {integer} NOT NULL,
            ended_at {integer},
            end_reason {text},
            ip {text},
            user_agent {text},
            CHECK (idle_expires_at <= absolute_expires_at)
        ) {strict}
        """,
        "CREATE INDEX sessions_by_user ON sessions (user_id)",
        "CREATE INDEX sessions_by_idle_expiry ON sessions (idle_expires_at)",
        "CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL",
        """
        CREATE TABLE refresh_tokens (
            hash {bytes} NOT NULL CONSTRAINT refresh_tokens_hash PRIMARY KEY,
            session_id {text} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            expires_at {integer} NOT NULL,
            spent_at {integer},
            successor_hash {bytes},
            successor_sealed {bytes}
        ) {strict}
        """,
        "CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id)",
        "CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at)",
        "CREATE INDEX refresh_tokens_sealed ON refresh_tokens (spent_at) WHERE successor_sealed IS NOT NULL",
        """
        CREATE TABLE access_tokens (
            jti {text} NOT NULL CONSTRAINT access_tokens_jti PRIMARY KEY,
            session_id {text} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            expires_at {integer} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX access_tokens_by_session ON access_tokens (session_id, expires_at)",
        "CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at)",
        // No reference to sessions or users: a revocation outlives what it revokes.
        """
        CREATE TABLE revocations (
            kind {text} NOT NULL CHECK (kind IN ('sid', 'jti')),
            issuer {text} NOT NULL,
            value {text} NOT NULL,
            until_at {integer} NOT NULL,
            recorded_at {integer} NOT NULL,
            CONSTRAINT revocations_kind_issuer_value PRIMARY KEY (kind, issuer, value)
        ) {strict}
        """,
        "CREATE INDEX revocations_by_record ON revocations (recorded_at)",
        "CREATE INDEX revocations_by_until ON revocations (until_at)",
        """
        CREATE TABLE throttle (
            key {text} NOT NULL CONSTRAINT throttle_key PRIMARY KEY,
            used {integer} NOT NULL,
            ends_at {integer} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX throttle_by_end ON throttle (ends_at)",
        // No reference to users either: what a deleted user did stays on record.
        """
        CREATE TABLE audit_events (
            id {identity},
            at {integer} NOT NULL,
            kind {text} NOT NULL,
            user_id {text},
            session_id {text},
            ip {text},
            request_id {text},
            detail {text}
        ) {strict}
        """,
        "CREATE INDEX audit_events_by_user ON audit_events (user_id, id)",
        """
        CREATE TABLE leases (
            name {text} NOT NULL CONSTRAINT leases_name PRIMARY KEY,
            holder {text} NOT NULL,
            expires_at {integer} NOT NULL
        ) {strict}
        """,
    ]
}
