import Foundation
import Testing

@testable import Storage

@Suite("SQLite that fails")
struct SQLiteFaultsTests {
    /// A small file system of its own; nil where this process may not mount one.
    private func withSmallDisk(_ body: (String) throws -> Void) throws {
        let folder = try makeFolder()
        try PostgresServer.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder])
        defer { _ = try? PostgresServer.run(["umount", "-l", folder]) }
        try body(folder)
    }

    private static let mayMount: Bool = geteuid() == 0

    @Test("the file and its companions can be read by their owner only")
    func fileMode() throws {
        let path = try makeFolder() + "/gatehouse.db"
        let store = try Store.open(.sqlite(path: path))
        _ = try store.transaction { try $0.makeUser("ann") }
        for name in [path, path + "-wal", path + "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test("a store that is opened anew leaves the locks of the others on its file: their log is not removed")
    func locksOutlive() throws {
        let path = try makeFolder() + "/gatehouse.db"
        let store = try Store.open(.sqlite(path: path))
        _ = try store.transaction { try $0.makeUser("ann") }
        try Store.open(.sqlite(path: path)).close()
        // The last connection of a process that believes itself alone would remove it.
        #expect(try PostgresServer.run(["sqlite3", path, "SELECT count(*) FROM users"]) == "1")
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        _ = try store.transaction { try $0.makeUser("bob") }
        #expect(try PostgresServer.run(["sqlite3", path, "SELECT count(*) FROM users"]) == "2")
    }

    @Test("a file that was moved away or replaced is neither read nor written; put back, it is as before")
    func moved() throws {
        let path = try makeFolder() + "/gatehouse.db"
        let store = try Store.open(.sqlite(path: path))
        _ = try store.transaction { try $0.makeUser("ann") }
        try store.ping()
        try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
        for isReplaced in [false, true] {
            if isReplaced { _ = FileManager.default.createFile(atPath: path, contents: nil) }
            #expect(throws: StorageError.self) { try store.ping() }
            #expect(throws: StorageError.self) { _ = try store.transaction { try $0.makeUser("bob") } }
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".aside", toPath: path)
        try store.ping()
        _ = try store.transaction { try $0.makeUser("bob") }
    }

    @Test(
        "a full disk refuses the write whole; reading goes on, and writing once there is room", .enabled(if: mayMount))
    func fullDisk() throws {
        try withSmallDisk { folder in
            let store = try Store.open(.sqlite(path: folder + "/gatehouse.db"))
            _ = try store.transaction { try $0.makeUser("ann") }
            let filler = folder + "/filler"
            _ = FileManager.default.createFile(atPath: filler, contents: nil)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
            while (try? handle.write(contentsOf: Data(count: 4096))) != nil {}
            try handle.close()

            let long = String(repeating: "x", count: 20_000)
            let error = refusal {
                try store.transaction { transaction in
                    for index in 0..<50 {
                        try transaction.insertAudit(AuditEvent(kind: "\(index)", detail: long))
                    }
                }
            }
            guard case .full = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try store.read { try $0.count("audit_events") } == 0)
            #expect(try store.read { try $0.findUser(id: "ann") } != nil)
            try FileManager.default.removeItem(atPath: filler)
            try store.transaction { try $0.insertAudit(AuditEvent(kind: "again")) }
            #expect(try store.read { try $0.count("audit_events") } == 1)
        }
    }

    @Test("a file on a read-only file system is read, and refuses writes as such", .enabled(if: mayMount))
    func readOnlyDisk() throws {
        try withSmallDisk { folder in
            let path = folder + "/gatehouse.db"
            let store = try Store.open(.sqlite(path: path))
            _ = try store.transaction { try $0.makeUser("ann") }
            store.close()
            try PostgresServer.run(["mount", "-o", "remount,ro", folder])
            let again = try? Store.open(.sqlite(path: path))
            // Without its -shm file SQLite cannot even read; either way it says so and nothing breaks.
            if let again {
                guard case .readOnly = refusal({ try again.transaction { try $0.makeUser("bob") } }) else {
                    Issue.record("not refused as read-only")
                    return
                }
            } else {
                #expect(refusal { try Store.open(.sqlite(path: path)) }?.isOutage == true)
            }
        }
    }

    @Test("a file that another process keeps locked is an outage after the limit; reading goes on")
    func locked() throws {
        let path = try makeFolder() + "/gatehouse.db"
        let store = try Store.open(.sqlite(path: path))
        let other = Process()
        let (input, output) = (Pipe(), Pipe())
        other.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        other.arguments = [path]
        other.standardInput = input
        other.standardOutput = output
        try other.run()
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "locked\n")

        #expect(refusal { try store.transaction { try $0.makeUser("ann") } }?.isUnavailable == true)
        #expect(try store.read { try $0.count("users") } == 0)
        try input.fileHandleForWriting.write(contentsOf: Data(".quit\n".utf8))
        other.waitUntilExit()
        _ = try store.transaction { try $0.makeUser("ann") }
    }

    @Test("a transaction that keeps the writer does not keep the readers, and the next writer is told")
    func busyWriter() throws {
        let store = try Backend.sqlite.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            #expect(try store.read { try $0.count("users") } == 0)
            #expect(refusal { try store.transaction { try $0.now() } } == .unavailable("the writer is busy"))
        }
        #expect(try store.read { try $0.count("users") } == 1)
    }

    @Test("what is not a database, or not there, or not a file, is a plain message")
    func notADatabase() throws {
        let folder = try makeFolder()
        let text = folder + "/text"
        try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: text))
        for path in [text, folder, folder + "/none/gatehouse.db", ""] {
            let error = refusal { try Store.open(.sqlite(path: path)) }
            #expect(error != nil && error.map { "\($0)" }?.isEmpty == false, "\(path)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: text)).count == 8192)
    }

    @Test("X-19 a backup taken while others write opens, and is whole")
    func backup() throws {
        let folder = try makeFolder()
        let path = folder + "/gatehouse.db"
        let store = try Store.open(.sqlite(path: path))
        let checks = try onThreads(4) { index -> String in
            if index > 0 {
                for number in 0..<100 {
                    _ = try store.transaction { try $0.makeUser("user-\(index)-\(number)") }
                }
                return "ok"
            }
            let copy = folder + "/copy.db"
            try PostgresServer.run(["sqlite3", path, ".timeout 5000", ".backup \(copy)"])
            let verdict = try PostgresServer.run(["sqlite3", copy, "PRAGMA integrity_check"])
            let half = try Store.open(.sqlite(path: copy)).read { try $0.count("users") - $0.count("user_roles") }
            return half == 0 ? verdict : "\(half) users without roles"
        }
        #expect(checks == ["ok", "ok", "ok", "ok"])
    }
}
