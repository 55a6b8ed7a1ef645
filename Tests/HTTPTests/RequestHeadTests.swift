import HTTP
import Reasons
import Testing

/// A head that was accepted, with the bytes its ranges point into.
final class Accepted {
    let wire: [UInt8]
    let head: RequestHead
    let headBytes: Int

    /// Parses `wire`, which is in the notation of `WireText`; a refusal or an incomplete head fails the test.
    init(_ text: String) throws {
        wire = WireText.bytes(text)
        var head = RequestHead()
        let verdict = head.feed(wire[...])
        guard case .complete(let count) = verdict else {
            Issue.record("\(text): \(verdict)")
            throw Reason.internalError
        }
        self.head = head
        headBytes = count
    }

    func text(_ range: Range<Int>) -> String { String(decoding: wire[range], as: UTF8.self) }
    func text(_ range: Range<Int>?) -> String? { range.map { text($0) } }
    func text(_ name: FieldName) -> String? { text(head.first(name)?.value) }
}

@Suite("Requests that are accepted")
struct RequestHeadTests {
    @Test("B-01 a GET is taken apart")
    func get() throws {
        let request = try Accepted(#"GET /a/b?c=d HTTP/1.1\r\nHost: a.test:8080\r\nX-Y:  z w \t\r\n\r\nrest"#)
        #expect(request.text(request.head.method) == "GET")
        #expect(request.head.knownMethod == .get)
        #expect(request.text(request.head.target) == "/a/b?c=d")
        #expect(request.text(request.head.path) == "/a/b")
        #expect(request.text(request.head.query) == "c=d")
        #expect(request.head.targetForm == .origin)
        #expect(request.head.minorVersion == 1)
        #expect(request.head.framing == .none)
        #expect(request.head.keepAlive == true)
        #expect(request.text(request.head.host) == "a.test:8080")
        #expect(request.text(request.head.hostName) == "a.test")
        #expect(request.head.fields.map { request.text($0.name) } == ["Host", "X-Y"])
        #expect(request.head.fields.map { request.text($0.value) } == ["a.test:8080", "z w"])
        #expect(request.head.fields.map(\.known) == [.host, nil])
        #expect(request.wire.count - request.headBytes == "rest".utf8.count)
    }

    @Test("F-83 one empty line before the request is skipped, and counted")
    func emptyLineFirst() throws {
        let request = try Accepted(#"\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"#)
        #expect(request.headBytes == request.wire.count)
        #expect(request.text(request.head.path) == "/x")
    }

    @Test("B-02 the length of a POST is its framing")
    func length() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n"#)
        #expect(request.head.framing == .length(12))
        #expect(try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"#).head.framing == .length(0))
    }

    @Test("F-14 leading zeros of a length do not count")
    func leadingZeros() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\n"#)
        #expect(request.head.framing == .length(5))
    }

