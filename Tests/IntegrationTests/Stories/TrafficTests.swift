import Foundation
import Testing

/// Ordinary traffic in unordinary amounts and rhythms.
@Suite(
    "Traffic", .serialized,
    .stage { backend in
        var configuration = Configuration.standard(backend)
        configuration.workers = 2
        return configuration
    })
struct TrafficTests {
    @Test("fifty clients at once get their own answers, and their own names upstream")
    func crowd() throws {
        let stage = try Stage.current
        let mark = stage.backend.mark
        _ = try together(50) { number in
            let client = try stage.gateway.connect()
            let token = Forge.token(Forge.claims(user: "crowd-\(number)"))
            for turn in 0..<20 {
                let body = String(repeating: "\(number).\(turn) ", count: (number * 7 + turn * 13) % 900)
                let isChunked = turn % 2 == 0
                var wire = "POST /api/crowd/\(number)/\(turn) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                wire += isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: \(body.utf8.count)\r\n\r\n"
                if isChunked {
                    if !body.isEmpty { wire += "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n" }
                    wire += "0\r\n\r\n"
                } else {
                    wire += body
                }
                try client.send(wire, by: .seconds(30))
                let answer = try client.mustRespond(by: .seconds(30))
                guard answer.body.text == "POST /api/crowd/\(number)/\(turn)\n\(body)" else {
                    throw Failure("client \(number), turn \(turn) got \(answer.summary)")
                }
            }
        }
        for request in stage.backend.requests(since: mark) {
            let number = request.target.split(separator: "/")[2]
            #expect(request.all("X-User-Id") == ["crowd-\(number)"])
        }
    }

    @Test("accounts and the gate at once do not get into each other's way")
    func mixed() throws {
        let gateway = try Stage.current.gateway
        _ = try together(24) { number in
            if number % 2 == 0 {
                var person = try gateway.register()
                for _ in 0..<5 {
                    person = try gateway.refresh(person)
                    let me = try gateway.send(.get("/api/auth/me").bearer(person.access)).json["user"] as? [String: Any]
                    guard me?["email"] as? String == person.email else { throw Failure("somebody else") }
                }
            } else {
                for turn in 0..<30 {
                    let answer = try gateway.send(.get("/public/mixed/\(number)/\(turn)"))
                    guard answer.body.text == "GET /public/mixed/\(number)/\(turn)\n" else {
                        throw Failure(answer.summary)
                    }
                }
            }
        }
    }

