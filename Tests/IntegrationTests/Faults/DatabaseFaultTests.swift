import Foundation
import Testing

/// Group X of the catalogue: databases that are full, gone or of another time.
@Suite("X: databases that fail", .serialized)
struct DatabaseFaultTests {
    @Test("X-10, X-11 PostgreSQL stopped: accounts are 503, the gate goes on; it recovers by itself")
    func outage() throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let directive = try server.makeDatabase().directive
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = directive
            return configuration
        }
        let gateway = stage.gateway
        let person = try gateway.register()
        server.stop()
        for call in [
            Call.login(person.email, person.password), .refresh(person.refresh), .register(Person()),
            .logout(person.refresh),
        ] {
            let start = ContinuousClock.now
            let answer = try gateway.send(call)
            #expect(answer.status == 503, "\(call.target): \(answer.summary)")
            #expect(answer.code == "STORE_UNAVAILABLE")
            #expect(answer["Retry-After"] != nil)
            #expect(start.duration(to: .now) < .seconds(2.5))
            #expect(answer.all("Set-Cookie").isEmpty)
        }
        for _ in 1...20 { #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200) }
        #expect(try gateway.send(.get("/admin/x").bearer(person.access)).status == 403)
        let admin = try #require(gateway.admin)
        _ = try gateway.errors.waitFor("database", "does not answer")
        #expect(try gateway.send(.get("/readyz"), to: admin).status == 200)
        #expect(try gateway.send(.get("/readyz"), to: admin).body.contains("database: down"))
        #expect(try gateway.send(.get("/readyz?require=database"), to: admin).status == 503)

        let mark = gateway.errors.mark
        try server.start()
        _ = try gateway.errors.waitFor("database answers again", after: mark, by: .seconds(2))
        let again = try gateway.login(person)
        #expect(try gateway.refresh(person).id == again.id, "the session outlived the outage")
        #expect(try gateway.send(.get("/readyz?require=database"), to: admin).status == 200)
        try stage.end()
    }

    @Test("X-10 connections cut by the server (a failover) are made anew")
    func cut() throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabase()
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = database.directive
            return configuration
        }
        var person = try stage.gateway.register()
        for _ in 1...3 {
            try server.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(database.name)'",
                in: "postgres")
            let statuses = try (1...8).map { _ in try stage.gateway.send(.login(person.email, person.password)).status }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 503 })
            #expect(statuses.last == 200, "\(statuses)")
            person = try stage.gateway.login(person)
        }
        try stage.end()
    }

    @Test("X-14 a database of a newer gatehouse is refused, with a word why; an older one is migrated")
    func schema() throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let person = try stage.gateway.register()
        let folder = stage.gateway.folder
        let configuration = stage.gateway.configuration
        let backend = stage.backend
        try stage.gateway.stop()
        let changed = try ChildProcess.run([
            "/usr/bin/env", "python3", "-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO schema_version VALUES (999,0)'); c.commit()",
            folder.file("gatehouse.db"),
        ])
        try #require(changed.ending == .exit(0), "\(changed.errors)")
        let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("999"), "\(ran.errors)")
        try GatewayBinary.undo999(folder)
        let again = try Gateway(configuration, in: folder)
        _ = try again.login(person)
        try again.stop()
        backend.stop()
    }

    @Test(
        "a file that is no database is refused at start",
        arguments: ["garbage, and more than a header of it: " + String(repeating: "x", count: 5000)])
    func noDatabase(contents: String) throws {
        let backend = try RecordingBackend()
        let folder = try TemporaryFolder("garbage")
        try Gateway.prepare(folder, Configuration.standard(backend).onSQLite())
        try folder.write("gatehouse.db", contents)
        let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
        #expect(ran.ending == .exit(1))
        #expect(ran.errors.contains("gatehouse.db"), "\(ran.errors)")
        #expect(try folder.read("gatehouse.db") == contents, "nothing was overwritten")
        backend.stop()
    }

    @Test(
        "X-17 SQLite on a full disk: 503, nothing half done, the gate goes on, and it recovers",
        .enabled(if: Filesystem.canMount, "needs root to mount a small tmpfs"))
    func fullDisk() throws {
        let disk = try SmallDisk(kilobytes: 2048)
        defer { disk.unmount() }
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = "sqlite \(disk.file("gatehouse.db"))"
            return configuration
        }
        let gateway = stage.gateway
        let person = try gateway.register()
        try disk.fill()
        var refused: Person?
        for _ in 1...300 {
            let next = Person()
            let answer = try gateway.send(.register(next))
            if answer.status == 201 { continue }
            #expect(answer.status == 503, "\(answer.summary)")
            #expect(answer.code == "STORE_UNAVAILABLE")
            refused = next
            break
        }
        let cutOff = try #require(refused, "the disk never was full")
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try gateway.send(.get("/api/auth/me").bearer(person.access)).status == 200, "reading goes on")
        try disk.empty()
        #expect(try gateway.send(.login(cutOff.email, cutOff.password)).status == 401, "no half-made account")
        _ = try gateway.register(cutOff)
        _ = try gateway.refresh(person)
        try stage.end()
    }

    @Test("X-15 killed in the middle of its work, it starts again on the same file with everything it had promised")
    func killed() throws {
        let backend = try RecordingBackend()
        var gateway = try Gateway(Configuration.standard(backend).onSQLite())
        let folder = gateway.folder
        var person = try gateway.register()
        for _ in 1...5 {
            let (running, presented) = (gateway, person)
            let kept = Box<[Person]>([])
            _ = try together(5) { number in
                if number == 4 {
                    try running.kill()
                } else {
                    let newcomer = Person()
                    if let answer = try? running.send(.register(newcomer)), answer.status == 201 {
                        kept.change { $0.append(newcomer) }
                    }
                }
            }
            gateway = try Gateway(Configuration.standard(backend).onSQLite(), in: folder)
            for newcomer in kept.value { _ = try gateway.login(newcomer) }
            person = try gateway.refresh(presented)
        }
        let integrity = try ChildProcess.run([
            "/usr/bin/env", "python3", "-c",
            "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])",
            folder.file("gatehouse.db"),
        ])
        #expect(integrity.output == "ok")
        try gateway.stop()
        backend.stop()
    }
}

extension GatewayBinary {
    /// Takes back what the test of a newer schema wrote.
    fileprivate static func undo999(_ folder: TemporaryFolder) throws {
        let ran = try ChildProcess.run([
            "/usr/bin/env", "python3", "-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('DELETE FROM schema_version WHERE version=999'); c.commit()",
            folder.file("gatehouse.db"),
        ])
        guard ran.ending == .exit(0) else { throw Failure(ran.errors) }
    }
}