    @Test("the longest length is the largest Int")
    func longestLength() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n"#)
        #expect(request.head.framing == .length(UInt64(Int.max)))
    }

    @Test("F-21 chunked may be written in any case and after a tab")
    func chunked() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tChUnKeD \r\n\r\n"#)
        #expect(request.head.framing == .chunked)
    }

    @Test("F-23 Content_Length is another field, marked for its underscore")
    func underscore() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\nX-Y: z\r\n\r\n"#)
        #expect(request.head.framing == .none)
        #expect(request.head.fields.map(\.known) == [.host, nil, nil])
        #expect(request.head.fields.map(\.hasUnderscore) == [false, true, false])
    }

    @Test("values may be empty, hold tabs, and hold bytes above ASCII")
    func values() throws {
        let request = try Accepted(#"GET / HTTP/1.1\r\nHost: a\r\nE:\r\nF: \t \r\nG: x\ty\r\nH: \xc3\xa9\r\n\r\n"#)
        #expect(request.head.fields.dropFirst().map { request.text($0.value) } == ["", "", "x\ty", "é"])
    }

    @Test("every token byte may stand in a name, and no other")
    func nameBytes() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            let wire = Array("GET / HTTP/1.1\r\nHost: a\r\nX".utf8) + [byte] + Array("Y: z\r\n\r\n".utf8)
            // `X:Y: z` is a field named X.
            let isGood = token.contains(byte) || byte == UInt8(ascii: ":")
            #expect(RequestHead.verdict(wire).isComplete == isGood, "byte \(byte)")
        }
    }

    @Test("every byte but the controls may stand in a value, and a tab too")
    func valueBytes() {
        for byte in UInt8.min...UInt8.max {
            let wire = Array("GET / HTTP/1.1\r\nHost: a\r\nX: y".utf8) + [byte] + Array("z\r\n\r\n".utf8)
            let isGood = byte >= 32 && byte != 127 || byte == 9
            #expect(RequestHead.verdict(wire).isComplete == isGood, "byte \(byte)")
        }
    }

    @Test("visible ASCII but # may stand in a target, before and behind the ?")
    func targetBytes() {
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: " ") {
            for start in ["GET /x", "GET /x?"] {
                let wire = Array(start.utf8) + [byte] + Array("y HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
                let isGood = byte > 32 && byte < 127 && byte != UInt8(ascii: "#")
                #expect(RequestHead.verdict(wire).isComplete == isGood, "byte \(byte) behind \(start)")
            }
        }
    }

    @Test("only A-Z and - may stand in a method")
    func methodBytes() {
        let good = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ-".utf8)
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: " ") {
            let wire = Array("M".utf8) + [byte] + Array("N / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            #expect(RequestHead.verdict(wire).isComplete == good.contains(byte), "byte \(byte)")
        }
    }

    @Test("the query begins at the first question mark")
    func query() throws {
        let twice = try Accepted(#"GET /a?b?c HTTP/1.1\r\nHost: a\r\n\r\n"#)
        #expect(twice.text(twice.head.path) == "/a")
        #expect(twice.text(twice.head.query) == "b?c")
        let empty = try Accepted(#"GET /a? HTTP/1.1\r\nHost: a\r\n\r\n"#)
        #expect(empty.text(empty.head.query) == "")
        #expect(try Accepted(#"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"#).head.query == nil)
    }

    @Test(
        "an absolute-form target that agrees with Host gives its path",
        arguments: [
            (#"http://a/x?y"#, "a", "/x", "y"), ("HTTP://A.Test/x", "a.test", "/x", nil),
            ("http://a:80/x", "a", "/x", nil), ("http://a/x", "a:80", "/x", nil), ("https://a:443/", "a", "/", nil),
            ("https://a/", "a:443", "/", nil), ("http://a", "a", "/", nil), ("http://a?y", "a", "/", "y"),
            ("http://a.test./x", "a.test", "/x", nil), ("http://[::1]:81/x", "[::1]:81", "/x", nil),
            ("http://a//x", "a", "//x", nil),
        ] as [(String, String, String, String?)])
    func absoluteForm(_ target: String, _ host: String, _ path: String, _ query: String?) throws {
        let request = try Accepted("GET \(target) HTTP/1.1\\r\\nHost: \(host)\\r\\n\\r\\n")
        #expect(request.head.targetForm == .absolute)
        #expect(request.text(request.head.path) == path)
        #expect(request.text(request.head.query) == query)
        #expect(request.text(request.head.host) == host)
        #expect(request.text(request.head.target) == target)
    }

    @Test("OPTIONS may ask for *")
    func asterisk() throws {
        let request = try Accepted(#"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"#)
        #expect(request.head.targetForm == .asterisk)
        #expect(request.text(request.head.path) == "*")
        #expect(request.head.query == nil)
    }

    @Test(
        "hosts that are valid",
        arguments: [
            ("a", "a"), ("A.Test", "A.Test"), ("a.test.", "a.test"), ("a_b-c.test:1", "a_b-c.test"),
            ("127.0.0.1:65535", "127.0.0.1"), ("[::1]", "[::1]"), ("[::]:8080", "[::]"),
            ("[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]"), ("[1::8]", "[1::8]"),
            ("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]"),
            ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"), ("[2001:DB8::a]:443", "[2001:DB8::a]"),
        ])
    func hosts(_ host: String, _ name: String) throws {
        let request = try Accepted("GET / HTTP/1.1\\r\\nHost: \(host)\\r\\n\\r\\n")
        #expect(request.text(request.head.host) == host)
        #expect(request.text(request.head.hostName) == name)
    }

    @Test("HTTP/1.0 needs no Host, and takes it from an absolute-form target")
    func oldRequests() throws {
        let bare = try Accepted(#"GET / HTTP/1.0\r\n\r\n"#)
        #expect(bare.head.host.isEmpty && bare.head.hostName.isEmpty)
        #expect(bare.head.minorVersion == 0)
        let absolute = try Accepted(#"GET http://a.test:81/x HTTP/1.0\r\n\r\n"#)
        #expect(absolute.text(absolute.head.host) == "a.test:81")
        #expect(absolute.text(absolute.head.hostName) == "a.test")
    }

    @Test(
        "the connection is kept as version and Connection say",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.1", "Connection: Close", false),
            ("HTTP/1.1", "Connection: x, close", false), ("HTTP/1.1", "Connection: ,, close ,", false),
            ("HTTP/1.1", #"Connection: x\r\nConnection: close"#, false), ("HTTP/1.1", "Connection: closed", true),
            ("HTTP/1.1", "Connection:", true), ("HTTP/1.1", "Connection: keep-alive, close", false),
            ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: Keep-Alive", true),
            ("HTTP/1.0", "Connection: keep-alive, close", false), ("HTTP/1.1", "Proxy-Connection: close", true),
        ])
    func keepAlive(_ version: String, _ field: String, _ expected: Bool) throws {
        let line = field.isEmpty ? "" : field + "\\r\\n"
        let request = try Accepted("GET / \(version)\\r\\nHost: a\\r\\n\(line)\\r\\n")
        #expect(request.head.keepAlive == expected)
    }

    @Test("H-13 fields that Connection lists, and those of the connection itself, do not cross")
    func hopByHop() throws {
        let request = try Accepted(
            #"""
            GET / HTTP/1.1\r\nHost: a\r\nX-a: 1\r\nCONNECTION: x-A, Upgrade\r\nUpgrade: foo\r\nX-A: 2\r\nTE: trailers\r\n\#
            X-B: 3\r\nConnection: x-c\r\nX-C: 4\r\nKeep-Alive: 5\r\nProxy-Connection: 6\r\n\r\n
            """#)
        let kept = request.head.fields.filter { !$0.isHopByHop }.map { request.text($0.name) }
        #expect(kept == ["Host", "X-B"])
        #expect(request.head.connectionListsUpgrade == true)
    }

    @Test("F-99 the expectation counts when a body is announced in HTTP/1.1")
    func expectation() throws {
        let announced = #"Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n"#
        #expect(try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\n"# + announced).head.expectsContinue)
        #expect(try !Accepted(#"POST / HTTP/1.0\r\nHost: a\r\n"# + announced).head.expectsContinue)
        #expect(try !Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"#).head.expectsContinue)
    }

    @Test("a known field is found in any case, and a second one is noticed")
    func knownFields() throws {
        let request = try Accepted(
            #"GET / HTTP/1.1\r\nhOST: a\r\nauthorization: 1\r\nAUTHORIZATION: 2\r\nCookie: c\r\n\r\n"#)
        #expect(request.text(.authorization) == "1")
        #expect(request.head.repeats(.authorization) && !request.head.repeats(.cookie))
        #expect(request.head.has(.cookie) && !request.head.has(.origin))
        #expect(request.head.first(.origin) == nil)
    }

    @Test("a request is as good at its limits as below them")
    func atTheLimits() {
        let fields = String(repeating: "X: y\r\n", count: 99)
        #expect(RequestHead.verdict(Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)).isComplete)
        let path = String(repeating: "x", count: (8 << 10) - 1)
        #expect(RequestHead.verdict(Array("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)).isComplete)
        let method = String(repeating: "A", count: 32)
        #expect(RequestHead.verdict(Array("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)).isComplete)
        let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
        let value = String(repeating: "y", count: (32 << 10) - frame.utf8.count)
        let whole = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n".utf8)
        #expect(whole.count == 32 << 10)
        #expect(RequestHead.verdict(whole) == .complete(32 << 10))
        // Body bytes behind a whole head do not count.
        #expect(RequestHead.verdict(whole + whole) == .complete(32 << 10))
        let longer = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)y\r\n\r\n".utf8)
        #expect(RequestHead.verdict(longer) == .refused(.headTooLarge))
    }

    @Test("limits are what the configuration says")
    func configuredLimits() {
        var limits = HeadLimits()
        limits.headBytesMax = 40
        limits.targetBytesMax = 5
        limits.fieldsMax = 2
        func verdict(_ text: String) -> Verdict { RequestHead.verdict(WireText.bytes(text), limits: limits) }
        #expect(verdict(#"GET /2345 HTTP/1.1\r\nHost: a\r\n\r\n"#).isComplete)
        #expect(verdict(#"GET /23456 HTTP/1.1\r\nHost: a\r\n\r\n"#) == .refused(.targetTooLong))
        #expect(verdict(#"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nX:"#) == .refused(.headTooLarge))
        #expect(verdict(#"GET / HTTP/1.1\r\nHost: a\r\nX: 2345678901234"#) == .refused(.headTooLarge))
    }

    @Test("a reused value forgets the request before")
    func reuse() {
        var head = RequestHead()
        let first = WireText.bytes(
            #"POST http://a/x?y HTTP/1.0\r\nHost: a\r\nConnection: close, x\r\nX: 1\r\nContent-Length: 5\r\n\r\n"#)
        #expect(head.feed(first[...]).isComplete)
        head.reset()
        let second = WireText.bytes(#"GET / HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nX: 2\r\n\r\n"#)
        #expect(head.feed(second[...]).isComplete)
        #expect(head.fields.count == 3 && !head.has(.contentLength) && !head.has(.connection))
        #expect(head.framing == .none && head.keepAlive && head.query == nil && head.targetForm == .origin)
        #expect(head.fields.allSatisfy { !$0.isHopByHop })
    }
}
