import Foundation
import Testing

/// Group L of the catalogue: how long sessions live, and what is left of them on disk.
@Suite("L: lifetimes and storage", .serialized)
struct LifetimeTests {
    /// The library behind `faketime`; the command itself would stand between the test and the gateway's process.
    private static let faketime: String? = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        return folders.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// A gateway whose clock is ahead by `days`.
    private func gateway(
        _ configuration: Configuration, in folder: TemporaryFolder, daysAhead days: Int
    ) throws -> Gateway {
        let library = try #require(Self.faketime)
        return try Gateway(
            configuration, in: folder,
            environment: days == 0 ? [:] : ["LD_PRELOAD": library, "FAKETIME": "+\(days)d"])
    }

    @Test(
        "L-28 a session ends when it was idle too long, and after its absolute lifetime however busy",
        .enabled(if: faketime != nil, "faketime is not installed"))
    func lifetimes() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let folder = try TemporaryFolder("lifetimes")
        let configuration = Configuration.standard(backend).onSQLite()
        var now = try gateway(configuration, in: folder, daysAhead: 0)
        let idle = try now.register()
        var busy = try now.register()
        try now.stop()

        for day in [6, 12, 18, 24, 29] {
            now = try gateway(configuration, in: folder, daysAhead: day)
            busy = try now.refresh(busy)
            if day > 7 {
                let answer = try now.send(.refresh(idle.refresh))
                #expect(answer.status == 401)
                #expect(
                    answer.code == "REFRESH_TOKEN_EXPIRED" || answer.code == "INVALID_REFRESH_TOKEN",
                    "\(answer.summary)")
                #expect(try now.send(.get("/api/x").bearer(idle.access)).code == "TOKEN_EXPIRED")
            }
            try now.stop()
        }
        now = try gateway(configuration, in: folder, daysAhead: 31)
        let ended = try now.send(.refresh(busy.refresh))
        #expect(ended.status == 401)
        #expect(ended.code == "REFRESH_TOKEN_EXPIRED", "\(ended.summary)")
        try now.stop()
    }

    @Test("L-28 the same by the clock of either database", arguments: Database.allCases)
    func lifetimesByClock(database: Database) throws {
        let stage = try stage(on: database)
        let gateway = stage.gateway
        let idle = try gateway.register()
        var busy = try gateway.register()
        /// Everything is as old as if so many days had gone by.
        func pass(days: Int) throws {
            let columns = [
                "sessions": ["created_at", "last_used_at", "idle_expires_at", "absolute_expires_at"],
                "refresh_tokens": ["created_at", "expires_at", "spent_at"],
            ]
            for (table, names) in columns {
                let changes = names.map { "\($0) = \($0) - \(days * 86_400_000)" }.joined(separator: ", ")
                try SQL.run("UPDATE \(table) SET \(changes)", on: gateway)
            }
        }
        for _ in 1...4 {
            try pass(days: 6)
            busy = try gateway.refresh(busy)
        }
        #expect(try gateway.send(.refresh(idle.refresh)).code == "REFRESH_TOKEN_EXPIRED")
        try pass(days: 5)
        busy = try gateway.refresh(busy)
        try pass(days: 2)
        #expect(try gateway.send(.refresh(busy.refresh)).code == "REFRESH_TOKEN_EXPIRED")
        try stage.end()
    }

    private func stage(on database: Database) throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
    }

    /// Everything that is written in the database.
    private func contents(of gateway: Gateway) throws -> [UInt8] {
        guard let name = gateway.configuration.database.split(separator: "/").last?.dropLast(),
            gateway.configuration.database.hasPrefix("postgres")
        else {
            let names = try FileManager.default.contentsOfDirectory(atPath: gateway.folder.path)
            return try names.filter { $0.hasPrefix("gatehouse.db") }.flatMap { name in
                try Array(Data(contentsOf: URL(fileURLWithPath: gateway.folder.file(name))))
            }
        }
        let server = try PostgresServer.shared()
        let tables = try server.query(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", in: String(name))
        return try tables.flatMap { table in
            try Array(server.query("SELECT row::text FROM \(table) row", in: String(name)).joined().utf8)
        }
    }

    @Test(
        "L-30 the database holds neither refresh tokens nor passwords, and every hash has a salt of its own",
        arguments: Database.allCases)
    func contents(database: Database) throws {
        let stage = try stage(on: database)
        let people = try (1...3).map { _ in try stage.gateway.refresh(stage.gateway.register()) }
        _ = try stage.gateway.send(.refresh(people[0].refresh))
        let gateway = stage.gateway
        try stage.end()
        let bytes = try contents(of: gateway)
        #expect(bytes.contains(people[0].email), "this is the database")
        for person in people {
            #expect(!bytes.contains(person.refresh))
            #expect(!bytes.contains(person.access))
            #expect(!bytes.contains(person.password))
        }
        let hashes = Set(bytes.text.matches(of: #/\$2[aby]\$04\$[.\/A-Za-z0-9]{53}/#).map { String($0.0) })
        #expect(hashes.count == 3)
        #expect(Set(hashes.map { $0.dropFirst(7).prefix(22) }).count == 3)
    }

    @Test("the database file is for its owner alone")
    func fileMode() throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let attributes = try FileManager.default.attributesOfItem(atPath: stage.gateway.folder.file("gatehouse.db"))
        let mode = try #require(attributes[.posixPermissions] as? Int)
        #expect(mode & 0o077 == 0, "mode \(String(mode, radix: 8))")
        try stage.end()
    }
}
