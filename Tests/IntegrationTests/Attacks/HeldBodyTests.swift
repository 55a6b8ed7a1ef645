import Foundation
import Testing

/// Bodies that come late, or never, while everything else about the request is already there.
@Suite("S: held bodies", .serialized, .standardStage)
struct HeldBodyTests {
    @Test(
        "a token that is revoked while the body is on its way does nothing",
        arguments: ["GET me", "POST logout-all"])
    func revokedMeanwhile(call: String) throws {
        let words = call.split(separator: " ")
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let held = try gateway.connect()
        try held.send(
            "\(words[0]) /api/auth/\(words[1]) HTTP/1.1\r\nHost: localhost:8080\r\n"
                + "Authorization: Bearer \(person.access)\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        // The head has been judged, and found good, once the body is asked for.
        let asked = try held.reader.through(Array("\r\n\r\n".utf8), by: .soon)
        #expect(asked?.text == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try gateway.send(.logout(person.refresh)).status == 200)
        try held.send("{}")
        let answer = try held.mustRespond()
        #expect(answer.status == 401, "\(answer.summary)")
        #expect(answer.json["code"] as? String == "TOKEN_REVOKED")
    }

    @Test("100 Continue and an early answer do not hang a client that reads late")
    func invitationIntoFullSocket() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        backend.on("/early", Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly").early())
        // A Unix socket holds about 200 KiB: one of these sizes leaves no room for what follows.
        let sizes = stride(from: 150_000, through: 260_000, by: 4000)
        for size in sizes { backend.on("/fill/\(size)", .download(size)) }
        let folder = try TemporaryFolder("held")
        var configuration = Configuration("upstream b { server \(backend.address) }", "route /* public -> b")
        configuration.listen = ["unix:\(folder.file("gate"))"]
        let gateway = try Gateway(configuration)

        let clients = try sizes.map { size in
            let client = try gateway.connect()
            try client.send("GET /fill/\(size) HTTP/1.1\r\nHost: a\r\n\r\n")
            try client.send("POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
            return client
        }
        // Whose answers fit have been asked for their body by now; the others wait for their client to read.
        try until("the gateway rests", by: .soon) {
            let before = try gateway.cpuSeconds()
            usleep(300_000)
            return try gateway.cpuSeconds() - before < 0.02
        }
        for client in clients {
            #expect(try client.mustRespond().status == 200)
            let answer = try client.mustRespond()
            #expect(answer.body.text == "early")
            #expect(answer.interim == [100])
            try client.expectClosed()
        }
        try gateway.stop()
    }
}
