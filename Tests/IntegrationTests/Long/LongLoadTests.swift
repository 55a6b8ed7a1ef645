import Foundation
import Testing

@Suite("Long: load", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongLoadTests {
    /// Runs wrk and answers what it printed; any error in it fails the test.
    private func wrk(_ gateway: Gateway, _ target: String, _ arguments: [String]) throws -> String {
        let seconds = Long.count(30)
        let ran = try ChildProcess.run(
            ["/usr/bin/env", "wrk", "-t1", "-c64", "-d\(seconds)s", "--latency"] + arguments
                + ["http://\(gateway.address)\(target)"],
            by: .seconds(Double(seconds) + 30))
        #expect(ran.ending == .exit(0), "\(ran.errors)")
        #expect(!ran.output.contains("Socket errors") && !ran.output.contains("Non-2xx"), "\(ran.output)")
        return ran.output
    }

    @Test("wrk with a token on one core for 30 seconds shows no error")
    func token() throws {
        let nginx = try NginxBackend()
        defer { nginx.stop() }
        var configuration = Configuration("upstream web { server \(nginx.address) }", "route /api/* user -> web")
        configuration.accessLog = "access.log"
        let gateway = try Gateway(configuration)
        let token = Forge.token(Forge.claims().with("exp", "\(Int(Date().timeIntervalSince1970) + 3600)"))
        let before = try gateway.cpuSeconds()
        let output = try wrk(gateway, "/api/x", ["-H", "Authorization: Bearer \(token)"])
        let used = try gateway.cpuSeconds() - before
        Long.say("\(String(format: "%.1f", used)) s of processor time\n\(output)")
        try gateway.stop()
    }

    @Test("R-09 a hundred thousand tokens through the cache of verdicts: memory stays bounded")
    func manyTokens() throws {
        let stage = try Stage { .standard($0) }
        let client = try stage.gateway.connect()
        var resident: [Int] = []
        for number in 1...Long.count(100_000) {
            try client.send("GET /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(Forge.token())\r\n\r\n")
            guard try client.mustRespond().status == 200 else { throw Failure("token \(number) is refused") }
            if number % 10_000 == 0 {
                resident.append(try stage.gateway.residentKiB())
                Long.say("\(number) tokens: \(resident.last!) KiB")
            }
        }
        if let first = resident.dropFirst().first, let last = resident.last { #expect(last < first + 8192) }
        try stage.end()
    }

    @Test("R-13 a hundred thousand clients that vanish in the middle of an answer: descriptors and memory stay flat")
    func vanishing() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on("/public/vanish", .download(256 << 10))
        for number in 1...Long.count(100_000) {
            let client = try stage.gateway.connect()
            try client.send("GET /public/vanish HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.reader.exactly(100, by: .soon)
            client.socket.reset()
            if number % 10_000 == 0 {
                try stage.expectAlive()
                Long.say("\(number) clients gone: \(try stage.gateway.residentKiB()) KiB")
            }
        }
        try until("descriptors are given back") {
            try stage.expectAlive()
            return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(stage.gateway.process.pid)/fd").count
                < 60
        }
        try stage.end()
    }
}
