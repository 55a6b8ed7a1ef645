import Bytes
import Encoding

/// What `traceparent` says (W3C Trace Context, level 1): the trace that a request belongs to, and the span that it is.
struct TraceContext: BitwiseCopyable, Sendable, Equatable {
    var high: UInt64
    var low: UInt64
    var span: UInt64
    var flags: UInt8
    /// The client began the trace: its `tracestate` still belongs to it.
    var continues: Bool

    init(high: UInt64, low: UInt64, span: UInt64, flags: UInt8, continues: Bool) {
        self.high = high
        self.low = low
        self.span = span
        self.flags = flags
        self.continues = continues
    }

    /// `00-` 32 hex `-` 16 hex `-` 2 hex, in lower case, neither identifier all zeros; nil for anything else.
    init?(_ bytes: borrowing Span<UInt8>) {
        guard bytes.count == Self.length, bytes[0] == UInt8(ascii: "0"), bytes[1] == UInt8(ascii: "0") else {
            return nil
        }
        for dash in [2, 35, 52] where bytes[dash] != UInt8(ascii: "-") { return nil }
        guard let high = Self.hexadecimal(bytes, 3..<19), let low = Self.hexadecimal(bytes, 19..<35),
            let span = Self.hexadecimal(bytes, 36..<52), let flags = Self.hexadecimal(bytes, 53..<55),
            high | low != 0, span != 0
        else { return nil }
        self.init(high: high, low: low, span: span, flags: UInt8(truncatingIfNeeded: flags), continues: true)
    }

    func append(to output: inout [UInt8]) {
        output.append("00-")
        output.append(Hex.digits(high).span)
        output.append(Hex.digits(low).span)
        output.append("-")
        output.append(Hex.digits(span).span)
        output.append("-")
        output.append(Hex.digits(UInt64(flags)).span, 14..<16)
    }

    private static let length = 55

    private static func hexadecimal(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(bytes[index] - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(bytes[index] - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
