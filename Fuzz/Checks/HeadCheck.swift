import HTTP
import Reasons

/// Request heads: the verdict does not depend on how the bytes are cut, and what was accepted means the same when it is
/// written again.
enum HeadCheck {
    private enum Verdict: Equatable {
        case incomplete
        case refused(Reason)
        case complete(bytes: Int)
    }

    static func run(_ input: [UInt8]) throws {
        var whole = RequestHead()
        let verdict = parse(&whole, input)
        var pieces = RequestHead()
        var inPieces = Verdict.incomplete
        for end in 0...input.count where inPieces == .incomplete {
            inPieces = parse(&pieces, Array(input[..<end]))
        }
        guard verdict == inPieces else { throw Complaint("whole: \(verdict), byte by byte: \(inPieces)") }
        guard case .complete(let bytes) = verdict else { return }
        guard bytes <= input.count else { throw Complaint("the head is longer than the input") }
        try rewrite(whole, input)
    }

    private static func parse(_ head: inout RequestHead, _ bytes: [UInt8]) -> Verdict {
        do throws(Reason) {
            switch try head.parse(bytes.span, limits: HeadLimits()) {
            case .incomplete: return .incomplete
            case .complete(let count): return .complete(bytes: count)
            }
        } catch { return .refused(error) }
    }

    /// Writes the head as a forwarder would, and reads it back.
    private static func rewrite(_ head: borrowing RequestHead, _ input: [UInt8]) throws {
        guard head.targetForm == .origin, !head.host.isEmpty else { return }
        var output: [UInt8] = []
        output.appendRequestLine(
            method: head.method, path: Array(input[head.path]).span, query: head.query, of: input.span)
        for field in head.fields where field.known != .expect { output.appendField(field, of: input.span) }
        output.appendCRLF()
        var again = RequestHead()
        guard case .complete(let bytes) = parse(&again, output), bytes == output.count else {
            throw Complaint("what was written again is not accepted: \(String(decoding: output, as: UTF8.self))")
        }
        guard input[head.path] == output[again.path], head.framing == again.framing,
            input[head.host] == output[again.host], head.fields.count >= again.fields.count
        else { throw Complaint("what was written again means something else") }
    }
}
