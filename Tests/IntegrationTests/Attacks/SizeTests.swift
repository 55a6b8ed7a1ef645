import Testing

/// Heads that are too large, and what a client may expect before it sends a body.
@Suite("F: sizes", .serialized, .stage { Configuration.standard($0).with(sizes: "body 100k") })
struct SizeTests {
    private static func long(_ count: Int) -> String { String(repeating: "a", count: count) }

    static let cases: [WireCase] = [
        WireCase(
            "F-95", "one field of 300 KiB", "GET /public/f HTTP/1.1\r\nHost: a\r\nX: \(long(300 << 10))\r\n\r\n",
            .refuse(431)),
        WireCase(
            "F-96", "20,000 small fields",
            "GET /public/f HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 20_000) + "\r\n",
            .refuse(431)),
        WireCase(
            "F-96b", "101 fields",
            "GET /public/f HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n", .refuse(431)),
        WireCase(
            "F-97", "a target of 300 KiB", "GET /public/\(long(300 << 10)) HTTP/1.1\r\nHost: a\r\n\r\n", .refuse(414)),
        WireCase(
            "F-97b", "a target just too long", "GET /public/\(long(8192)) HTTP/1.1\r\nHost: a\r\n\r\n", .refuse(414)),
        WireCase(
            "F-98", "a field name of 300 KiB without a colon",
            "GET /public/f HTTP/1.1\r\nHost: a\r\n\(long(300 << 10))", .refuse(431)),
        WireCase(
            "F-100a", "a body over the limit", "POST /public/f HTTP/1.1\r\nHost: a\r\nContent-Length: 102401\r\n\r\n",
            .refuse(413)),
        WireCase(
            "F-100b", "a chunked body over the limit",
            "POST /public/f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n19001\r\n\(long(102_401))\r\n0\r\n\r\n",
            .breakOff),
    ]

    @Test("what is too large has its own answer", arguments: cases)
    func tooLarge(_ wireCase: WireCase) throws { try wireCase.run(on: .current) }

    @Test("as much as is allowed goes through")
    func allowed() throws {
        let stage = try Stage.current
        let target = "/public/" + Self.long(8192 - 8)
        var call = Call.post(target)
        for number in 0..<20 { call = call.with("X-\(number): \(Self.long(1000))") }
        call.body = Array(Self.long(102_400).utf8)
        let (answer, seen) = try stage.exchange(call)
        #expect(answer.status == 200)
        #expect(seen.map(\.target) == [target])
        #expect(seen.map(\.bodyCount) == [102_400])
    }

    @Test("F-99 Expect: 100-continue gets its 100, then the body goes through")
    func expectContinue() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(
                "POST /public/f HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            let interim = try client.reader.through(Array("\r\n\r\n".utf8), by: .soon)
            #expect(interim?.text.hasPrefix("HTTP/1.1 100 ") == true, "\(interim?.text ?? "closed")")
            try client.send("hello")
            #expect(try client.mustRespond().body.text == "POST /public/f\nhello")
        }
        #expect(seen.map(\.body.text) == ["hello"])
    }

    @Test("a refused request with Expect: 100-continue gets no 100, and its body is not asked for")
    func expectRefused() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        let answer = try client.mustRespond()
        #expect(answer.interim.isEmpty)
        #expect(answer.status == 401)
        try stage.expectAlive()
    }

    @Test("an unknown expectation is 417")
    func unknownExpectation() throws {
        let stage = try Stage.current
        let answer = try stage.gateway.send(Call.post("/public/f").with("Expect: the-unexpected").body("x"))
        #expect(answer.status == 417)
    }
}
