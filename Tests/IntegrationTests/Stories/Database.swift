/// On which database a story is told.
enum Database: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    var description: String { rawValue }

    /// What stands behind `database` in the configuration, for a database that is empty.
    func directive() throws -> String {
        switch self {
        case .sqlite: "sqlite gatehouse.db"
        case .postgres: try PostgresServer.shared().makeDatabase().directive
        }
    }
}
