import Foundation

/// A database with a gateway on it that can be killed at exactly one step of what it does.
protocol KillingGround: Sendable {
    /// The same configuration on this database.
    func configure(_ configuration: Configuration) -> Configuration

    /// Has `body` make the gateway do something, and kills it at the step of this number, from 1. `body` tells whether the
    /// gateway has answered all that it was asked.
    ///
    /// - Returns: the words of the step; nil when there are not so many, and the gateway lives.
    func kill(_ gateway: Gateway, at step: Int, while body: () throws -> Bool) throws -> String?

    /// The rows of a query, columns parted by `|`.
    func query(_ sql: String, of gateway: Gateway) throws -> [String]

    func stop()
}

extension Database {
    func killingGround() throws -> any KillingGround {
        switch self {
        case .sqlite: SQLiteKillingGround()
        case .postgres: try PostgresKillingGround()
        }
    }
}

/// Each question of a writing transaction is two steps: before the database hears it, and after it has done what was asked,
/// before the gateway is told. COMMIT is the first two; what comes then depends on which statements the connection has prepared.
struct PostgresKillingGround: KillingGround {
    private let server: PostgresServer
    private let database: PostgresServer.Database
    private let relay: KillingRelay

    init() throws {
        server = try PostgresServer.shared()
        database = try server.makeDatabase()
        relay = try KillingRelay(to: server.address)
    }

    func configure(_ configuration: Configuration) -> Configuration {
        var configuration = configuration
        configuration.database = "postgres \"postgresql://postgres@\(relay.address)/\(database.name)\""
        return configuration
    }

    func kill(_ gateway: Gateway, at step: Int, while body: () throws -> Bool) throws -> String? {
        let moment = step % 2 == 1 ? KillingRelay.Moment.unheard : .unanswered
        let strike: @Sendable () -> Void = { try? gateway.kill() }
        if step <= 2 {
            relay.aim(at: 1, words: "COMMIT", moment, strike)
        } else {
            relay.aim(at: (step - 1) / 2, moment, strike)
        }
        let isAnswered = try body()
        guard let question = relay.rest() else {
            guard isAnswered else { throw Failure("no answer, and nobody was killed") }
            return nil
        }
        _ = try gateway.process.waitForEnd()
        return "\(moment == .unheard ? "before" : "after") \(question)"
    }

    func query(_ sql: String, of gateway: Gateway) throws -> [String] { try server.query(sql, in: database.name) }

    func stop() { relay.stop() }
}

/// Each write to the log of the database is a step, and so is what comes after the last of them: the sync, its end, and the
/// sending of the answer.
struct SQLiteKillingGround: KillingGround {
    func configure(_ configuration: Configuration) -> Configuration {
        var configuration = configuration
        configuration.database = "sqlite gatehouse.db"
        // There an answer is a system call of its own.
        configuration.ioEngine = "epoll"
        return configuration
    }

    func kill(_ gateway: Gateway, at step: Int, while body: () throws -> Bool) throws -> String? {
        let process = gateway.process
        let (words, call, effect): (String, String, String) =
            switch step {
            case 1: ("before the sync", "fdatasync", "signal=KILL:when=1")
            case 2: ("after the sync", "fdatasync", "delay_exit=5000000:when=1")
            case 3: ("before the answer is sent", "sendto", "signal=KILL:when=1")
            default: ("before write \(step - 3)", "pwrite64", "signal=KILL:when=\(step - 3)")
            }
        let tracer = try Tracer(process, "trace=\(call)", "inject=\(call):\(effect)")
        defer { tracer.stop() }
        if step == 2 {
            Thread.detachNewThread {
                // Told as soon as the call has been made, before the process goes on.
                if (try? tracer.calls.waitFor("DELAYED")) != nil { process.signal(SIGKILL) }
            }
        }
        if try body() { return nil }
        _ = try process.waitForEnd()
        return words
    }

    func query(_ sql: String, of gateway: Gateway) throws -> [String] {
        let ran = try ChildProcess.run(["/usr/bin/env", "sqlite3", gateway.folder.file("gatehouse.db"), sql])
        guard ran.ending == .exit(0) else { throw Failure("sqlite3: \(ran.errors)") }
        return ran.output.split(separator: "\n").map(String.init)
    }

    func stop() {}
}