    @Test("what a backend sends piece by piece arrives piece by piece", arguments: ["chunked", "until the end"])
    func streaming(framing: String) throws {
        let stage = try Stage.current
        let latches = [Latch(), Latch(), Latch()]
        let isChunked = framing == "chunked"
        stage.backend.on(
            "/public/stream/\(isChunked)",
            Script { peer, _ in
                try peer.send("HTTP/1.1 200 OK\r\n\(isChunked ? "Transfer-Encoding: chunked" : "X-A: b")\r\n\r\n")
                for (number, latch) in latches.enumerated() {
                    latch.wait()
                    try peer.send(isChunked ? "6\r\nevent\(number)\r\n" : "event\(number)")
                }
                if isChunked { try peer.send("0\r\n\r\n") }
                return isChunked
            })
        let client = try stage.gateway.connect()
        try client.send("GET /public/stream/\(isChunked) HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try #require(try WireResponse.head(from: client.reader, by: .soon))
        #expect(head.status == 200)
        for (number, latch) in latches.enumerated() {
            latch.open()
            #expect(try client.reader.through(Array("event\(number)".utf8), by: .soon) != nil)
        }
        try stage.expectAlive()
    }

    @Test("what a client sends piece by piece arrives piece by piece")
    func slowUpload() throws {
        let stage = try Stage.current
        let pieces = Box<[String]>([])
        stage.backend.on(
            "/public/pieces",
            Script(isEarly: true) { peer, _ in
                for number in 0..<3 {
                    _ = try peer.reader.through(Array("piece\(number)".utf8), by: .soon)
                    pieces.change { $0.append("piece\(number)") }
                }
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                return false
            })
        let client = try stage.gateway.connect()
        try client.send("POST /public/pieces HTTP/1.1\r\nHost: a\r\nContent-Length: 18\r\n\r\n")
        for number in 0..<3 {
            try client.send("piece\(number)")
            _ = try pieces.wait(for: "piece \(number)") { $0.count == number + 1 }
        }
        #expect(try client.mustRespond().body.text == "ok")
    }

    @Test("a client that will send no more still gets its answer")
    func halfClosed() throws {
        let stage = try Stage.current
        let latch = Latch()
        stage.backend.on("/public/half", .after(latch))
        let client = try stage.gateway.connect()
        try client.send("GET /public/half HTTP/1.1\r\nHost: a\r\n\r\n")
        client.socket.finishSending()
        try stage.expectAlive()
        latch.open()
        #expect(try client.mustRespond().body.text == "GET /public/half\n")
        try client.expectClosed()
    }

    @Test("OPTIONS * is answered or refused, and asks no backend")
    func serverWideOptions() throws {
        let stage = try Stage.current
        let (answer, seen) = try stage.exchange(Call("OPTIONS", "*"))
        #expect([200, 204, 400, 404].contains(answer.status), "\(answer.summary)")
        #expect(seen.isEmpty)
    }

    @Test("a hundred connections that say nothing keep nobody waiting")
    func silent() throws {
        let stage = try Stage.current
        let silent = try (1...100).map { _ in try stage.gateway.connect() }
        try stage.expectAlive()
        for client in silent { client.close() }
        try stage.expectAlive()
    }

    @Test(
        "a body that nobody asked for is out of the way before the next request", arguments: [0, 10, 60_000, 200_000])
    func unwantedBody(count: Int) throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        let body = String(repeating: "x", count: count)
        client.offer(Array("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n\(body)".utf8))
        let refused = try client.mustRespond()
        #expect(refused.status == 401)
        if refused["Connection"]?.lowercased() == "close" {
            try client.expectClosed()
        } else {
            try client.send("GET /public/next HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.mustRespond().body.text == "GET /public/next\n")
        }
    }

    @Test("an answer that ends the connection says so")
    func closing() throws {
        let stage = try Stage.current
        for wire in [
            "GET /public/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /public/x HTTP/1.0\r\n\r\n",
            "GET bad\r\n\r\n",
        ] {
            let client = try stage.gateway.connect()
            try client.send(wire)
            let answer = try client.mustRespond()
            #expect(answer["Connection"]?.lowercased() == "close" || wire.contains("1.0"), "\(answer.fields)")
            try client.expectClosed()
        }
    }
}

/// The admin listener takes the same strict view of what it is sent.
@Suite("The admin listener under attack", .serialized, .standardStage)
struct AdminAttackTests {
    @Test(
        "what is malformed is refused, what is unknown is 404, and it goes on answering",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "GET /metrics HTTP/1.1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET /../metrics HTTP/1.1\r\nHost: a\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /healthz%00 HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
            "GET /status?<script> HTTP/1.1\r\nHost: <script>\r\n\r\n",
        ])
    func attacks(wire: String) throws {
        let stage = try Stage.current
        guard let admin = stage.gateway.admin else { throw Failure("no admin listener") }
        let client = try WireClient(to: admin)
        client.offer(Array(wire.utf8))
        client.socket.finishSending()
        for answer in try client.responsesUntilClose() {
            #expect(answer.status >= 400 || (answer.status == 200 && wire.hasPrefix("GET /")), "\(answer.summary)")
            #expect(!answer.body.contains("<script>"))
        }
        #expect(try stage.gateway.send(.get("/healthz"), to: admin).status == 200)
        try stage.expectAlive()
    }
}
