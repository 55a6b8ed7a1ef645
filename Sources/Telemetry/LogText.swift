import Bytes
import Encoding

/// Text in the access log. What a client sent is data: it must never end a line, close a quote, or drive the terminal of
/// the person who reads the log, so a log line is printable ASCII and everything else is escaped.
enum LogText {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// A JSON string with its quotes. UTF-8 becomes `\u` and four digits, and a byte that is not UTF-8 becomes `\ufffd`.
    static func appendJSON(_ bytes: borrowing Span<UInt8>, to line: inout [UInt8]) {
        var index = appendPlain(bytes, to: &line)
        if index == bytes.count { return line.append(UInt8(ascii: "\"")) }
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                line.append(UInt8(ascii: "\\"))
                line.append(byte)
                index += 1
            case 0x20..<0x7F:
                line.append(byte)
                index += 1
            case 0..<0x80:
                appendEscape(UInt32(byte), to: &line)
                index += 1
            default:
                let (scalar, length) = decodeUTF8(bytes, at: index)
                appendEscape(scalar, to: &line)
                index += length
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    /// Appends a quote and the bytes up to the first that needs escaping, which for nearly every text is all of them;
    /// returns their number.
    private static func appendPlain(_ bytes: borrowing Span<UInt8>, to line: inout [UInt8]) -> Int {
        var count = 0
        while count < bytes.count {
            let byte = bytes[count]
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            count += 1
        }
        line.append(UInt8(ascii: "\""))
        line.append(bytes.extracting(0..<count))
        return count
    }

    /// The text of a field of the combined format, without quotes around it: what is not printable ASCII, the quote and
    /// the backslash are written `\xXX`, as nginx writes them. Nothing at all is written as `-`.
    ///
    /// - Parameter escapingBlanks: for the fields that stand without quotes, where a blank would begin the next field.
    static func appendCombined(
        _ bytes: borrowing Span<UInt8>, to line: inout [UInt8], escapingBlanks: Bool = false
    ) {
        if bytes.isEmpty { line.append(UInt8(ascii: "-")) }
        let lowest: UInt8 = escapingBlanks ? 0x21 : 0x20
        for index in bytes.indices {
            let byte = bytes[index]
            if byte >= lowest, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                line.append(byte)
            } else {
                line.append(UInt8(ascii: "\\"))
                line.append(UInt8(ascii: "x"))
                line.append(hexDigits[Int(byte >> 4)])
                line.append(hexDigits[Int(byte & 0xF)])
            }
        }
    }

    /// `31/Jan/2026:23:59:59 +0000`, as the common log format writes it.
    static func appendCommonTime(_ date: CivilDate, to line: inout [UInt8]) {
        let seconds = date.millisecondOfDay.magnitude / 1000
        line.appendDecimal(date.day.magnitude, minimumDigits: 2)
        line.append(UInt8(ascii: "/"))
        line.append(contentsOf: monthNames[Int(date.month) - 1].utf8)
        line.append(UInt8(ascii: "/"))
        line.appendDecimal(date.year.magnitude, minimumDigits: 4)
        for part in [seconds / 3600, seconds / 60 % 60, seconds % 60] {
            line.append(UInt8(ascii: ":"))
            line.appendDecimal(part, minimumDigits: 2)
        }
        line.append(contentsOf: " +0000".utf8)
    }

    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Microseconds as milliseconds with three decimals: `12.345`.
    static func appendMilliseconds(_ microseconds: UInt64, to line: inout [UInt8]) {
        line.appendDecimal(microseconds / 1000)
        line.append(UInt8(ascii: "."))
        line.appendDecimal(microseconds % 1000, minimumDigits: 3)
    }

    /// `\u` and four digits, in two halves above U+FFFF (RFC 8259 §7).
    private static func appendEscape(_ scalar: UInt32, to line: inout [UInt8]) {
        if scalar > 0xFFFF {
            appendEscape(0xD800 + ((scalar - 0x10000) >> 10), to: &line)
            appendEscape(0xDC00 + ((scalar - 0x10000) & 0x3FF), to: &line)
            return
        }
        line.append(UInt8(ascii: "\\"))
        line.append(UInt8(ascii: "u"))
        for shift in [12, 8, 4, 0] as [UInt32] {
            line.append(hexDigits[Int((scalar >> shift) & 0xF)])
        }
    }

    /// One scalar value that begins at `start` with a byte of 0x80 or above, and how many bytes it takes; U+FFFD and 1
    /// where the bytes are not UTF-8 (RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF).
    private static func decodeUTF8(_ bytes: borrowing Span<UInt8>, at start: Int) -> (scalar: UInt32, length: Int) {
        let first = bytes[start]
        let length: Int
        let smallest: UInt32
        switch first {
        case 0xC2..<0xE0: (length, smallest) = (2, 0x80)
        case 0xE0..<0xF0: (length, smallest) = (3, 0x800)
        case 0xF0..<0xF5: (length, smallest) = (4, 0x10000)
        default: return (0xFFFD, 1)
        }
        guard bytes.count - start >= length else { return (0xFFFD, 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = bytes[start + offset]
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= smallest, scalar <= 0x10FFFF, !(0xD800..<0xE000 ~= scalar) else { return (0xFFFD, 1) }
        return (scalar, length)
    }
}
