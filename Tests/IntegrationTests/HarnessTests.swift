import Foundation
import Testing

/// The harness itself, the client straight against the backend: a test that cannot see a fault proves nothing.
@Suite("The harness")
struct HarnessTests {
    private func exchange(_ wire: String, with backend: RecordingBackend) throws -> WireResponse? {
        let client = try WireClient(to: backend.address)
        try client.send(wire)
        return try client.response()
    }

    @Test("an ordinary request is recorded byte for byte and echoed")
    func ordinary() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let wire = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        let answer = try exchange(wire, with: backend)
        #expect(answer?.status == 200)
        #expect(answer?.body.text == "POST /a?b=c\nabc")
        let requests = try backend.waitForRequests(1)
        #expect(requests[0].bytes.text == wire)
        #expect(requests[0].violations.isEmpty)
        #expect(requests[0].isComplete)
    }

    @Test("a chunked request is joined, and its raw bytes are kept")
    func chunked() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let answer = try exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
            with: backend)
        #expect(answer?.body.text == "POST /\nabc")
        #expect(backend.requests()[0].rawBody.text == "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    }

    @Test(
        "what must never reach a backend is noticed",
        arguments: [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n",
            "GET /\u{e4} HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTE: trailers\r\n\r\n",
            "no request at all",
        ])
    func noticed(wire: String) throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let client = try WireClient(to: backend.address)
        try client.send(wire)
        client.socket.finishSending()
        let requests = try backend.waitForRequests(1)
        #expect(!requests[0].violations.isEmpty)
    }

    @Test("a body that breaks off is not complete")
    func brokenOff() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let client = try WireClient(to: backend.address)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")
        client.close()
        let requests = try backend.waitForRequests(1)
        #expect(!requests[0].isComplete)
        #expect(requests[0].body.text == "abc")
    }

    @Test("the client tells a whole answer from one that was cut")
    func cutAnswers() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        backend.on("/short", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
        backend.on("/chunk", .rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"))
        backend.on("/until", .rawThenClose("HTTP/1.0 200 OK\r\n\r\nabc"))
        backend.on("/early", .rawThenClose("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"))
        let short = try exchange("GET /short HTTP/1.1\r\nHost: a\r\n\r\n", with: backend)
        #expect(short?.isComplete == false && short?.body.text == "abc")
        let chunk = try exchange("GET /chunk HTTP/1.1\r\nHost: a\r\n\r\n", with: backend)
        #expect(chunk?.isComplete == false && chunk?.body.text == "abc")
        let until = try exchange("GET /until HTTP/1.1\r\nHost: a\r\n\r\n", with: backend)
        #expect(until?.isComplete == true && until?.framing == .close && until?.body.text == "abc")
        let early = try exchange("GET /early HTTP/1.1\r\nHost: a\r\n\r\n", with: backend)
        #expect(early?.interim == [100] && early?.status == 204)
    }

    @Test("a child's lines, input and exit code are seen, and a child that hangs is ended")
    func children() throws {
        let ran = try ChildProcess.run(
            ["/bin/sh", "-c", "read word; echo got $word; pwd >&2; exit 3"],
            folder: "/usr", input: "hello\n")
        #expect(ran.ending == .exit(3))
        #expect(ran.output == "got hello")
        #expect(ran.errors == "/usr")
        let hanging = try ChildProcess(["/bin/sh", "-c", "trap '' TERM; echo up; exec sleep 60"])
        _ = try hanging.output.waitFor("up")
        #expect(throws: Failure.self) { try hanging.output.waitFor("never", by: .seconds(0.1)) }
        hanging.signal(SIGKILL)
        #expect(try hanging.waitForEnd() == .signal(SIGKILL))
    }

    @Test("forged tokens carry what they were told to, signed")
    func forging() throws {
        let parts = Forge.token(Forge.claims().with("exp", nil)).split(separator: ".")
        try #require(parts.count == 3)
        #expect(parts[0] == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")
        #expect(parts[2].count == 43)
    }
}

/// The servers that others wrote start, answer and stop.
@Suite("The harness's servers")
struct HarnessServerTests {
    @Test("nginx answers")
    func nginx() throws {
        let backend = try NginxBackend()
        defer { backend.stop() }
        let client = try WireClient(to: backend.address)
        try client.send("GET /x HTTP/1.1\r\nHost: a\r\nX-User-Id: me\r\n\r\n")
        let answer = try client.mustRespond()
        #expect(answer.body.text == "GET /x \n")
        #expect(answer["Seen-User"] == "me")
        try client.send("GET /public/files/hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond().body.text == "hello from nginx\n")
    }

    @Test("Python's http.server answers")
    func python() throws {
        let backend = try PythonBackend()
        defer { backend.stop() }
        let client = try WireClient(to: backend.address)
        try client.send("GET /public/hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond().body.text == "hello from python\n")
    }

    @Test("PostgreSQL answers, also after it was stopped and started again")
    func postgres() throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let database = try server.makeDatabase()
        try server.query("CREATE TABLE t (n int); INSERT INTO t VALUES (7)", in: database.name)
        server.stop()
        #expect(throws: Failure.self) { try server.query("SELECT 1", in: database.name) }
        try server.start()
        #expect(try server.query("SELECT n FROM t", in: database.name) == ["7"])
    }
}
