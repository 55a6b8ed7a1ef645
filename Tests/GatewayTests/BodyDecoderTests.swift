import HTTP
import Reasons
import Testing

@testable import Gateway

@Suite struct BodyDecoderTests {
    /// Feeds `pieces` one after the other; the body that came out and what was left behind it, or nil when more is needed.
    private func decode(_ framing: BodyFraming, _ pieces: [String]) throws -> (body: String, rest: String)? {
        var decoder = BodyDecoder(framing)
        var body: [UInt8] = []
        for piece in pieces {
            let bytes = Array(piece.utf8)
            var at = 0
            reading: while true {
                if decoder.isComplete {
                    return (String(decoding: body, as: UTF8.self), String(decoding: bytes[at...], as: UTF8.self))
                }
                switch try decoder.next(bytes.span, from: at) {
                case .data(let range):
                    body += bytes[range]
                    at = range.upperBound
                case .end(let consumed): at = consumed
                case .needMore: break reading
                }
            }
        }
        return nil
    }

    @Test("a body of known length ends at its last byte, and what follows stays")
    func length() throws {
        let result = try decode(.length(5), ["he", "lloGET /"])
        #expect(result?.body == "hello")
        #expect(result?.rest == "GET /")
    }

    @Test("a chunked body ends behind its trailer")
    func chunked() throws {
        let result = try decode(.chunked, ["2\r\nhe\r\n3;x=y\r", "\nllo\r\n0\r\nX: 1\r\n\r\nnext"])
        #expect(result?.body == "hello")
        #expect(result?.rest == "next")
    }

    @Test("a body that ends with the connection never says that it is complete")
    func untilClose() throws {
        #expect(try decode(.untilClose, ["all", "of it"]) == nil)
    }

    @Test("no body is complete from the start", arguments: [BodyFraming.none, .length(0)])
    func none(framing: BodyFraming) { #expect(BodyDecoder(framing).isComplete) }

    @Test("a chunk size that is no number is refused")
    func malformed() { #expect(throws: Reason.malformedChunk) { try decode(.chunked, ["5g\r\n"]) } }
}
