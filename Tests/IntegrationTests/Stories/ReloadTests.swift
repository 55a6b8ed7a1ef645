import Foundation
import Testing

/// HUP and `gatehouse reload`: all or nothing, in place.
@Suite("Reload", .serialized)
struct ReloadTests {
    private func hup(_ gateway: Gateway, _ configuration: Configuration, expecting words: String) throws {
        let mark = gateway.errors.mark
        try gateway.folder.write("gateway.conf", configuration.text)
        gateway.process.signal(SIGHUP)
        _ = try gateway.errors.waitFor(words, after: mark)
    }

    @Test("another rule is in force on connections that were open before, and none of them is closed")
    func rules() throws {
        let stage = try Stage { .standard($0) }
        let idle = try stage.gateway.connect()
        try idle.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.mustRespond().status == 200)
        let untouched = try stage.gateway.connect()
        let mark = stage.gateway.errors.mark
        var changed = stage.gateway.configuration
        changed.lines.append("route /public/x role admin -> backend")
        changed.lines.append("route /new/* public -> backend")
        try hup(stage.gateway, changed, expecting: "gatehouse: reloaded")
        let said = stage.gateway.errors.all[mark...].joined(separator: "\n")
        #expect(said.contains(": route /new/* public -> backend"), "\(said)")
        for client in [idle, untouched] {
            for (path, status) in [("/public/x", 401), ("/new/y", 200), ("/public/y", 200), ("/public/x", 401)] {
                try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.mustRespond().status == status, "\(path)")
            }
        }
        try hup(stage.gateway, stage.gateway.configuration, expecting: "gatehouse: reloaded")
        try idle.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.mustRespond().status == 200)
        try stage.end()
    }

    @Test("the lock on an SQLite file outlives a reload: commands beside the gateway leave it the log that it writes")
    func sqliteLocks() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let gateway = try Gateway(Configuration.standard(backend).onSQLite())
        let ann = try gateway.register()
        try hup(gateway, gateway.configuration, expecting: "gatehouse: reloaded")
        for _ in 0..<2 {
            let bob = try gateway.register()
            try gateway.setRoles(["user", "guest"], of: bob)
            let listed = try gateway.command("user", "list")
            #expect(listed.output.contains(ann.email) && listed.output.contains(bob.email), "\(listed.output)")
        }
        try gateway.stop()
    }

    @Test(
        "what is being served is finished by the rules it began with, its answer's body too, and the connection lives on"
    )
    func inFlight() throws {
        let stage = try Stage { .standard($0) }
        let latch = Latch()
        stage.backend.on("/public/slow", .after(latch))
        let client = try stage.gateway.connect()
        // The second request is read together with the first, and judged by the new rules.
        try client.send("GET /public/slow HTTP/1.1\r\nHost: a\r\n\r\nGET /public/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try stage.backend.waitForRequests(1)
        var changed = stage.gateway.configuration
        changed.lines.append("route /public/slow role admin -> backend")
        try hup(stage.gateway, changed, expecting: "gatehouse: reloaded")
        latch.open()
        let first = try client.mustRespond()
        #expect(first.status == 200 && first.body.text == "GET /public/slow\n")
        #expect(try client.mustRespond().status == 401)
        try client.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond().status == 200)
        try stage.end()
    }

    @Test("a file with a mistake, an expectation that is not so, and what needs a restart change nothing and say why")
    func refused() throws {
        let stage = try Stage { .standard($0) }
        let good = stage.gateway.configuration
        try hup(stage.gateway, good.with("route /x usr -> backend"), expecting: "`usr` is not a word of a route")
        try hup(stage.gateway, good.with("expect GET /api/x as nobody -> 200"), expecting: "this is not so")
        try hup(
            stage.gateway, good.with("upstream gone { server nowhere.invalid:1 }", "route /gone -> gone"),
            expecting: "stays in force")
        var other = good
        other.database = "sqlite other.db"
        try hup(stage.gateway, other, expecting: "a restart is needed for what has changed in `database`")
        #expect(!FileManager.default.fileExists(atPath: stage.gateway.folder.file("other.db")))
        try stage.expectAlive()
        #expect(try stage.gateway.send(.get("/x")).status == 404)
        try stage.end()
    }

    @Test("ended sessions stay ended, accounts and other keys' tokens go on, counters go on counting")
    func state() throws {
        let stage = try Stage { .standard($0) }
        let ended = try stage.gateway.register()
        let alive = try stage.gateway.register()
        _ = try stage.gateway.send(.post("/api/auth/logout").bearer(ended.access))
        func requests() throws -> Int {
            let admin = try #require(stage.gateway.admin)
            let text = try stage.gateway.send(.get("/metrics"), to: admin).body.text
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("gatehouse_requests_total{") }
            return lines.compactMap { Int($0.split(separator: " ").last ?? "") }.reduce(0, +)
        }
        let before = try requests()
        try hup(stage.gateway, stage.gateway.configuration, expecting: "gatehouse: reloaded")
        #expect(try stage.gateway.send(.get("/api/x").bearer(ended.access)).status == 401)
        #expect(try stage.gateway.send(.get("/api/x").bearer(alive.access)).status == 200)
        #expect(try requests() == before + 2)
        _ = try stage.gateway.send(.post("/api/auth/logout").bearer(alive.access))
        #expect(try stage.gateway.send(.get("/api/x").bearer(alive.access)).status == 401)
        try stage.end()
    }

    @Test("`gatehouse reload` says what changed, or why nothing did, and ends with 78 then")
    func command() throws {
        let stage = try Stage { .standard($0) }
        let admin = try #require(stage.gateway.admin)
        // The command looks for the port, which the system chose here.
        try stage.gateway.folder.write("where.conf", "admin \(admin)\n")
        func reload() throws -> (ending: ChildProcess.Ending, output: String, errors: String) {
            try GatewayBinary.run(["reload", "-c", "where.conf"], in: stage.gateway.folder)
        }
        let unchanged = try reload()
        #expect(unchanged.ending == .exit(0), "\(unchanged.errors)")
        #expect(unchanged.output.contains("no line has changed"))
        let text = stage.gateway.configuration.with("route /new public -> backend").text
        try stage.gateway.folder.write("gateway.conf", text)
        let changed = try reload()
        #expect(
            changed.output.contains("+ gateway.conf:") && changed.output.contains("route /new public -> backend"),
            "\(changed.output)")
        #expect(try stage.gateway.send(.get("/new")).status == 200)
        try stage.gateway.folder.write("gateway.conf", text + "route\n")
        let bad = try reload()
        #expect(bad.ending == .exit(78))
        #expect(bad.errors.contains("`route` ends too early"))
        #expect(try stage.gateway.send(.get("/new")).status == 200)
        // A page of another site can send GET and POST without being asked first.
        #expect(try stage.gateway.send(.get("/reload"), to: admin).status == 404)
        #expect(try stage.gateway.send(.post("/reload"), to: admin).status == 404)
        #expect(try stage.gateway.send(Call("PUT", "/reload")).status == 404)
        // A page whose name was bound to our address (DNS rebinding) sends PUT as to its own site, with its origin.
        let rebound = Call("PUT", "/reload").with("Origin: http://evil.example:9901")
        #expect(try stage.gateway.send(rebound, to: admin).status == 403)
        // The log says it too: it is read when whoever asked is gone.
        #expect(stage.gateway.errors.all.contains { $0.contains("`route` ends too early") })
        let listening = try #require(stage.gateway.configuration.text.firstRange(of: "workers 1"))
        var other = text
        other.replaceSubrange(listening, with: "workers 2")
        try stage.gateway.folder.write("gateway.conf", other)
        let lasting = try reload()
        #expect(lasting.ending == .exit(78) && lasting.errors.contains("a restart is needed"), "\(lasting)")
        try stage.gateway.folder.write("where.conf", "listen :1\nadmn \(admin)\n")
        let misspelt = try reload()
        #expect(misspelt.ending == .exit(78) && misspelt.errors.contains("HUP"), "\(misspelt)")
        #expect(misspelt.errors.contains("`admin`") && misspelt.errors.contains("where.conf:2:1"), "\(misspelt)")
        try stage.end()
    }

    @Test("200 reloads under load lose no request", .timeLimit(.minutes(2)))
    func load() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.workers = 2
            return configuration
        }
        let isOver = Box(false)
        let outcome = Box((answered: 0, failures: [String](), ended: 0))
        for number in 0..<8 {
            Thread.detachNewThread {
                defer { outcome.change { $0.ended += 1 } }
                do {
                    let client = try stage.gateway.connect()
                    while !isOver.value {
                        // Two at a time, so that a request waits in memory while cores change.
                        let request = "GET /public/\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
                        try client.send(request + request)
                        for _ in 0..<2 {
                            let answer = try client.mustRespond()
                            outcome.change { $0.answered += 1 }
                            if answer.status != 200 { throw Failure("\(answer.summary)") }
                        }
                    }
                } catch {
                    outcome.change { $0.failures.append("\(error)") }
                }
            }
        }
        let plain = stage.gateway.configuration
        var resident = 0
        for round in 0..<200 {
            if round == 20 { resident = try stage.gateway.residentKiB() }
            var configuration = round.isMultiple(of: 2) ? plain.with("route /more/* public -> backend") : plain
            configuration.workers = 2
            try hup(stage.gateway, configuration, expecting: "gatehouse: reloaded")
        }
        isOver.change { $0 = true }
        let (answered, failures, _) = try outcome.wait(for: "the clients to end") { $0.ended == 8 }
        #expect(failures.isEmpty, "\(failures)")
        #expect(answered > 200)
        // Each of them makes cores and lets go of cores.
        try until("the memory of 180 reloads is given back") { try stage.gateway.residentKiB() < resident + 8192 }
        try stage.end()
    }
}
