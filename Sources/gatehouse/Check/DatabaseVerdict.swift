import Config
import EventLoop
import Storage

/// What `check` found out about the database.
struct DatabaseVerdict {
    let isWell: Bool
    /// For people; without the password of a PostgreSQL URL.
    let words: String

    init(_ database: Configuration.Database) {
        let name =
            switch database {
            case .sqlite(let path): "SQLite \(path)"
            case .postgres: "PostgreSQL"
            }
        if case .sqlite(let path) = database, !FileSystem.exists(path) {
            (isWell, words) = (true, "\(name), which the first start will make")
            return
        }
        do {
            let store = try Store.open(database.location, schema: .leave, sealing: Unsealed())
            defer { store.close() }
            let found = try store.schemaVersion()
            isWell = found <= Store.schemaVersionKnown
            words =
                switch found {
                case 0: "\(name), whose tables the first start will make"
                case Store.schemaVersionKnown: "\(name), schema version \(found)"
                case ..<Store.schemaVersionKnown:
                    "\(name), schema version \(found), which the next start will upgrade to \(Store.schemaVersionKnown)"
                default: "\(StorageError.schemaTooNew(found: found, known: Store.schemaVersionKnown))"
                }
        } catch {
            (isWell, words) = (false, "\(name): \(error)")
        }
    }
}
