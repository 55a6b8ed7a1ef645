import HTTP
import Reasons
import Testing

@Suite("Requests that must be refused")
struct RefusedRequestTests {
    static let corpus = WireCase.corpus(RefusedRequests.text)

    @Test("there are at least 150 recorded bad requests, and no name twice")
    func corpusIsLarge() {
        #expect(Self.corpus.count >= 150)
        #expect(Set(Self.corpus.map(\.name)).count == Self.corpus.count)
    }

    @Test("each is refused with its reason", arguments: corpus)
    func refused(_ bad: WireCase) {
        #expect(RequestHead.verdict(bad.wire) == .refused(bad.reason))
    }

    @Test("each is refused with the same reason when it comes byte by byte", arguments: corpus)
    func refusedByteByByte(_ bad: WireCase) {
        #expect(RequestHead.verdict(bad.wire, cuts: 1..<bad.wire.count) == .refused(bad.reason))
    }

    @Test("each is refused with the same reason however it is cut in two", arguments: corpus)
    func refusedInTwoPieces(_ bad: WireCase) {
        // Every cut of an ordinary head; of the huge ones, every cut near both ends and some between.
        let cuts = bad.wire.indices.filter { $0 < 300 || $0 > bad.wire.count - 50 || $0 % 4099 == 0 }
        let others = cuts.filter { RequestHead.verdict(bad.wire, cuts: [$0]) != .refused(bad.reason) }
        #expect(others.isEmpty)
    }

    @Test("a refusal stays one, whatever comes behind it")
    func refusalIsFinal() {
        var head = RequestHead()
        #expect(head.feed(Array("GET / HTTP/1.1\n".utf8)[...]) == .refused(.malformedRequest))
        #expect(head.feed(Array("GET / HTTP/1.1\nHost: a\r\n\r\n".utf8)[...]) == .refused(.malformedRequest))
        head.reset()
        #expect(head.feed(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...]) == .complete(27))
    }

    @Test(
        "what can only be bad is refused before the head ends",
        arguments: [
            "\n", "\0", "g", "GET\n", "GET  ", "GET x", "GET /\n", "GET /\r", "GET /#", "GET /\u{1}", "GET /?\u{7f}",
            "CONNECT ", "GET / h", "GET / HTTP/2.0\r", "GET / HTTP/1.1\n", "GET / HTTP/1.1 ", "GET / HTTP/1.1\rX",
            "GET / HTTP/1.1\r\n ", "GET / HTTP/1.1\r\n:", "GET / HTTP/1.1\r\n\n", "GET / HTTP/1.1\r\nX ",
            "GET / HTTP/1.1\r\nX: y\n", "GET / HTTP/1.1\r\nX: y\rz", "GET / HTTP/1.1\r\nX: y\0",
            "GET / HTTP/1.1\r\nContent-Length: x\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n",
            "GET / HTTP/1.1\r\nExpect: x\r\n", "GET f", "GET hx://a/ ", "GET http://u@a/ ",
        ])
    func refusedAtOnce(_ start: String) {
        #expect(RequestHead.verdict(Array(start.utf8.dropLast())) == .incomplete, "the byte before is not at fault")
        let verdict = RequestHead.verdict(Array(start.utf8))
        #expect(verdict != .incomplete && !verdict.isComplete)
    }
}
