import Foundation
import Testing

@testable import Storage

@Suite("PostgreSQL that fails")
struct PostgresFaultsTests {
    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let taken = try clock.measure(body)
        return Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
    }

    @Test("idle connections that the server ended are replaced without anybody noticing")
    func terminated() throws {
        let server = try PostgresServer.shared.get()
        let database = try server.makeDatabase()
        let store = try Store.open(.postgres(url: server.url(database)))
        _ = try onThreads(8) { _ in try store.ping() }
        for _ in 0..<3 {
            try server.terminateBackends(of: database)
            try store.ping()
            _ = try store.transaction { try $0.now() }
        }
    }

    @Test("a connection lost in a transaction is an outage, nothing is kept, and the next call succeeds")
    func lostWithin() throws {
        let server = try PostgresServer.shared.get()
        let database = try server.makeDatabase()
        let store = try Store.open(.postgres(url: server.url(database)))
        let error = refusal {
            try store.transaction { transaction in
                _ = try transaction.makeUser("ann")
                try server.terminateBackends(of: database)
                _ = try transaction.makeUser("bob")
            }
        }
        #expect(error?.isUnavailable == true)
        #expect(try store.read { try $0.count("users") } == 0)
        _ = try store.transaction { try $0.makeUser("ann") }
    }

    @Test("a stopped server is reported at once, and used again within two seconds of its return")
    func restart() throws {
        let server = try PostgresServer()
        let store = try Store.open(.postgres(url: server.url(server.makeDatabase())))
        _ = try onThreads(8) { _ in try store.ping() }
        try server.stop()
        let refused = try seconds {
            let errors = try onThreads(32) { _ in refusal { try store.ping() } }
            #expect(errors.allSatisfy { $0?.isUnavailable == true })
        }
        #expect(refused < 1)
        try server.start()
        let recovered = seconds {
            let limit = Deadline.after(milliseconds: 5_000)
            while refusal({ try store.ping() }) != nil, !limit.hasPassed {}
        }
        #expect(recovered < 2)
        _ = try store.transaction { try $0.makeUser("ann") }
    }

    @Test(
        "a server that hangs costs its first callers two seconds, the others nothing, and is used again when it is back"
    )
    func hanging() throws {
        let server = try PostgresServer.shared.get()
        let relay = try Relay(to: server.port)
        let store = try Store.open(.postgres(url: server.url(server.makeDatabase(), port: relay.port)))
        _ = try onThreads(8) { _ in try store.ping() }
        relay.set(.frozen)
        let noticed = seconds { #expect(refusal { try store.ping() }?.isUnavailable == true) }
        #expect(noticed > 1 && noticed < 3)
        // The first attempt to connect anew finds the outage; from then on one caller at a time waits.
        let attempt = seconds { #expect(refusal { try store.ping() }?.isUnavailable == true) }
        #expect(attempt < 3)
        let waits = try onThreads(64) { _ in
            seconds { #expect(refusal { try store.ping() }?.isUnavailable == true) }
        }
        #expect(waits.filter { $0 > 0.5 }.count <= 8, "\(waits.sorted())")
        relay.set(.none)
        let recovered = seconds {
            let limit = Deadline.after(milliseconds: 5_000)
            while refusal({ try store.ping() }) != nil, !limit.hasPassed {}
        }
        #expect(recovered < 2)
    }

    @Test("a connection lost between COMMIT and its answer says that the outcome is unknown")
    func commitUnknown() throws {
        let server = try PostgresServer.shared.get()
        let relay = try Relay(to: server.port)
        let store = try Store.open(.postgres(url: server.url(server.makeDatabase(), port: relay.port)))
        relay.set(.cutAfter("COMMIT"))
        let error = refusal { try store.transaction { try $0.makeUser("ann") } }
        guard case .commitUnknown = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // What was read was read.
        #expect(try store.read { try $0.count("users") } == 1)
        relay.set(.none)
        // Nothing is left half-done, and an idempotent retry finds what it did.
        #expect(refusal { try store.transaction { try $0.makeUser("ann") } } != nil)
        #expect(try store.read { try $0.findUser(id: "ann")?.roles } == ["user"])
    }

    @Test("a statement that takes too long is given up by the server, and the connection goes on")
    func slow() throws {
        let store = try Backend.postgres.open()
        let taken = seconds {
            let error = refusal { try store.read { try $0.run("SELECT pg_sleep(30)") } }
            #expect(error?.isUnavailable == true)
        }
        #expect(taken > 1.5 && taken < 3)
        try store.ping()
    }

    @Test("a row that another keeps locked is an outage after the limit, not a hang")
    func locked() throws {
        let server = try PostgresServer.shared.get()
        let database = try server.makeDatabase()
        let one = try Store.open(.postgres(url: server.url(database)))
        let other = try Store.open(.postgres(url: server.url(database)))
        try one.transaction { transaction in
            _ = try transaction.makeUser("bob")
        }
        try one.transaction { transaction in
            _ = try transaction.lockUser(id: "bob")
            let taken = seconds {
                #expect(refusal { try other.transaction { try $0.lockUser(id: "bob") } }?.isUnavailable == true)
            }
            #expect(taken > 1 && taken < 3)
        }
        #expect(try other.transaction { try $0.lockUser(id: "bob") } != nil)
    }

    @Test("without a free connection callers are told so, and served when there is one")
    func tooMany() throws {
        let server = try PostgresServer.shared.get()
        let database = try server.makeDatabase()
        let role = "limited_\(database)"
        try server.query("CREATE ROLE \(role) LOGIN CONNECTION LIMIT 1", database: database)
        try server.query("GRANT ALL ON SCHEMA public TO \(role)", database: database)
        let store = try Store.open(.postgres(url: server.url(database, user: role)))
        try store.transaction { _ in
            #expect(refusal { try store.ping() }?.isUnavailable == true)
        }
        try store.ping()
    }

    @Test("a database that became read-only refuses writes as such, and goes on reading")
    func standby() throws {
        let server = try PostgresServer.shared.get()
        let database = try server.makeDatabase()
        try Store.open(.postgres(url: server.url(database))).ping()
        try server.query("ALTER DATABASE \(database) SET default_transaction_read_only = on", database: database)
        let store = try Store.open(.postgres(url: server.url(database)))
        guard case .readOnly = refusal({ try store.transaction { try $0.makeUser("ann") } }) else {
            Issue.record("not refused as read-only")
            return
        }
        #expect(try store.read { try $0.count("users") } == 0)
    }

    @Test("prepared statements that were discarded, by a pooler for example, are an outage of one call")
    func discarded() throws {
        let store = try Backend.postgres.open()
        try store.ping()
        _ = try store.transaction { transaction in try transaction.run("DEALLOCATE ALL") }
        _ = refusal { try store.ping() }
        try store.ping()
    }

    @Test("what cannot be reached is reported at start, without the password")
    func unreachable() throws {
        let port = try PostgresServer.freePort()
        let server = try PostgresServer.shared.get()
        for url in [
            "postgresql://gatehouse:s3cret@127.0.0.1:\(port)/gatehouse",
            "postgresql://gatehouse:s3cret@127.0.0.1:\(server.port)/nowhere",
            "postgresql://nobody:s3cret@127.0.0.1:\(server.port)/postgres",
            "postgresql://gatehouse:s3cret@127.0.0.1:1/x?sslmode=nonsense",
            "not a url", "",
        ] {
            let error = refusal { try Store.open(.postgres(url: url)) }
            #expect(error?.isUnavailable == true, "\(url): \(String(describing: error))")
            #expect("\(String(describing: error))".contains("s3cret") == false)
        }
    }
}

extension PostgresServer {
    fileprivate func terminateBackends(of database: String) throws {
        try query(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '\(database)'",
            database: "postgres")
    }
}
