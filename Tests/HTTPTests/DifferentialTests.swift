import HTTP
import Reasons
import Testing

/// Mutated messages were also given to llhttp 9.3 (strict, as Node runs it) and h11 0.16. What either refuses is refused
/// here too, but for what these tests list; each is read in one way only, or never reaches a backend.
@Suite("Accepted here, refused by llhttp or h11")
struct DifferentialTests {
    @Test("one empty line before a request (h11 refuses it; RFC 9112 §2.2 asks for it)")
    func emptyLine() {
        #expect(RequestHead.verdict(WireText.bytes(#"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"#)).isComplete)
    }

    @Test("methods that are not registered (llhttp has a list; ours is the configuration's)")
    func methods() {
        #expect(RequestHead.verdict(WireText.bytes(#"X-FETCH / HTTP/1.1\r\nHost: a\r\n\r\n"#)).isComplete)
    }

    @Test("a tab behind a length (llhttp trims blanks only; the value is written anew)")
    func tabBehindLength() throws {
        let request = try Accepted(#"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\t\r\n\r\n"#)
        #expect(request.head.framing == .length(5))
    }

    @Test("framing fields among the trailers (llhttp reads them as the head's; here all trailers are dropped)")
    func framingInTrailers() {
        let decoded = Decoded(Array("1\r\nx\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n".utf8))
        #expect(decoded.body == Array("x".utf8))
    }

    @Test("101 without a request for it is a valid head (h11 refuses it; whoever asked must judge it)")
    func unaskedSwitch() {
        #expect(ResponseHead.verdict(WireText.bytes(#"HTTP/1.1 101 x\r\n\r\n"#)).isComplete)
    }
}
