import HTTP
import Testing

@testable import Gateway

@Suite struct AnswerHeadTests {
    private func lines(
        _ answer: String, minorVersion: UInt8 = 1, keepAlive: Bool = true, isAnswerToHEAD: Bool = false,
        cors: [AuthAnswer.Field] = []
    ) throws -> [String] {
        var head = ResponseHead()
        let bytes = Array(answer.utf8)
        guard case .complete = try head.parse(bytes.span, limits: HeadLimits(), isAnswerToHEAD: isAnswerToHEAD) else {
            throw SentRequest.Incomplete()
        }
        var output: [UInt8] = []
        AnswerHead.append(
            head, bytes.span,
            AnswerHead.Inputs(
                clientMinorVersion: minorVersion, keepAlive: keepAlive, isAnswerToHEAD: isAnswerToHEAD,
                corsFields: cors), to: &output)
        return String(decoding: output, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test("both Set-Cookie lines arrive, in order, apart")
    func cookies() throws {
        let lines = try lines("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n")
        #expect(lines.filter { $0.hasPrefix("Set-Cookie") } == ["Set-Cookie: a=1", "Set-Cookie: b=2"])
    }

    @Test(
        "an upstream cannot set a cookie of ours",
        arguments: [
            "refresh_token=x", "__Secure-refresh_token=x; Path=/", " REFRESH_TOKEN =x", "__Host-access_token=y",
            "=refresh_token=x; Path=/api/auth", " = __Secure-refresh_token=x", "==access_token=x",
        ])
    func ownCookies(value: String) throws {
        let lines = try lines("HTTP/1.1 200 OK\r\nSet-Cookie: \(value)\r\nContent-Length: 0\r\n\r\n")
        #expect(!lines.contains { $0.hasPrefix("Set-Cookie") })
    }

    @Test("a body without a length is chunked for HTTP/1.1 and ends with the connection for HTTP/1.0")
    func unknownLength() throws {
        let answer = "HTTP/1.1 200 OK\r\n\r\n"
        #expect(try lines(answer).contains("Transfer-Encoding: chunked"))
        let old = try lines(answer, minorVersion: 0, keepAlive: false)
        #expect(!old.contains { $0.hasPrefix("Transfer-Encoding") })
        #expect(old.contains("Connection: close"))
    }

    @Test("an answer to HEAD keeps its Content-Length, a 204 has none")
    func noBody() throws {
        #expect(
            try lines("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", isAnswerToHEAD: true).contains(
                "Content-Length: 7"))
        #expect(try !lines("HTTP/1.1 204 No Content\r\n\r\n").contains { $0.hasPrefix("Content-Length") })
    }

    @Test("hop-by-hop fields of the upstream stay behind")
    func hopByHop() throws {
        let lines = try lines(
            "HTTP/1.1 200 OK\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n"
        )
        #expect(lines == ["HTTP/1.1 200 OK", "Content-Length: 0"])
    }

    @Test("our CORS fields replace the upstream's")
    func cors() throws {
        let lines = try lines(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
            cors: [AuthAnswer.Field(name: "Access-Control-Allow-Origin", value: "https://a.example")])
        #expect(lines.filter { $0.hasPrefix("Access-Control") } == ["Access-Control-Allow-Origin: https://a.example"])
    }
}
