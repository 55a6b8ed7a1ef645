extension Schema {
    /// The second step: who may guess how often, and an audit that shows when somebody has been at it.
    static let guessing: [String] = [
        // What is counted now begins anew: the windows have another shape.
        "DROP TABLE throttle",
        """
        CREATE TABLE throttle (
            key {text} NOT NULL CONSTRAINT throttle_key PRIMARY KEY,
            used {integer} NOT NULL,
            began_at {integer} NOT NULL,
            ends_at {integer} NOT NULL,
            refused {integer} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX throttle_by_end ON throttle (ends_at)",
        "CREATE INDEX throttle_refused ON throttle (key) WHERE refused > 0",
        """
        CREATE TABLE sign_in_addresses (
            user_id {text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            address {text} NOT NULL,
            last_at {integer} NOT NULL,
            CONSTRAINT sign_in_addresses_user_id_address PRIMARY KEY (user_id, address)
        ) {strict}
        """,
        "CREATE INDEX sign_in_addresses_by_use ON sign_in_addresses (last_at)",
        """
        CREATE TABLE password_kinds (
            kind {text} NOT NULL CONSTRAINT password_kinds_kind PRIMARY KEY
        ) {strict}
        """,
        // Up to here every hash was bcrypt.
        "INSERT INTO password_kinds (kind) SELECT DISTINCT substr(password_hash, 1, 7) FROM users",
        "ALTER TABLE audit_events RENAME TO audit_events_before",
        "DROP INDEX audit_events_by_user",
        // No reference to users: what a deleted user did stays on record.
        """
        CREATE TABLE audit_events (
            seq {integer} NOT NULL CONSTRAINT audit_events_seq PRIMARY KEY,
            at {integer} NOT NULL,
            kind {text} NOT NULL,
            outcome {text} NOT NULL,
            times {integer} NOT NULL,
            user_id {text},
            email {text},
            session_id {text},
            ip {text},
            request_id {text},
            detail {text},
            key_id {text} NOT NULL,
            digest {text} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX audit_events_by_user ON audit_events (user_id, seq)",
        "CREATE INDEX audit_events_by_time ON audit_events (at)",
        // What was written before there was a chain keeps its place in front of it, without a digest.
        """
        INSERT INTO audit_events
            (seq, at, kind, outcome, times, user_id, session_id, ip, request_id, detail, key_id, digest)
        SELECT row_number() OVER (ORDER BY id), at, kind, 'ok', 1, user_id, session_id, ip, request_id, detail, '', ''
        FROM audit_events_before
        """,
        "DROP TABLE audit_events_before",
        """
        CREATE TABLE audit_head (
            id {integer} NOT NULL PRIMARY KEY CHECK (id = 1),
            seq {integer} NOT NULL,
            digest {text} NOT NULL,
            key_id {text} NOT NULL,
            seal {text} NOT NULL
        ) {strict}
        """,
        """
        INSERT INTO audit_head (id, seq, digest, key_id, seal)
        SELECT 1, (SELECT count(*) FROM audit_events), '', '', ''
        """,
        """
        CREATE TABLE audit_anchor (
            id {integer} NOT NULL PRIMARY KEY CHECK (id = 1),
            seq {integer} NOT NULL,
            digest {text} NOT NULL,
            at {integer} NOT NULL,
            key_id {text} NOT NULL,
            seal {text} NOT NULL
        ) {strict}
        """,
    ]
}
