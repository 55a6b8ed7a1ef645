/// Bytes as pairs of hexadecimal digits.
package enum Hex {
    /// Lower-case digits.
    package static func encode(_ bytes: borrowing Span<UInt8>) -> String {
        var text: [UInt8] = []
        for index in bytes.indices { append(bytes[index], to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Digits of either case; nil for an odd count or any other byte.
    package static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = value(ofDigit: text[index]), let low = value(ofDigit: text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Appends the two lower-case digits of one byte.
    static func append(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(lowerDigit(byte >> 4))
        text.append(lowerDigit(byte & 0x0F))
    }

    /// The sixteen lower-case digits of a word.
    package static func digits(_ word: UInt64) -> InlineArray<16, UInt8> {
        let high = spread(UInt32(truncatingIfNeeded: word >> 32))
        let low = spread(UInt32(truncatingIfNeeded: word))
        var digits = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<8 {
            digits[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
            digits[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
        }
        return digits
    }

    /// The eight digits of a word as the bytes of another: its half-bytes are moved apart, and all become digits at once.
    private static func spread(_ word: UInt32) -> UInt64 {
        var bytes = UInt64(word)
        bytes = (bytes & 0xFFFF_0000) << 16 | bytes & 0xFFFF
        bytes = (bytes & 0x0000_FF00_0000_FF00) << 8 | bytes & 0x0000_00FF_0000_00FF
        bytes = (bytes & 0x00F0_00F0_00F0_00F0) << 4 | bytes & 0x000F_000F_000F_000F
        // Six more carry from 10 on: there the digit is a letter.
        let letters = (bytes &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return bytes &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }

    static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func lowerDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
