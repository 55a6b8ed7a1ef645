import Foundation
import Testing

@testable import Storage

@Suite("migrations")
struct MigrationTests {
    @Test("eight that start at once on an empty database all find one schema", arguments: Backend.allCases)
    func together(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        let versions = try onThreads(8) { _ in
            let store = try Store.open(location)
            defer { store.close() }
            return try store.schemaVersion()
        }
        #expect(versions == Array(repeating: Store.schemaVersionKnown, count: 8))
        let rows = try Store.open(location).read { try $0.count("schema_version") }
        #expect(rows == Store.schemaVersionKnown)
    }

    @Test("opening again keeps what is there", arguments: Backend.allCases)
    func reopening(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        let first = try Store.open(location)
        _ = try first.transaction { try $0.makeUser("ann") }
        first.close()
        #expect(try Store.open(location).read { try $0.findUser(id: "ann")?.email } == "ann@example.org")
    }

    @Test("what was written before there was a chain keeps its place in front of it", arguments: Backend.allCases)
    func fromTheFirst(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        if case .sqlite(let path) = location, !FileManager.default.fileExists(atPath: path) {
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
        }
        let old = try Store.open(location, schema: .leave)
        try old.transaction { transaction in
            for statement in Schema.steps[0] { try transaction.run(statement) }
            try transaction.run(
                "CREATE TABLE schema_version (version {integer} NOT NULL, applied_at {integer} NOT NULL) {strict}")
            try transaction.run("INSERT INTO schema_version VALUES (1, 0)")
            try transaction.run(
                """
                INSERT INTO users
                    (id, email, email_verified, password_hash, created_at, updated_at, password_changed_at)
                VALUES ('ann', 'ann@example.org', 0, '$2b$12$abcdefghijklmnopqrstuu', 1, 1, 1)
                """)
            try transaction.run("INSERT INTO throttle VALUES ('k', 1, 1)")
            for kind in ["register", "login"] {
                try transaction.run("INSERT INTO audit_events (at, kind, user_id) VALUES (7, '\(kind)', 'ann')")
            }
        }
        old.close()
        let store = try Store.open(location)
        #expect(try store.schemaVersion() == Store.schemaVersionKnown)
        _ = try store.transaction { try $0.insertAudit(AuditEvent(kind: "logout")) }
        let records = try store.read { try $0.auditRecords(after: 0, limit: 10) }
        #expect(records.map(\.seq) == [1, 2, 3])
        #expect(records.map(\.event.kind) == ["register", "login", "logout"])
        #expect(records[0].at == 7 && records[0].digest.isEmpty && records[0].event.userId == "ann")
        #expect(try store.read { try $0.passwordKinds() } == ["$2b$12$"])
    }

    @Test("a schema from the future is refused and left alone", arguments: Backend.allCases)
    func tooNew(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        let store = try Store.open(location)
        _ = try store.transaction { try $0.run("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)") }
        let error = refusal { try Store.open(location) }
        #expect(error == .schemaTooNew(found: 99, known: Store.schemaVersionKnown))
        #expect(error.map { "\($0)" }?.contains("version 99") == true)
        #expect(refusal { try Store.open(location, schema: .leave) } == error)
    }

    @Test("looking at an empty database creates nothing", arguments: Backend.allCases)
    func looking(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        switch location {
        case .sqlite(let path):
            #expect(refusal { try Store.open(location, schema: .leave) }?.isUnavailable == true)
            #expect(!FileManager.default.fileExists(atPath: path))
        case .postgres:
            let store = try Store.open(location, schema: .leave)
            #expect(try store.schemaVersion() == 0)
            #expect(refusal { try store.read { try $0.count("users") } } != nil)
        }
    }

    @Test("a database with other tables of the same names is left as it is", arguments: Backend.allCases)
    func foreign(_ backend: Backend) throws {
        let location = try backend.makeLocation()
        switch location {
        case .sqlite(let path):
            try PostgresServer.run(["sqlite3", path, "CREATE TABLE sessions (mine); INSERT INTO sessions VALUES (1)"])
        case .postgres(let url):
            try PostgresServer.run(["psql", "-q", url, "-c", "CREATE TABLE sessions AS SELECT 1 AS mine"])
        }
        let error = refusal { try Store.open(location) }
        #expect(error.map { "\($0)" }?.contains("sessions") == true)
        let store = try Store.open(location, schema: .leave)
        #expect(try store.schemaVersion() == 0)
        #expect(try store.read { try $0.count("sessions") } == 1)
        #expect(refusal { try store.read { try $0.count("users") } } != nil)
    }
}
