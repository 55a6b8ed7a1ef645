import HTTP
import Reasons

/// Chunked bodies: the same bytes come out however the input is cut, and what comes out survives being chunked again.
enum ChunkCheck {
    private struct Decoded: Equatable {
        var body: [UInt8] = []
        /// Nil: more is needed.
        var end: Int?
        var refusal: Reason?
    }

    static func run(_ input: [UInt8]) throws {
        let whole = decode([input])
        let bytes = decode(input.map { [$0] })
        guard whole == bytes else { throw Complaint("whole: \(whole), byte by byte: \(bytes)") }
        guard whole.refusal == nil, !whole.body.isEmpty else { return }
        var again: [UInt8] = []
        again.appendChunkLine(size: whole.body.count)
        again += whole.body
        again.appendCRLF()
        again.appendLastChunk()
        guard decode([again]).body == whole.body else { throw Complaint("the body changed when it was chunked again") }
    }

    private static func decode(_ pieces: [[UInt8]]) -> Decoded {
        var decoder = ChunkDecoder()
        var decoded = Decoded()
        var consumed = 0
        for piece in pieces {
            var at = 0
            reading: while true {
                do throws(Reason) {
                    switch try decoder.next(piece.span, from: at) {
                    case .data(let range):
                        decoded.body += piece[range]
                        at = range.upperBound
                    case .needMore: break reading
                    case .end(let count):
                        decoded.end = consumed + count
                        return decoded
                    }
                } catch {
                    decoded.refusal = error
                    return decoded
                }
            }
            consumed += piece.count
        }
        return decoded
    }
}
