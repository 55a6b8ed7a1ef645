/// Percent-encoding of everything but unreserved characters, with upper-case digits (RFC 3986 §2.1, §2.3).
package enum PercentEncoding {
    /// The text's UTF-8, percent-encoded: ASCII, printable, and without a byte that means anything in a header.
    package static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        append(text.utf8.span, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    package static func append(_ bytes: borrowing Span<UInt8>, to text: inout [UInt8]) {
        for index in bytes.indices {
            let byte = bytes[index]
            if isUnreserved(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(upperDigit(byte >> 4))
                text.append(upperDigit(byte & 0x0F))
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func upperDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
