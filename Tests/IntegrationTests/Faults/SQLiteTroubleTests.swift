import Foundation
import Testing

/// Group X of the catalogue: an SQLite file that cannot be written, read or locked.
@Suite("X: an SQLite file in trouble", .serialized)
struct SQLiteTroubleTests {
    /// A system call on the log of the database, and how it fails.
    struct Fault: Sendable, CustomStringConvertible {
        let call: String
        let error: String
        /// Whether a transaction may be in the log although it was refused.
        var mayHaveDone = false

        var description: String { "\(call): \(error)" }
    }

    @Test(
        "X-17 writes that fail (EIO, a full disk, read-only): 503, nothing half done, the gate goes on; it recovers by itself",
        .enabled(if: Tracer.canAttach, Tracer.isMissing),
        arguments: [
            Fault(call: "pwrite64", error: "EIO"), Fault(call: "pwrite64", error: "ENOSPC"),
            Fault(call: "pwrite64", error: "EROFS"), Fault(call: "fdatasync", error: "EIO", mayHaveDone: true),
        ])
    func writing(fault: Fault) throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let tracer = Box<Tracer?>(nil)
        try Trouble(secondsMax: 3, mayHaveDone: fault.mayHaveDone).play(on: stage.gateway) {
            let attached = try Tracer(
                stage.gateway.process, "trace=\(fault.call)", "inject=\(fault.call):error=\(fault.error)")
            tracer.change { $0 = attached }
        } mend: {
            tracer.value?.stop()
        }
        try stage.end()
        #expect(try integrity(stage) == "ok")
    }

    @Test(
        "X-17 another process keeps the file locked: 503 within three seconds, reading goes on; it recovers by itself")
    func locked() throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let locker = Box<ChildProcess?>(nil)
        defer { locker.value?.stop(signal: SIGKILL) }
        let reader = try stage.gateway.register()
        try Trouble(secondsMax: 3).play(on: stage.gateway) {
            let other = try ChildProcess(
                [
                    "/usr/bin/python3", "-u", "-c",
                    """
                    import sqlite3, sys, time
                    database = sqlite3.connect(sys.argv[1], isolation_level=None)
                    database.execute('BEGIN EXCLUSIVE')
                    print('locked')
                    time.sleep(60)
                    """, stage.gateway.folder.file("gatehouse.db"),
                ])
            locker.change { $0 = other }
            _ = try other.output.waitFor("locked")
            #expect(try stage.gateway.send(.get("/api/auth/me").bearer(reader.access)).status == 200)
            // However many ask at once: the first find out, and the others do not stand in line behind them.
            let waits = try together(40) { _ in
                let began = ContinuousClock.now
                let answer = try stage.gateway.send(.refresh(reader.refresh), by: .seconds(60))
                #expect(answer.status == 503 && answer["Retry-After"] != nil, "\(answer.summary)")
                return began.duration(to: .now) / .seconds(1)
            }
            #expect(waits.allSatisfy { $0 < 5 }, "\(waits.sorted())")
            let ran = try stage.gateway.command("user", "disable", reader.email)
            #expect(ran.ending == .exit(1) && ran.errors.contains("locked"), "\(ran.errors)")
        } mend: {
            locker.value?.stop(signal: SIGKILL)
        }
        #expect(try stage.gateway.send(.get("/api/x").bearer(reader.access)).status == 200, "nothing was disabled")
        try stage.end()
    }

    @Test(
        "X-17 a file that can no longer be read: accounts are 503, the gate goes on; it recovers by itself",
        .enabled(if: Tracer.canAttach, Tracer.isMissing))
    func reading() throws {
        let stage = try Stage { Configuration.standard($0).onSQLite() }
        let gateway = stage.gateway
        let person = try gateway.register()
        // A new connection has to read, and every failed one is dropped.
        let tracer = try Tracer(gateway.process, "trace=pread64,pwrite64", "inject=pread64,pwrite64:error=EIO")
        for _ in 1...3 {
            let answer = try gateway.send(.refresh(person.refresh))
            #expect(answer.code == "STORE_UNAVAILABLE", "\(answer.summary)")
            #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        }
        tracer.stop()
        #expect(try gateway.waitForStatus(200, of: .refresh(person.refresh)) < 2)
        try stage.end()
        #expect(try integrity(stage) == "ok")
    }

    private func integrity(_ stage: Stage) throws -> String {
        let ran = try ChildProcess.run([
            "/usr/bin/env", "sqlite3", stage.gateway.folder.file("gatehouse.db"), "PRAGMA integrity_check",
        ])
        return ran.output + ran.errors
    }
}
