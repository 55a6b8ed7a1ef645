import Foundation
import Testing

/// Group S of the catalogue: peers that take their time. Every limit is one second here.
@Suite(
    "S: slow peers", .serialized,
    .stage {
        Configuration.standard($0).with(
            timeouts: "head 1s", "body-idle 1s", "keep-alive 1s", "connect 1s", "answer 1s", "answer-idle 1s")
    })
struct SlowTests {
    /// Runs `body` and holds the time it takes to the limit of one second.
    private func expectOneSecond(_ body: () throws -> Void) throws {
        let start = ContinuousClock.now
        try body()
        let seconds = start.duration(to: .now) / .seconds(1)
        #expect((0.85...2.5).contains(seconds), "took \(seconds) s")
    }

    @Test(
        "S-01 half a request head is cut off in time",
        arguments: ["GET /pub", "GET /public/x HTTP/1.1\r\nHost: a\r\n", "\r\n"])
    func halfHead(wire: String) throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(wire)
            try expectOneSecond {
                let answers = try client.responsesUntilClose()
                #expect(answers.allSatisfy { $0.status == 408 })
            }
        }
        #expect(seen.isEmpty)
    }

    @Test("S-02 a head that trickles does not get more time by trickling")
    func trickle() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        let socket = client.socket
        let sender = Thread {
            for byte in "GET /public/x HTTP/1.1\r\nX-Long: \(String(repeating: "a", count: 500))".utf8 {
                guard (try? socket.send([byte])) != nil else { return }
                usleep(20_000)  // the slowness is the attack
            }
        }
        try expectOneSecond {
            sender.start()
            let answers = try client.responsesUntilClose()
            #expect(answers.allSatisfy { $0.status == 408 })
        }
        try stage.expectAlive()
    }

    @Test(
        "S-03 half a body is cut off in time, and not finished for the backend",
        arguments: [
            "Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "Transfer-Encoding: chunked\r\n\r\n",
        ])
    func halfBody(rest: String) throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send("POST /public/S-03 HTTP/1.1\r\nHost: a\r\n\(rest)")
            try expectOneSecond {
                let answers = try client.responsesUntilClose()
                #expect(answers.allSatisfy { $0.status == 408 })
            }
        }
        #expect(seen.allSatisfy { !$0.isComplete })
    }

    @Test("S-04 a backend that never answers is 504 in time")
    func silentBackend() throws {
        let stage = try Stage.current
        stage.backend.on("/public/S-04", .silence)
        for call in [Call.get("/public/S-04"), Call.post("/public/S-04").body("x")] {
            let mark = stage.backend.mark
            let start = ContinuousClock.now
            let answer = try stage.gateway.send(call)
            let seconds = start.duration(to: .now) / .seconds(1)
            #expect(answer.status == 504)
            #expect(answer.code == "UPSTREAM_TIMEOUT")
            #expect((0.9...1.3).contains(seconds), "took \(seconds) s")
            #expect(stage.backend.requests(since: mark).count == 1, "a timeout is not tried again")
        }
        try stage.expectAlive()
    }

    @Test("S-05 a backend that stops in the middle of its answer: the client sees it broken, in time")
    func stalledAnswer() throws {
        let stage = try Stage.current
        stage.backend.on(
            "/public/S-05",
            Script { peer, _ in
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
                peer.waitForClose()
                return false
            })
        let client = try stage.gateway.connect()
        try client.send("GET /public/S-05 HTTP/1.1\r\nHost: a\r\n\r\n")
        try expectOneSecond {
            let answer = try client.mustRespond()
            #expect(answer.status == 504 || !answer.isComplete, "\(answer.summary)")
        }
        try stage.expectAlive()
    }

    @Test("an idle connection is closed in time, without a word")
    func idle() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.mustRespond()
        try expectOneSecond { try client.expectClosed() }
    }

    @Test("a slow client that does go on is not cut off by the limits on pauses")
    func slowButSteady() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send("POST /public/steady HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n")
        for letter in ["a", "b", "c", "d", "e", "f"] {
            usleep(300_000)  // together longer than the limit, each shorter
            try client.send(letter)
        }
        #expect(try client.mustRespond().body.text == "POST /public/steady\nabcdef")
    }
}
