/// A row of the key ring.
package struct StoredKey: Sendable, Equatable {
    /// The `kid`.
    package var id: String
    package var algorithm: String
    /// The key material, sealed by whoever wrote the row.
    package var sealed: [UInt8]
    /// Unix milliseconds: since when it is published.
    package var createdAt: Int64
    /// Unix milliseconds: from when on it may sign; nil while nobody has asked it to.
    package var signsAt: Int64?
    /// The longest life of any token that was, or may be, signed with it.
    package var tokenSeconds: Int64

    package init(
        id: String, algorithm: String, sealed: [UInt8], createdAt: Int64, signsAt: Int64?, tokenSeconds: Int64
    ) {
        self.id = id
        self.algorithm = algorithm
        self.sealed = sealed
        self.createdAt = createdAt
        self.signsAt = signsAt
        self.tokenSeconds = tokenSeconds
    }

    static let columns = "kid, algorithm, sealed, created_at, signs_at, token_seconds"

    init(_ row: Row) throws(StorageError) {
        var row = row
        id = try row.text()
        algorithm = try row.text()
        sealed = try row.bytes()
        createdAt = try row.integer()
        signsAt = try row.optionalInteger()
        tokenSeconds = try row.integer()
    }
}

extension Transaction {
    /// Keeps every other change of the ring out until this transaction ends. Rows alone would not do: there may be none yet.
    package func lockKeys() throws(StorageError) {
        try run(
            """
            INSERT INTO leases (name, holder, expires_at) VALUES ('token-keys', '', 0)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder
            """)
    }

    /// Every key of the ring, the oldest first.
    package func keys() throws(StorageError) -> [StoredKey] {
        try rows("SELECT \(StoredKey.columns) FROM token_keys ORDER BY created_at, kid").map(StoredKey.init)
    }

    package func insertKey(_ key: StoredKey) throws(StorageError) {
        try run(
            "INSERT INTO token_keys (\(StoredKey.columns)) VALUES ($1, $2, $3, $4, $5, $6)", key.id, key.algorithm,
            key.sealed, key.createdAt, key.signsAt, key.tokenSeconds)
    }

    package func setKeySigns(at signsAt: Int64, kid: String) throws(StorageError) {
        try run("UPDATE token_keys SET signs_at = $2 WHERE kid = $1", kid, signsAt)
    }

    /// Notes that tokens of this length may be signed with any key there is.
    package func raiseTokenSeconds(to seconds: Int64) throws(StorageError) {
        try run("UPDATE token_keys SET token_seconds = $1 WHERE token_seconds < $1", seconds)
    }

    package func deleteKey(_ kid: String) throws(StorageError) {
        try run("DELETE FROM token_keys WHERE kid = $1", kid)
    }
}
