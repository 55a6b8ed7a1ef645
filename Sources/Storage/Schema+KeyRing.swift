extension Schema {
    /// The key ring. The key material is sealed before it comes here: whoever has the database has no key.
    static let keyRing: [String] = [
        """
        CREATE TABLE token_keys (
            kid {text} NOT NULL CONSTRAINT token_keys_kid PRIMARY KEY,
            algorithm {text} NOT NULL,
            sealed {bytes} NOT NULL,
            created_at {integer} NOT NULL,
            signs_at {integer},
            token_seconds {integer} NOT NULL
        ) {strict}
        """
    ]
}
