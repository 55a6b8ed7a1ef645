import Testing

/// Group U of the catalogue: backends that lie, die or talk too much.
@Suite("U: lying upstreams", .serialized, .standardStage)
struct UpstreamTests {
    /// Answers from which no client could tell one end of the message.
    static let malformed: [(id: String, what: String, answer: String)] = [
        (
            "U-01", "two different Content-Length",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
        ),
        (
            "U-02", "Content-Length beside Transfer-Encoding",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("U-03", "an unknown Transfer-Encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: wibble\r\n\r\nhello"),
        (
            "U-03b", "gzip, chunked",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        ),
        ("U-04", "Content-Length: +5", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello"),
        ("U-05", "Content-Length of 2^64+5", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello"),
        ("U-06a", "something that is not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n"),
        ("U-06b", "a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        ("U-06c", "a status of 999", "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
        ("U-06d", "a status with a letter", "HTTP/1.1 2x0 OK\r\n\r\n"),
        ("U-06e", "HTTP/3.0", "HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        (
            "U-07", "a bare LF in a field",
            "HTTP/1.1 200 OK\r\nX: a\nContent-Length: 9\r\nContent-Length: 5\r\n\r\nhello"
        ),
        ("U-08", "a bare CR in a field", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b=c\r\nContent-Length: 5\r\n\r\nhello"),
        ("U-09", "NUL in a field", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 5\r\n\r\nhello"),
        ("U-10", "a blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"),
        ("U-10b", "a line without a colon", "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\nhello"),
        ("U-10c", "obs-fold", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello"),
        (
            "U-12", "a head of 300 KiB",
            "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 300 << 10))\r\nContent-Length: 0\r\n\r\n"
        ),
        ("U-13", "1xx without end", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5000)),
    ]

    @Test("an answer that can be read in two ways is 502, and its bytes do not cross", arguments: malformed)
    func malformedAnswer(id: String, what: String, answer: String) throws {
        let stage = try Stage.current
        stage.backend.on("/public/\(id)", .rawThenClose(answer))
        let got = try stage.exchange(.get("/public/\(id)")).answer
        #expect(got.status == 502, "\(got.summary)")
        #expect(got.code == "UPSTREAM_MALFORMED", "\(got.summary)")
        #expect(got["Set-Cookie"] == nil)
    }

    @Test("U-11 a 101 that nobody asked for is 502 and opens no tunnel")
    func unaskedUpgrade() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/U-11",
            .raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\ntunnelled"))
        for extra in ["", "Connection: Upgrade\r\nUpgrade: foo\r\n"] {
            _ = try stage.observe {
                let client = try stage.gateway.connect()
                try client.send("GET /public/U-11 HTTP/1.1\r\nHost: a\r\n\(extra)\r\n")
                let answer = try client.mustRespond()
                #expect(answer.status == 502)
                #expect(!answer.body.contains("tunnelled"))
            }
        }
    }

    @Test("U-14 a backend that closes without an answer is 502; a GET is tried once more, a POST is not")
    func diesSilently() throws {
        let stage = try Stage.current
        stage.backend.on("/public/U-14", .close)
        let get = try stage.exchange(.get("/public/U-14"))
        #expect(get.answer.status == 502)
        #expect(get.answer.code == "UPSTREAM_CLOSED")
        #expect((1...2).contains(get.seen.count))
        let post = try stage.exchange(Call.post("/public/U-14").body("once"))
        #expect(post.answer.status == 502)
        #expect(post.seen.count == 1)
    }

    @Test("U-16 bytes behind an answer are nobody's answer")
    func bytesBehind() throws {
        let stage = try Stage.current
        let extra = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
        for (path, answer) in [
            ("a", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\(extra)"),
            ("b", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n\(extra)"),
            ("c", "HTTP/1.1 204 No Content\r\n\r\n\(extra)"),
            ("d", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n\(extra)"),
        ] {
            stage.backend.on("/public/U-16\(path)", .raw(answer))
            let client = try stage.gateway.connect()
            try client.send("GET /public/U-16\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = try client.mustRespond()
            #expect(first.status < 400 && !first.body.contains("poison"))
            for _ in 1...3 {
                let next = try stage.gateway.send(.get("/public/after"))
                #expect(next.body.text == "GET /public/after\n")
            }
        }
    }

    @Test("U-17 HEAD, 204 and 304 have no body, whatever the backend says of its length")
    func bodiless() throws {
        let stage = try Stage.current
        stage.backend.on("/public/U-17", .raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"))
        stage.backend.on("/public/U-17none", .raw("HTTP/1.1 204 No Content\r\n\r\n"))
        stage.backend.on("/public/U-17same", .raw("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"))
        let client = try stage.gateway.connect()
        try client.send("HEAD /public/U-17 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond(to: "HEAD")["Content-Length"] == "500")
        try client.send(
            "GET /public/U-17none HTTP/1.1\r\nHost: a\r\n\r\nGET /public/U-17same HTTP/1.1\r\nHost: a\r\n\r\n")
        let none = try client.mustRespond()
        #expect(none.status == 204)
        #expect(none["Content-Length"] == nil && none["Transfer-Encoding"] == nil)
        let same = try client.mustRespond()
        #expect(same.status == 304)
        #expect(same["ETag"] == "\"x\"")
        try client.send("GET /public/after HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond().body.text == "GET /public/after\n")
    }

    @Test(
        "U-18, U-19 a body that breaks off looks broken to the client, too",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
        ])
    func brokenBody(answer: String) throws {
        let stage = try Stage.current
        let path = "/public/U-18/\(Counter.next())"
        stage.backend.on(path, .rawThenClose(answer))
        _ = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let got = try client.mustRespond()
            #expect(got.status == 502 || (got.status == 200 && !got.isComplete), "\(got.summary)")
            if got.status == 200 { try client.expectClosed() }
        }
    }

    @Test("U-20 a reset in the middle of a body looks broken to the client")
    func reset() throws {
        let stage = try Stage.current
        stage.backend.on("/public/U-20", .rawThenReset("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"))
        let client = try stage.gateway.connect()
        try client.send("GET /public/U-20 HTTP/1.1\r\nHost: a\r\n\r\n")
        let got = try client.mustRespond()
        #expect(got.status == 502 || !got.isComplete)
        try stage.expectAlive()
    }

    @Test("U-23 1xx answers do not end the exchange")
    func interim() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/U-23",
            .raw(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            ))
        let answer = try stage.exchange(.get("/public/U-23")).answer
        #expect(answer.status == 200)
        #expect(answer.body.text == "ok")
        #expect(answer.interim.allSatisfy { $0 == 103 })
    }

    @Test("U-24 an answer without a length is delivered whole, and its end is marked")
    func untilClose() throws {
        let stage = try Stage.current
        let body = String(repeating: "0123456789", count: 20_000)
        for version in ["1.0", "1.1"] {
            stage.backend.on("/public/U-24/\(version)", .rawThenClose("HTTP/\(version) 200 OK\r\nX: y\r\n\r\n\(body)"))
            let client = try stage.gateway.connect()
            try client.send("GET /public/U-24/\(version) HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try client.mustRespond()
            #expect(answer.isComplete && answer.body.text == body)
            #expect(answer.framing == .chunked || answer.framing == .close)
            let old = try stage.gateway.connect()
            try old.send("GET /public/U-24/\(version) HTTP/1.0\r\nHost: a\r\n\r\n")
            let oldAnswer = try old.mustRespond()
            #expect(oldAnswer.framing == .close && oldAnswer.body.text == body)
        }
    }

    @Test("U-25 both Set-Cookie lines arrive, in order, apart")
    func cookies() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/U-25",
            .raw("HTTP/1.1 200 OK\r\nSet-Cookie: a=1, x\r\nX: y\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n"))
        #expect(try stage.exchange(.get("/public/U-25")).answer.all("Set-Cookie") == ["a=1, x", "b=2"])
    }

    @Test("U-26 pipelined, the slow one first: answers keep their order")
    func slowFirst() throws {
        let stage = try Stage.current
        let latch = Latch()
        stage.backend.on("/public/U-26slow", .after(latch))
        let client = try stage.gateway.connect()
        try client.send(
            "GET /public/U-26slow HTTP/1.1\r\nHost: a\r\n\r\nGET /public/U-26fast HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.expectAlive()
        #expect(!client.socket.hasSomethingToRead)
        latch.open()
        #expect(try client.mustRespond().body.text == "GET /public/U-26slow\n")
        #expect(try client.mustRespond().body.text == "GET /public/U-26fast\n")
    }

    @Test("hop-by-hop fields of an answer do not cross, the others do, in order")
    func answerFields() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/fields",
            .raw(
                "HTTP/1.1 200 Fine\r\nB: 1\r\nKeep-Alive: timeout=5\r\nA: 2\r\nConnection: X-Hop\r\nX-Hop: 3\r\nB: 4\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"
            ))
        let answer = try stage.exchange(.get("/public/fields")).answer
        #expect(answer.fields.filter { ["A", "B"].contains($0.name) }.map(\.description) == ["B: 1", "A: 2", "B: 4"])
        for name in ["Keep-Alive", "X-Hop", "Upgrade"] { #expect(answer.all(name).isEmpty, "\(name)") }
    }

    @Test("statuses and bodies of refusals by the backend go through as they are")
    func backendRefusals() throws {
        let stage = try Stage.current
        for status in [301, 400, 401, 404, 418, 500, 503] {
            stage.backend.on(
                "/public/status/\(status)", .raw("HTTP/1.1 \(status) Own Words\r\nContent-Length: 3\r\n\r\nown"))
            let answer = try stage.exchange(.get("/public/status/\(status)")).answer
            #expect(answer.status == status)
            #expect(answer.body.text == "own")
        }
    }
}
