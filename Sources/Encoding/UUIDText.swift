import Bytes

/// UUIDs as text (RFC 9562 §4): `8-4-4-4-12` hexadecimal digits, always in lower case.
package enum UUIDText {
    private static let length = 36
    private static let dashes = [8, 13, 18, 23]

    /// A version 4 UUID from 128 random bits, of which it keeps 122.
    package static func version4(_ high: UInt64, _ low: UInt64) -> String {
        var text: [UInt8] = []
        appendVersion4(high, low, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// As `version4`, at the end of `text`.
    package static func appendVersion4(_ high: UInt64, _ low: UInt64, to text: inout [UInt8]) {
        let first = Hex.digits(high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000)
        let last = Hex.digits(low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
        var uuid = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        for index in 0..<8 { uuid[index] = first[index] }
        for index in 8..<12 { uuid[index + 1] = first[index] }
        for index in 12..<16 { uuid[index + 2] = first[index] }
        for index in 0..<4 { uuid[index + 19] = last[index] }
        for index in 4..<16 { uuid[index + 20] = last[index] }
        text.append(uuid.span)
    }

    /// The 128 bits of a UUID of any version. Nil unless it is written as `version4` writes it, digits in lower case, so that
    /// an id has one spelling wherever it is compared.
    package static func parse(_ text: borrowing Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard text.count == length else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for index in text.indices {
            let byte = text[index]
            if dashes.contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let isUpperCase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F")
            guard !isUpperCase, let digit = Hex.value(ofDigit: byte) else { return nil }
            words.high = words.high << 4 | words.low >> 60
            words.low = words.low << 4 | UInt64(digit)
        }
        return words
    }

    package static func isValid(_ text: borrowing Span<UInt8>) -> Bool { parse(text) != nil }
}
