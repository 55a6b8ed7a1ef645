/// Base64 with the URL alphabet and without padding (RFC 4648 §5, as RFC 7515 §2 uses it).
package enum Base64URL {
    package static func encode(_ bytes: borrowing Span<UInt8>) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package static func append(_ bytes: borrowing Span<UInt8>, to text: inout [UInt8]) {
        var bits: UInt32 = 0
        var bitCount = 0
        for index in bytes.indices {
            bits = bits << 8 | UInt32(bytes[index])
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(digit(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)) & 0x3F))
            }
        }
        if bitCount > 0 {
            text.append(digit(UInt8(truncatingIfNeeded: bits << UInt32(6 - bitCount)) & 0x3F))
        }
    }

    /// Decodes what `encode` could have written, and only that: no padding, no white space, no `+` or `/`, unused bits zero.
    /// So bytes have exactly one spelling, and flipping an unused bit of a signature does not make a second valid token.
    package static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? {
        // One digit alone holds six bits, which make no byte.
        guard text.count % 4 != 1 else { return nil }
        let values = values
        let table = values.span
        // All values put together: above 63 when one of them is of no digit.
        var seen: UInt32 = 0
        var unusedBits: UInt32 = 0
        let bytes = [UInt8](capacity: text.count / 4 * 3 + 2) { output in
            var at = 0
            while at + 4 <= text.count {
                let part = text.extracting(at..<at + 4)
                let (a, b) = (table[Int(part[0])], table[Int(part[1])])
                let (c, d) = (table[Int(part[2])], table[Int(part[3])])
                seen |= a | b | c | d
                output.append(UInt8(truncatingIfNeeded: a << 2 | b >> 4))
                output.append(UInt8(truncatingIfNeeded: b << 4 | c >> 2))
                output.append(UInt8(truncatingIfNeeded: c << 6 | d))
                at += 4
            }
            guard at < text.count else { return }
            let (a, b) = (table[Int(text[at])], table[Int(text[at + 1])])
            let c = at + 2 < text.count ? table[Int(text[at + 2])] : 0
            seen |= a | b | c
            output.append(UInt8(truncatingIfNeeded: a << 2 | b >> 4))
            if at + 2 < text.count {
                output.append(UInt8(truncatingIfNeeded: b << 4 | c >> 2))
                unusedBits = c & 0x3
            } else {
                unusedBits = b & 0xF
            }
        }
        return seen < 64 && unusedBits == 0 ? bytes : nil
    }

    /// What each byte stands for: 0 to 63, or 64 when it is no digit.
    private static let values: [UInt32] = (0...255).map { value(ofDigit: $0).map(UInt32.init) ?? 64 }

    /// The digit for 0 to 63.
    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    private static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
