import Testing

@Suite("F: framing and smuggling", .serialized, .standardStage)
struct FramingTests {
    @Test("a body whose length is in doubt is refused", arguments: FramingCases.lengths)
    func lengths(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("any transfer coding but exactly chunked is refused", arguments: FramingCases.codings)
    func codings(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("a malformed field is refused", arguments: FramingCases.fields)
    func fields(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("a malformed request line or Host is refused", arguments: FramingCases.targets)
    func targets(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("a malformed chunk size is refused before the backend sees anything", arguments: ChunkCases.sizes)
    func chunkSizes(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("a body that goes wrong later never looks finished to the backend", arguments: ChunkCases.bodies)
    func chunkBodies(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("extensions and trailers stay behind", arguments: ChunkCases.legal)
    func legalChunks(_ wireCase: WireCase) throws {
        let mark = try Stage.current.backend.mark
        try wireCase.run(on: .current)
        for request in try Stage.current.backend.requests(since: mark) where request.target == "/public/f" {
            #expect(request.body.text == "hello")
            #expect(request.all("Authorization").isEmpty)
            #expect(request.fields.folded("X-User-Id").isEmpty)
        }
    }

    @Test("F-23 Content_Length frames nothing and does not cross")
    func underscoreLength() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("POST /public/f HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\nhello\r\n\r\n")
            let answers = try client.responsesUntilClose()
            #expect(answers.map(\.status) == [200, 400])
        }
        #expect(seen.count == 1)
        #expect(seen[0].body.isEmpty)
        #expect(seen[0].fields.folded("Content-Length").allSatisfy { $0.value == "0" })
    }

    @Test("F-59 a body cut short is not finished for the backend")
    func cutShort() throws {
        let stage = try Stage.current
        for wire in [
            "POST /public/cut HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello",
            "POST /public/cut HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "POST /public/cut HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        ] {
            let seen = try stage.observe {
                let client = try stage.gateway.connect()
                try client.send(wire)
                client.socket.finishSending()
                _ = try client.responsesUntilClose()
            }
            #expect(seen.allSatisfy { !$0.isComplete && $0.violations.isEmpty }, "\(seen)")
        }
    }

    @Test(
        "F-78, F-79 CONNECT opens no tunnel and TRACE echoes nothing",
        arguments: [
            "CONNECT localhost:8080 HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
            "CONNECT /public/f HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
            "TRACE /public/f HTTP/1.1\r\nHost: localhost:8080\r\nX-Secret: dont-echo\r\n\r\n",
            "TRACK /public/f HTTP/1.1\r\nHost: localhost:8080\r\nX-Secret: dont-echo\r\n\r\n",
        ])
    func noTunnel(wire: String) throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(wire)
            let answer = try client.mustRespond()
            #expect(answer.status == 400 || answer.status == 405 || answer.status == 501, "\(answer.summary)")
            #expect(!answer.body.contains("dont-echo"))
            client.offer(Array("GET /public/SMUGGLED".utf8))
        }
        #expect(seen.isEmpty)
    }

    @Test("F-86 a GET with a body and a GET behind it are two clean requests")
    func getWithBody() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(
                "GET /public/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /public/2 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            #expect(try client.mustRespond().status < 500)
            if let second = try client.response() { #expect(second.body.text == "GET /public/2\n") }
        }
        #expect(seen.map(\.target) == ["/public/1", "/public/2"] || seen.isEmpty)
        #expect(seen.first.map { $0.body.text == "hello" } ?? true)
    }

    @Test(
        "F-87 the body of a refused request is not read as a request",
        arguments: [
            "POST /api/x HTTP/1.1\r\nHost: a\r\n", "POST /nowhere HTTP/1.1\r\nHost: a\r\n",
            "POST /public/../x HTTP/1.1\r\nHost: a\r\n", "BREW /public/x HTTP/1.1\r\nHost: a\r\n",
        ])
    func refusedBody(start: String) throws {
        let stage = try Stage.current
        let hidden = "GET /public/SMUGGLED HTTP/1.1\r\nHost: a\r\n\r\n"
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("\(start)Content-Length: \(hidden.utf8.count)\r\n\r\n\(hidden)")
            #expect(try client.mustRespond().status >= 400)
            client.socket.finishSending()
            #expect(try client.responsesUntilClose().isEmpty)
        }
        #expect(seen.isEmpty)
    }

    @Test("F-90 a good request, then garbage: answered, then closed")
    func thenGarbage() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("GET /public/f HTTP/1.1\r\nHost: a\r\n\r\n\u{01}\u{02}garbage\r\n\r\n")
            let answers = try client.responsesUntilClose()
            #expect(answers.first?.status == 200)
            #expect(answers.dropFirst().allSatisfy { $0.status == 400 })
        }
        #expect(seen.count == 1)
    }

    @Test("F-91 Upgrade to something unknown opens no tunnel for the bytes behind it")
    func upgrade() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(
                "GET /public/f HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n\u{01}tunnelled bytes\r\n\r\n"
            )
            let answers = try client.responsesUntilClose()
            #expect(answers.allSatisfy { $0.status == 200 || $0.status >= 400 })
        }
        #expect(seen.count <= 1)
        #expect(seen.allSatisfy { $0.all("Upgrade").isEmpty && !$0.bytes.contains("tunnelled") })
    }

    @Test("F-101 a hundred pipelined requests are answered in order")
    func hundred() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        client.offer(Array((0..<100).map { "GET /public/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined().utf8))
        for number in 0..<100 {
            try #require(client.mustRespond().body.text == "GET /public/\(number)\n")
        }
    }

    @Test("F-102 a body that looks like requests stays a body")
    func bodyOfRequests() throws {
        let stage = try Stage.current
        let inner = "GET /public/SMUGGLED HTTP/1.1\r\nHost: a\r\n\r\n0\r\n\r\nGET /public/SMUGGLED HTTP/1.1\r\n\r\n"
        let (answer, seen) = try stage.exchange(Call.post("/public/f").body(inner))
        #expect(answer.status == 200)
        #expect(seen.map(\.body.text) == [inner])
    }
}
