import Foundation
import Testing

/// What operators see: the admin listener and the logs.
@Suite("Seen from outside", .serialized)
struct OutsideTests {
    private func admin(_ gateway: Gateway, _ target: String) throws -> WireResponse {
        guard let admin = gateway.admin else { throw Failure("no admin listener") }
        return try gateway.send(.get(target), to: admin)
    }

    @Test("healthz, readyz and metrics answer on the admin listener")
    func pages() throws {
        let stage = try Stage { .standard($0) }
        #expect(try admin(stage.gateway, "/healthz").status == 200)
        let ready = try admin(stage.gateway, "/readyz?require=database")
        #expect(ready.status == 200 && ready.body.contains("database: up"))
        _ = try stage.gateway.send(.get("/public/some-path-of-mine"))
        _ = try stage.gateway.send(.get("/api/x"))
        let person = try stage.gateway.register()
        _ = try stage.gateway.refresh(stage.gateway.login(person))
        let metrics = try admin(stage.gateway, "/metrics")
        #expect(metrics.status == 200)
        #expect(metrics["Content-Type"]?.hasPrefix("text/plain") == true)
        let text = metrics.body.text
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.hasPrefix("gatehouse_"), "\(line)")
            #expect(line.wholeMatch(of: #/[a-z_]+(\{[^}]*\})? [-+0-9.eInfNa]+/#) != nil, "\(line)")
        }
        #expect(text.contains("TOKEN_MISSING"))
        #expect(text.contains("/public/*"), "labels name the pattern")
        #expect(!text.contains("some-path-of-mine"), "never the path")
        #expect(text.contains("gatehouse_revocation_stale_seconds"))
        #expect(try admin(stage.gateway, "/status").status == 200)
        #expect(try admin(stage.gateway, "/nothing").status == 404)
        try stage.end()
    }

    @Test("G-10 the admin pages are not on the public listener, and off by default")
    func notPublic() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.admin = nil
            return configuration
        }
        #expect(stage.gateway.admin == nil)
        for target in ["/healthz", "/readyz", "/metrics", "/status"] {
            #expect(try stage.gateway.send(.get(target)).status == 404)
        }
        try stage.end()
    }

    @Test("while it drains, readyz is 503 and healthz goes on")
    func draining() throws {
        let stage = try Stage { .standard($0) }
        let latch = Latch()
        stage.backend.on("/public/slow", .after(latch))
        let client = try stage.gateway.connect()
        try client.send("GET /public/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try stage.backend.waitForRequests(1)
        stage.gateway.process.signal(SIGTERM)
        _ = try stage.gateway.errors.waitFor("draining")
        try until("readyz says so") { try admin(stage.gateway, "/readyz").status == 503 }
        #expect(try admin(stage.gateway, "/healthz").status == 200)
        latch.open()
        _ = try client.mustRespond()
        #expect(try stage.gateway.process.waitForEnd() == .exit(0))
        stage.backend.stop()
    }

    @Test("one JSON line a request, with what happened and never a secret")
    func accessLog() throws {
        let stage = try Stage { .standard($0) }
        let gateway = stage.gateway
        let person = try gateway.register()
        let forged = Forge.token(Forge.claims(user: "log-user").with("sid", "\"log-session\""))
        _ = try gateway.send(
            Call.get("/api/x?secretquery=1&a=b").bearer(forged).cookie("c00kie-value", name: "other")
                .with("Referer: http://x/?refererquery=1").with("User-Agent: secretagent"))
        _ = try gateway.send(.get("/admin/x").bearer(forged))
        _ = try gateway.send(.get("/public/../x?secretquery=2"))
        _ = try gateway.send(.refresh(person.refresh))
        _ = try gateway.send(.login(person.email, "wr0ng-passw0rd"))
        _ = try gateway.send(.logout(person.refresh))
        try stage.end()
        let lines = gateway.accessLog.all
        let objects = try lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
        #expect(objects.count == 7)
        for key in [
            "time", "requestId", "method", "path", "status", "code", "route", "decision", "user", "session", "upstream",
            "bytes", "durations",
        ] {
            #expect(objects.allSatisfy { $0.keys.contains(key) }, "\(key)")
        }
        let call = objects[1]
        #expect(call["path"] as? String == "/api/x")
        #expect(call["status"] as? Int == 200)
        #expect(call["route"] as? String == "/api/*")
        #expect(call["user"] as? String == "log-user")
        #expect(call["session"] as? String == "log-session")
        #expect((call["upstream"] as? String)?.contains("\(stage.backend.address.port)") == true)
        #expect(objects[2]["code"] as? String == "FORBIDDEN")
        #expect(objects[3]["code"] as? String == "AMBIGUOUS_PATH")
        let everything = gateway.accessLog.text + gateway.errors.text
        for secret in [
            forged, person.access, person.refresh, person.password, "wr0ng-passw0rd", "c00kie-value", "secretquery",
            "refererquery", Forge.secretText,
        ] {
            #expect(!everything.contains(secret), "\(secret)")
        }
        let signature = try #require(forged.split(separator: ".").last)
        #expect(!everything.contains(signature))
    }

    @Test(
        "hostile bytes in a request cannot break a log line",
        arguments: ["/public/\"},{\"status\":200", "/public/%0a%0d", "/public/\u{1b}[31m", "/public/<script>"])
    func logInjection(target: String) throws {
        let stage = try Stage { .standard($0) }
        _ = try stage.observe {
            let client = try stage.gateway.connect()
            client.offer(
                Array("GET \(target) HTTP/1.1\r\nHost: a\r\nUser-Agent: a\"b\\\r\nConnection: close\r\n\r\n".utf8))
            _ = try client.responsesUntilClose()
        }
        try stage.end()
        for line in stage.gateway.accessLog.all {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any], "\(line)")
        }
    }

    @Test("USR1 reopens the log file after a rotation")
    func reopen() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.accessLog = "access.log"
            return configuration
        }
        let folder = stage.gateway.folder
        _ = try stage.gateway.send(.get("/public/before"))
        try until("the line is written") { try folder.read("access.log").contains("/public/before") }
        rename(folder.file("access.log"), folder.file("access.log.1"))
        stage.gateway.process.signal(SIGUSR1)
        try until("there is a new file") { FileManager.default.fileExists(atPath: folder.file("access.log")) }
        _ = try stage.gateway.send(.get("/public/after"))
        try stage.end()
        let old = try folder.read("access.log.1")
        let new = try folder.read("access.log")
        #expect(old.contains("/public/before") && !old.contains("/public/after"))
        #expect(new.contains("/public/after") && !new.contains("/public/before"))
    }

    @Test("the combined format and no log at all")
    func formats() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.accessLog = "stdout combined"
            return configuration
        }
        _ = try stage.gateway.send(.get("/public/x?secretquery=1"))
        try stage.end()
        #expect(
            stage.gateway.accessLog.all.contains { $0.contains("\"GET /public/x HTTP/1.1\" 200") },
            "\(stage.gateway.accessLog.text)")
        #expect(!stage.gateway.accessLog.text.contains("secretquery"))
        let silent = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.accessLog = "off"
            return configuration
        }
        try silent.expectAlive()
        try silent.end()
        #expect(silent.gateway.accessLog.all.isEmpty)
    }

    @Test(
        "R-15 a log file on a full disk does not stop the gate",
        .enabled(if: Filesystem.canMount, "needs root to mount a small tmpfs"))
    func fullLogDisk() throws {
        let small = try SmallDisk(kilobytes: 64)
        defer { small.unmount() }
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.accessLog = small.file("access.log")
            return configuration
        }
        try small.fill()
        for _ in 1...50 { #expect(try stage.gateway.send(.get("/public/x")).status == 200) }
        try stage.end()
    }
}
