/// An email address in the one spelling that reaches SQL: the grammar of HTML's email input, trimmed, ASCII letters
/// lowered.
///
/// Made from bytes, never from Characters: `"\u{212A}".lowercased()` is `"k"`, and with it two addresses would be one
/// account. What is not ASCII is refused rather than folded.
/// Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
package struct EmailAddress: Sendable, Hashable {
    /// RFC 5321 §4.5.3.1.3, less the angle brackets.
    package static let bytesMax = 254

    /// The normalised address.
    package let text: String

    /// Nil when `text` is not an email address.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)
        Self.trim(&bytes)
        guard bytes.count <= Self.bytesMax, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        guard at > 0, bytes[..<at].allSatisfy(Self.isLocalByte) else { return nil }
        let labels = bytes[(at + 1)...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel) else { return nil }
        self.text = String(decoding: bytes.map(Self.lowered), as: UTF8.self)
    }

    /// Why `text` is refused, in words for whoever typed it; nil when it is an email address.
    package static func complaint(about text: String) -> String? {
        if EmailAddress(text) != nil { return nil }
        var bytes = Array(text.utf8)
        trim(&bytes)
        if bytes.isEmpty { return "is required" }
        return bytes.count > bytesMax ? "must have \(bytesMax) bytes or fewer" : "is not an email address"
    }

    /// HTML strips ASCII white space from what people paste (Infra §4.6): tab, LF, FF, CR, space.
    private static func trim(_ bytes: inout [UInt8]) {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D }
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
        bytes.removeSubrange(end...)
        bytes.removeSubrange(..<(bytes.firstIndex { !isBlank($0) } ?? bytes.startIndex))
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// RFC 5322 `atext`, or a dot anywhere: HTML knowingly does not mind where the dots are.
    private static func isLocalByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
    }

    /// RFC 1034 §3.5: letters, digits and inner hyphens, 1 to 63 of them.
    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
        return isLetterOrDigit(first) && isLetterOrDigit(last)
            && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
