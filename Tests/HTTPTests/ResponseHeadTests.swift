import HTTP
import Reasons
import Testing

@Suite("Answers of upstreams")
struct ResponseHeadTests {
    static let corpus = WireCase.corpus(RefusedAnswers.text)

    @Test("each recorded bad answer is refused", arguments: corpus)
    func refused(_ bad: WireCase) {
        #expect(ResponseHead.verdict(bad.wire) == .refused(bad.reason))
    }

    @Test("each recorded bad answer is refused however it is cut up", arguments: corpus)
    func refusedInPieces(_ bad: WireCase) {
        #expect(ResponseHead.verdict(bad.wire, cuts: 1..<bad.wire.count) == .refused(bad.reason))
        let cuts = bad.wire.indices.filter { $0 < 200 || $0 % 4099 == 0 }
        #expect(cuts.allSatisfy { ResponseHead.verdict(bad.wire, cuts: [$0]) == .refused(bad.reason) })
    }

    private func parsed(_ text: String, isAnswerToHEAD: Bool = false) throws -> ResponseHead {
        let wire = WireText.bytes(text)
        var head = ResponseHead()
        let verdict = head.feed(wire[...], isAnswerToHEAD: isAnswerToHEAD)
        try #require(verdict == .complete(wire.count), "\(text)")
        return head
    }

    @Test("an answer is taken apart, with both Set-Cookie lines in order (U-25)")
    func takenApart() throws {
        let wire = WireText.bytes(
            #"HTTP/1.1 201 Made it \xe2\x9c\x93\r\nSet-Cookie: a=1\r\nX: y\r\nSet-Cookie: b=2\r\nContent-Length: 3\r\n\r\nabc"#
        )
        var head = ResponseHead()
        #expect(head.feed(wire[...]) == .complete(wire.count - 3))
        #expect(head.status == 201)
        #expect(head.framing == .length(3))
        let cookies = head.fields.filter { $0.known == .setCookie }.map {
            String(decoding: wire[$0.value], as: UTF8.self)
        }
        #expect(cookies == ["a=1", "b=2"])
        #expect(head.repeats(.setCookie) == true)
    }

    @Test("the reason phrase may be missing")
    func noPhrase() throws {
        #expect(try parsed(#"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"#).status == 200)
        #expect(try parsed(#"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"#).status == 200)
        #expect(try parsed(#"HTTP/1.1 599 x\ty\r\n\r\n"#).status == 599)
    }

    @Test(
        "the body ends as status, version and fields say",
        arguments: [
            (#"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"#, .length(5), true),
            (#"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"#, .chunked, true),
            (#"HTTP/1.1 200 OK\r\n"#, .untilClose, false),
            (#"HTTP/1.0 200 OK\r\n"#, .untilClose, false),
            (#"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n"#, .length(5), false),
            (#"HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n"#, .length(5), true),
            (#"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n"#, .length(5), false),
            (#"HTTP/1.1 204 No Content\r\n"#, .none, true),
            (#"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n"#, .none, true),
            (#"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n"#, .none, false),
            (#"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n"#, .none, false),
            (#"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n"#, .none, true),
            (#"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n"#, .none, true),
            (#"HTTP/1.1 100 Continue\r\n"#, .none, true),
            (#"HTTP/1.1 103 Early Hints\r\nLink: x\r\n"#, .none, true),
            (#"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"#, .none, true),
            (#"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n"#, .length(0), true),
        ] as [(String, BodyFraming, Bool)])
    func framing(_ text: String, _ framing: BodyFraming, _ keepAlive: Bool) throws {
        let head = try parsed(text + #"\r\n"#)
        #expect(head.framing == framing)
        #expect(head.keepAlive == keepAlive)
    }

    @Test("an answer to HEAD has no body, and says how long it would be")
    func answerToHead() throws {
        let sized = try parsed(#"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"#, isAnswerToHEAD: true)
        #expect(sized.framing == .none && sized.contentLength == 5 && sized.keepAlive)
        let chunked = try parsed(#"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"#, isAnswerToHEAD: true)
        #expect(chunked.framing == .none && chunked.contentLength == nil && chunked.keepAlive)
        #expect(try parsed(#"HTTP/1.1 200 OK\r\n\r\n"#, isAnswerToHEAD: true).keepAlive)
    }

    @Test("fields that concern the upstream connection only do not cross, listed ones among them")
    func hopByHop() throws {
        let head = try parsed(
            #"HTTP/1.1 200 OK\r\nConnection: x, Transfer-Encoding\r\nX: 1\r\nKeep-Alive: 2\r\nTransfer-Encoding: chunked\r\nY: 3\r\n\r\n"#
        )
        #expect(head.fields.map(\.isHopByHop) == [true, true, true, true, false])
    }

    @Test("a reused value forgets the answer before")
    func reuse() {
        var head = ResponseHead()
        let first = WireText.bytes(#"HTTP/1.0 100 Continue\r\nX: y\r\nConnection: close\r\n\r\n"#)
        #expect(head.feed(first[...]).isComplete)
        #expect(head.isInterim == true)
        head.reset()
        let second = WireText.bytes(#"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"#)
        #expect(head.feed(second[...]).isComplete)
        #expect(head.status == 200 && head.fields.count == 1 && head.keepAlive && !head.has(.connection))
        #expect(!head.isInterim && head.framing == .length(1) && head.minorVersion == 1)
    }

    @Test("whatever is cut off is incomplete, never complete")
    func prefixes() {
        let wire = WireText.bytes(#"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 1\r\n\r\n"#)
        for end in 0..<wire.count { #expect(ResponseHead.verdict(Array(wire[..<end])) == .incomplete) }
    }
}
