import Foundation

/// On which database a story is told.
enum Database: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    var description: String { rawValue }

    /// What a test gets that does not choose: SQLite, or PostgreSQL when somebody says so. `deploy/test` runs these tests on each.
    static let ofThisRun: Database =
        ProcessInfo.processInfo.environment["GATEHOUSE_DATABASE"] == "postgres" ? .postgres : .sqlite

    /// What stands behind `database` in the configuration, for a database that is empty.
    func directive() throws -> String {
        switch self {
        case .sqlite: "sqlite gatehouse.db"
        case .postgres: try PostgresServer.shared().makeDatabase().directive
        }
    }
}
