import Testing

/// Connections to backends are kept and used again; what goes wrong on an old one is nobody's fault.
@Suite("U: upstream connections", .serialized, .standardStage)
struct UpstreamReuseTests {
    @Test("requests share a connection to the backend")
    func reuse() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            for number in 1...5 { _ = try stage.gateway.send(.get("/public/reuse/\(number)")) }
        }
        #expect(Set(seen.map(\.connection)).count == 1, "\(seen.map(\.connection))")
    }

    @Test("U-22 the backend closed an idle connection: the next GET is 200")
    func idleClosed() throws {
        let stage = try Stage.current
        for number in 1...10 {
            // The answer says keep-alive, and the connection is closed right behind it.
            stage.backend.on("/public/U-22/\(number)", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
            #expect(try stage.gateway.send(.get("/public/U-22/\(number)")).body.text == "ok")
            #expect(try stage.gateway.send(.get("/public/after")).status == 200)
        }
    }

    @Test("a GET on a reused connection that dies before an answer is sent once more, on a fresh one")
    func retryGET() throws {
        let stage = try Stage.current
        _ = try stage.gateway.send(.get("/public/warm"))
        let deaths = Box(0)
        stage.backend.on(
            "/public/dies",
            Script { peer, request in
                guard
                    deaths.change({
                        $0 += 1
                        return $0
                    }) > 1
                else { return false }
                return try Script.echo.play(peer, &request)
            })
        let (answer, seen) = try stage.exchange(.get("/public/dies"))
        #expect(answer.status == 200)
        #expect(seen.count == 2)
        #expect(Set(seen.map(\.connection)).count == 2)
    }

    @Test("U-21 a POST on a reused connection that dies is 502, and was sent once")
    func noRetryPOST() throws {
        let stage = try Stage.current
        stage.backend.on("/public/dies-too", .close)
        for call in [
            Call.post("/public/dies-too").body("x"), Call.post("/public/dies-too"), Call("DELETE", "/public/dies-too"),
            Call("PATCH", "/public/dies-too").body("x"),
        ] {
            _ = try stage.gateway.send(.get("/public/warm"))
            let (answer, seen) = try stage.exchange(call)
            #expect(answer.status == 502)
            #expect(seen.count == 1, "\(seen.map(\.requestLine))")
        }
    }

    @Test("a GET whose answer had begun is not sent again")
    func begun() throws {
        let stage = try Stage.current
        _ = try stage.gateway.send(.get("/public/warm"))
        stage.backend.on("/public/begun", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Le"))
        let (answer, seen) = try stage.exchange(.get("/public/begun"))
        #expect(answer.status == 502)
        #expect(seen.count == 1)
    }

    @Test("an answer that says close ends the connection to the backend, not the client's")
    func closeAnswer() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/closing", .rawThenClose("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"))
        let client = try stage.gateway.connect()
        for _ in 1...3 {
            try client.send("GET /public/closing HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.mustRespond().body.text == "ok")
        }
    }

    @Test("an answer that comes while the request is still being sent gets to the client")
    func earlyAnswer() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/early",
            Script(isEarly: true) { peer, _ in
                try peer.send("HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 3\r\n\r\nnah")
                return false
            })
        _ = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("POST /public/early HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\nbegin")
            let answer = try client.mustRespond()
            #expect(answer.status == 413)
            #expect(answer.body.text == "nah")
        }
    }

    @Test("an early answer does not mix with the next request of the connection")
    func earlyThenNext() throws {
        let stage = try Stage.current
        stage.backend.on("/public/hasty", Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhasty").early())
        _ = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("POST /public/hasty HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234")
            #expect(try client.mustRespond().body.text == "hasty")
            client.offer(Array("56789GET /public/next HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            if let next = try client.response() { #expect(next.body.text == "GET /public/next\n") }
        }
    }

    @Test("a client that goes away in the middle of an answer costs nobody else anything")
    func clientGone() throws {
        let stage = try Stage.current
        stage.backend.on("/public/gone", .download(8 << 20))
        for _ in 1...5 {
            let client = try stage.gateway.connect()
            try client.send("GET /public/gone HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.reader.exactly(1000, by: .soon)
            client.socket.reset()
            try stage.expectAlive()
        }
    }
}
