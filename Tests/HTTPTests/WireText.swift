import Reasons
import Testing

/// Wire bytes as readable text: `\r \n \t \0 \\ \xHH` are single bytes, `\(text*N)` is text N times, text itself with
/// escapes. Everything else stands for its UTF-8 bytes.
enum WireText {
    static func bytes(_ text: some StringProtocol) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "x"):
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "("):
                guard let end = rest.firstIndex(of: UInt8(ascii: ")")),
                    let star = rest[..<end].lastIndex(of: UInt8(ascii: "*"))
                else { break }
                let piece = Self.bytes(String(decoding: rest[..<star], as: UTF8.self))
                let count = Int(String(decoding: rest[(star + 1)..<end], as: UTF8.self)) ?? 0
                for _ in 0..<count { bytes += piece }
                rest = rest[(end + 1)...]
            default: bytes.append(escape)
            }
        }
        return bytes
    }
}

/// One recorded message: what it is called, the reason it is refused with, and its bytes.
struct WireCase: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: Reason
    let wire: [UInt8]

    var testDescription: String { name }

    /// The cases of a corpus; a line that is not `name | reason | wire` stops the test run.
    static func corpus(_ text: String) -> [WireCase] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: " | ", maxSplits: 2)
            guard parts.count == 3, let reason = Reason(rawValue: String(parts[1])) else {
                fatalError("not a case: \(line)")
            }
            return WireCase(name: String(parts[0]), reason: reason, wire: WireText.bytes(parts[2]))
        }
    }
}
