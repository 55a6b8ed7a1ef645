import Foundation
import Testing

/// Start, stop, signals, listeners.
@Suite("The life of the process", .serialized)
struct LifecycleTests {
    @Test("SIGTERM finishes requests in flight, refuses new ones, and exits 0")
    func drain() throws {
        let stage = try Stage { .standard($0) }
        let latch = Latch()
        stage.backend.on("/public/slow", .after(latch))
        let inFlight = try stage.gateway.connect()
        try inFlight.send("GET /public/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        let idle = try stage.gateway.connect()
        try idle.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try idle.mustRespond()
        _ = try stage.backend.waitForRequests(2)
        stage.gateway.process.signal(SIGTERM)
        try idle.expectClosed()
        #expect(throws: Failure.self) {
            let late = try stage.gateway.connect()
            try late.send("GET /public/late HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try late.mustRespond()
            if answer.status == 503 { throw Failure("refused, as it should be") }
        }
        #expect(stage.gateway.process.isRunning, "it waits for the request in flight")
        latch.open()
        let answer = try inFlight.mustRespond()
        #expect(answer.body.text == "GET /public/slow\n")
        #expect(try stage.gateway.process.waitForEnd() == .exit(0))
        stage.backend.stop()
    }

    @Test("a download in flight is finished, too")
    func drainDownload() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on("/public/long", .download(16 << 20))
        let client = try WireClient(to: stage.gateway.address, receiveBufferBytes: 65536)
        try client.send("GET /public/long HTTP/1.1\r\nHost: a\r\n\r\n")
        var answer = try #require(try WireResponse.head(from: client.reader, by: .soon))
        stage.gateway.process.signal(SIGTERM)
        _ = try stage.gateway.errors.waitFor("draining")
        try answer.readBody(from: client.reader, method: "GET", by: .seconds(30))
        #expect(answer.body.count == 16 << 20 && answer.isComplete)
        #expect(try stage.gateway.process.waitForEnd() == .exit(0))
        stage.backend.stop()
    }

    @Test("what outlasts the grace is cut off")
    func grace() throws {
        let stage = try Stage { Configuration.standard($0).with("drain-grace 1s") }
        stage.backend.on("/public/never", .silence)
        let client = try stage.gateway.connect()
        try client.send("GET /public/never HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try stage.gateway.errors.waitFor("ready")
        try stage.expectAlive()
        let start = ContinuousClock.now
        stage.gateway.process.signal(SIGTERM)
        _ = try stage.gateway.process.waitForEnd()
        let seconds = start.duration(to: .now) / .seconds(1)
        #expect((0.9...3).contains(seconds), "\(seconds) s")
        stage.backend.stop()
    }

    @Test("X-03 a second SIGTERM ends it at once")
    func impatience() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on("/public/never", .silence)
        let client = try stage.gateway.connect()
        try client.send("GET /public/never HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.expectAlive()
        stage.gateway.process.signal(SIGTERM)
        _ = try stage.gateway.errors.waitFor("draining")
        stage.gateway.process.signal(SIGTERM)
        guard case .exit = try stage.gateway.process.waitForEnd(by: .seconds(2)) else {
            throw Failure("it was ended by the signal itself")
        }
        stage.backend.stop()
    }

    @Test("G-12 a taken port is named, exit 1, and the old process lives")
    func takenPort() throws {
        let stage = try Stage { .standard($0) }
        let folder = try TemporaryFolder("taken")
        for workers in [1, 2] {
            var configuration = stage.gateway.configuration
            configuration.listen = ["127.0.0.1:\(stage.gateway.address.port)"]
            configuration.workers = workers
            try Gateway.prepare(folder, configuration)
            let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
            #expect(ran.ending == .exit(1))
            #expect(ran.errors.contains("127.0.0.1:\(stage.gateway.address.port)"), "\(ran.errors)")
            #expect(!ran.errors.contains("ready"))
        }
        try stage.expectAlive()
        try stage.end()
    }

    @Test("two workers share the port and the sessions, and are stopped together")
    func workers() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.workers = 2
            return configuration
        }
        let person = try stage.gateway.register()
        _ = try together(20) { _ in
            guard try stage.gateway.send(.get("/api/x").bearer(person.access)).status == 200 else {
                throw Failure("refused")
            }
        }
        #expect(try stage.gateway.send(.logout(person.refresh)).status == 200)
        let after = try together(20) { _ in try stage.gateway.send(.get("/api/x").bearer(person.access)).status }
        #expect(after.allSatisfy { $0 == 401 }, "applied on every core before the answer")
        try stage.end()
    }

    @Test("it listens on a Unix socket, on IPv6 and on several addresses")
    func listeners() throws {
        let folder = try TemporaryFolder("listeners")
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.listen = ["127.0.0.1:0", "[::1]:0", "unix:\(folder.file("gate.sock"))"]
            return configuration
        }
        #expect(stage.gateway.addresses.count == 3)
        for address in stage.gateway.addresses {
            let mark = stage.backend.mark
            let answer = try stage.gateway.send(.get("/public/x"), to: address)
            #expect(answer.status == 200, "\(address)")
            let forwarded = stage.backend.requests(since: mark).flatMap { $0.all("X-Forwarded-For") }
            if case .ipv6 = address { #expect(forwarded == ["::1"]) }
            if case .ipv4 = address { #expect(forwarded == ["127.0.0.1"]) }
        }
        try stage.end()
        #expect(!FileManager.default.fileExists(atPath: folder.file("gate.sock")), "the socket file is removed")
    }

    @Test("a Unix socket that a dead gateway left behind is no obstacle; one that is alive is")
    func staleSocket() throws {
        let folder = try TemporaryFolder("stale")
        func configured(_ backend: RecordingBackend) -> Configuration {
            var configuration = Configuration.standard(backend)
            configuration.listen = ["unix:\(folder.file("gate.sock"))"]
            return configuration
        }
        let first = try Stage(configured)
        try first.gateway.kill()
        #expect(FileManager.default.fileExists(atPath: folder.file("gate.sock")))
        let second = try Stage(configured)
        try second.expectAlive()
        let third = try TemporaryFolder("third")
        try Gateway.prepare(third, second.gateway.configuration)
        #expect(try GatewayBinary.run(["run", "-c", "gateway.conf"], in: third).ending == .exit(1))
        try second.expectAlive()
        try second.end()
        first.backend.stop()
    }

    @Test("upstreams on a Unix socket and on IPv6 are served")
    func upstreamFamilies() throws {
        let folder = try TemporaryFolder("upstreams")
        for address in [SocketAddress.unix(path: folder.file("back.sock")), .ipv6(port: 0)] {
            let backend = try RecordingBackend(on: address)
            let gateway = try Gateway(.standard(backend))
            #expect(try gateway.send(.get("/public/x")).status == 200, "\(address)")
            try gateway.stop()
            backend.stop()
        }
    }

    @Test("the database unreachable at start is a plain message and exit 1")
    func noDatabase() throws {
        let backend = try RecordingBackend()
        let folder = try TemporaryFolder("nodatabase")
        let closed = try BoundSocket()
        for database in [
            "postgres \"postgresql://postgres:s3cret@127.0.0.1:\(closed.address.port)/none\"",
            "sqlite /nowhere/at/all.db",
        ] {
            var configuration = Configuration.standard(backend)
            configuration.database = database
            try Gateway.prepare(folder, configuration)
            let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
            #expect(ran.ending == .exit(1), "\(ran.errors)")
            #expect(ran.errors.contains("database"), "\(ran.errors)")
            #expect(!ran.errors.contains("s3cret"))
        }
        backend.stop()
    }
}
