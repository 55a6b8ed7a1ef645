/// Brings the tables from whatever version they have to the one this program knows.
enum Migration {
    static var versionKnown: Int64 { Int64(Schema.steps.count) }

    /// Runs the steps that are missing, all of them or none, in a transaction that holds the lock for migrations: of two
    /// processes that start together one migrates, and the other then finds it done.
    static func run(on connection: any Connection) throws(StorageError) {
        try connection.begin(.migrating, deadline: .after(milliseconds: Bounds.migrationMilliseconds))
        do {
            try advance(connection)
        } catch {
            connection.rollback()
            guard case .internal(let detail) = error else { throw error }
            throw .internal("the tables cannot be made (gatehouse wants a database of its own): \(detail)")
        }
        try connection.commit()
    }

    private static func advance(_ connection: any Connection) throws(StorageError) {
        let found = try version(on: connection)
        if found == 0 {
            _ = try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_version (
                    version {integer} NOT NULL CONSTRAINT schema_version_version PRIMARY KEY,
                    applied_at {integer} NOT NULL
                ) {strict}
                """, [])
        }
        for (index, step) in Schema.steps.enumerated() where index >= found {
            for statement in step { _ = try connection.execute(statement, []) }
            _ = try connection.execute(
                "INSERT INTO schema_version (version, applied_at) VALUES ($1, {now})", [.integer(Int64(index) + 1)])
        }
    }

    /// The version found, 0 when there is none. Throws `.schemaTooNew` when it is above the one known.
    static func version(on connection: any Connection) throws(StorageError) -> Int64 {
        let tables = try connection.execute("SELECT count(*) FROM {tables} WHERE name = 'schema_version'", [])
        guard var table = tables.rows.first, try table.integer() > 0 else { return 0 }
        let versions = try connection.execute("SELECT max(version) FROM schema_version", [])
        guard var version = versions.rows.first, let found = try version.optionalInteger() else { return 0 }
        guard found <= versionKnown else { throw .schemaTooNew(found: found, known: versionKnown) }
        return found
    }
}
