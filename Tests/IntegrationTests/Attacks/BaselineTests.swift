import Foundation
import Testing

/// Good requests go through whole: without these, a gateway that refuses everything would pass all the rest.
@Suite("B: good requests", .serialized, .standardStage)
struct BaselineTests {
    @Test("B-01 a GET goes through, path and query byte for byte")
    func get() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let answer = try stage.gateway.send(.get("/public/a/b?c=d&e=%20%2F[f]"))
            #expect(answer.status == 200)
            #expect(answer.body.text == "GET /public/a/b?c=d&e=%20%2F[f]\n")
        }
        #expect(seen.map(\.requestLine) == ["GET /public/a/b?c=d&e=%20%2F[f] HTTP/1.1"])
        #expect(seen[0]["Host"] == "localhost:8080")
    }

    @Test("B-02 a POST goes through, body byte for byte")
    func post() throws {
        let stage = try Stage.current
        let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var call = Call.post("/public/a")
        call.body = body
        let seen = try stage.observe {
            let answer = try stage.gateway.send(call)
            #expect(answer.status == 200)
            let isSame = answer.body.suffix(1000).elementsEqual(body)
            #expect(isSame)
        }
        #expect(seen.map(\.body) == [body])
        #expect(seen[0].isComplete)
    }

    @Test("B-03 a chunked POST goes through, its chunks joined")
    func chunked() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.send(
                "POST /public/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
            #expect(try client.mustRespond().body.text == "POST /public/a\nhello world")
        }
        #expect(seen.map(\.body.text) == ["hello world"])
    }

    @Test("B-04 pipelined requests are answered in order")
    func pipelined() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send((1...5).map { "GET /public/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 1...5 {
            #expect(try client.mustRespond().body.text == "GET /public/\(number)\n")
        }
    }

    @Test("B-05 HEAD is answered without a body, and the next answer is whole")
    func head() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send("HEAD /public/a HTTP/1.1\r\nHost: a\r\n\r\nGET /public/b HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.mustRespond(to: "HEAD")
        #expect(answer.status == 200)
        #expect(answer["Content-Length"] == "15")
        #expect(try client.mustRespond().body.text == "GET /public/b\n")
    }

    @Test("B-06 a request that arrives byte by byte goes through")
    func byteByByte() throws {
        let stage = try Stage.current
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            try client.sendByteByByte(
                Array(
                    "POST /public/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n"
                        .utf8))
            #expect(try client.mustRespond().body.text == "POST /public/a\nabc")
        }
        #expect(seen.map(\.body.text) == ["abc"])
    }

    @Test("B-07 an HTTP/1.0 request is answered and the connection closed; keep-alive keeps it")
    func oldVersion() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        try client.send("GET /public/a HTTP/1.0\r\nHost: a\r\n\r\n")
        let answers = try client.responsesUntilClose()
        #expect(answers.map(\.body.text) == ["GET /public/a\n"])

        let kept = try stage.gateway.connect()
        for _ in 1...2 {
            try kept.send("GET /public/a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")
            let answer = try kept.mustRespond()
            #expect(answer.status == 200)
            #expect(answer.framing != .chunked)
            if answer["Connection"]?.lowercased() != "keep-alive" { return }  // closing is allowed, too
        }
    }

    @Test(
        "B-08 an encoded path goes through in its canonical form",
        arguments: [
            ("/public/a%20b", "/public/a%20b"),
            ("/public/%e4%bd%a0", "/public/%E4%BD%A0"),
            ("/public/%7euser/%41", "/public/~user/A"),
            ("/public/a+b@c:d!$&'()*,=", "/public/a+b@c:d!$&'()*,="),
            ("/public/[x]|^", "/public/[x]|^"),
            ("/public/dir/", "/public/dir/"),
            ("/public", "/public"),
        ])
    func encodedPath(sent: String, received: String) throws {
        let stage = try Stage.current
        let (answer, seen) = try stage.exchange(.get(sent))
        #expect(answer.status == 200)
        #expect(seen.map(\.target) == [received])
    }

    @Test("B-09 a body of 1.5 MiB goes through both ways")
    func longBody() throws {
        let stage = try Stage.current
        var call = Call.post("/public/long")
        call.body = Array(repeatElement(Pattern.block, count: 24).joined())
        let answer = try stage.gateway.send(call, by: .seconds(30))
        #expect(answer.isComplete)
        let isSame = Data(answer.body.dropFirst("POST /public/long\n".utf8.count)) == Data(call.body ?? [])
        #expect(isSame)
    }

    @Test("B-10 a connection serves one request after the other, of several methods")
    func keepAlive() throws {
        let stage = try Stage.current
        let client = try stage.gateway.connect()
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            try client.send("\(method) /public/\(method) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
            #expect(try client.mustRespond().body.text == "\(method) /public/\(method)\nok")
        }
    }
}
