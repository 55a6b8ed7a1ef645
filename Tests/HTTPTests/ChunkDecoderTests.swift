import HTTP
import Reasons
import Testing

/// What came of decoding some bytes: the body so far, and how it ended.
struct Decoded: Equatable {
    enum End: Equatable {
        case needMore
        /// The body ended, with this many bytes consumed of all that were fed.
        case end(Int)
        case refused(Reason)
    }

    var body: [UInt8] = []
    var end = End.needMore

    /// Feeds `wire` in pieces that begin at `cuts`, each in a buffer of its own.
    init(_ wire: [UInt8], cuts: some Sequence<Int> = []) {
        var decoder = ChunkDecoder()
        var start = 0
        for cut in Array(cuts) + [wire.count] {
            let piece = Array(wire[start..<cut])
            var at = 0
            do throws(Reason) {
                reading: while true {
                    switch try decoder.next(piece.span, from: at) {
                    case .data(let range):
                        body += piece[range]
                        at = range.upperBound
                    case .end(let consumed):
                        end = .end(start + consumed)
                        return
                    case .needMore: break reading
                    }
                }
            } catch {
                end = .refused(error)
                return
            }
            start = cut
        }
    }
}

@Suite("Chunked bodies")
struct ChunkDecoderTests {
    static let corpus = WireCase.corpus(RefusedChunks.text)

    @Test("each recorded bad body is refused", arguments: corpus)
    func refused(_ bad: WireCase) {
        #expect(Decoded(bad.wire).end == .refused(bad.reason))
    }

    @Test("each recorded bad body is refused however it is cut up", arguments: corpus)
    func refusedInPieces(_ bad: WireCase) {
        let whole = Decoded(bad.wire)
        #expect(Decoded(bad.wire, cuts: 1..<bad.wire.count) == whole)
        let cuts = bad.wire.indices.filter { $0 < 200 || $0 % 4099 == 0 }
        #expect(cuts.allSatisfy { Decoded(bad.wire, cuts: [$0]) == whole })
    }

    @Test(
        "good bodies come out whole, however they are cut up",
        arguments: [
            (#"0\r\n\r\n"#, ""), (#"5\r\nhello\r\n0\r\n\r\n"#, "hello"),
            (#"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"#, "hello world"),
            (#"a\r\n0123456789\r\nA\r\n0123456789\r\n000\r\n\r\n"#, "01234567890123456789"),
            (#"0000000000000005\r\nhello\r\n0\r\n\r\n"#, "hello"),
            // F-45, F-58: extensions and trailers are not body.
            (#"5;a;b=c;d="e\\"f;\t\x80"\r\nhello\r\n0;z\r\n\r\n"#, "hello"),
            (#"5\r\nhello\r\n0\r\nContent-Length: 7\r\nAuthorization: x\r\nEmpty:\r\n\r\n"#, "hello"),
            // F-102: what looks like a request stays body.
            (#"15\r\nGET /admin HTTP/1.1\r\n\r\n0\r\n\r\n"#, "GET /admin HTTP/1.1\r\n"),
            (#"2\r\n\r\n\r\n0\r\n\r\n"#, "\r\n"),
        ])
    func good(_ text: String, _ body: String) {
        let wire = WireText.bytes(text)
        let whole = Decoded(wire)
        #expect(whole.body == Array(body.utf8))
        #expect(whole.end == .end(wire.count))
        #expect(Decoded(wire, cuts: 1..<wire.count) == whole)
        #expect(wire.indices.allSatisfy { Decoded(wire, cuts: [$0]) == whole })
    }

    @Test("bytes behind the body are left to the next message")
    func bytesBehind() {
        let wire = Array("1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n".utf8)
        #expect(Decoded(wire).end == .end(11))
    }

    @Test("F-59 a body that is cut short has not ended")
    func cutShort() {
        let wire = Array("5;a=\"b\"\r\nhello\r\n0;c\r\nX: y\r\n\r\n".utf8)
        for end in 0..<wire.count { #expect(Decoded(Array(wire[..<end])).end == .needMore, "\(end) bytes") }
    }

    @Test("the largest chunk is announced without a trap, and its data passed on")
    func largestChunk() {
        let decoded = Decoded(Array("7fffffffffffffff\r\nabc".utf8))
        #expect(decoded.body == Array("abc".utf8))
        #expect(decoded.end == .needMore)
    }

    @Test("extensions may go on for ever on a body that is larger than they are")
    func extensionsInProportion() {
        let piece = "40;a=" + String(repeating: "b", count: 50) + "\r\n" + String(repeating: "x", count: 64) + "\r\n"
        let wire = Array((String(repeating: piece, count: 1000) + "0\r\n\r\n").utf8)
        #expect(Decoded(wire).end == .end(wire.count))
        #expect(Decoded(wire).body.count == 64_000)
    }

    @Test("an ended decoder stays ended, a refusing one goes on refusing, and odd positions do no harm")
    func afterwards() throws {
        func next(_ decoder: inout ChunkDecoder, _ text: String, from start: Int) throws(Reason) -> ChunkDecoder.Step {
            try decoder.next(text.utf8.span, from: start)
        }
        var ended = ChunkDecoder()
        #expect(try next(&ended, "0\r\n\r\nrest", from: 0) == .end(consumed: 5))
        #expect(try next(&ended, "0\r\n\r\nrest", from: 5) == .end(consumed: 5))
        var refusing = ChunkDecoder()
        #expect(throws: Reason.malformedChunk) { try next(&refusing, "x5\r\n", from: 0) }
        #expect(throws: Reason.malformedChunk) { try next(&refusing, "x5\r\n", from: 1) }
        var fresh = ChunkDecoder()
        #expect(try next(&fresh, "x5\r\n", from: 99) == .needMore)
        #expect(throws: Reason.malformedChunk) { try next(&fresh, "x5\r\n", from: -1) }
    }
}
