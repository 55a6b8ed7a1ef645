extension JSONReader {
    /// Reads a string, of which `at` is the opening quote.
    static func readString(_ bytes: borrowing Span<UInt8>, _ at: inout Int) throws(JSONError) -> String {
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let contents = try text(bytes.extracting(start..<at), at: start)
                at += 1
                return contents
            case UInt8(ascii: "\\"):
                return try readEscapedString(bytes, &at, start: start)
            case 0..<0x20:
                throw JSONError(.badString, at: at)
            default:
                at += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: at)
    }

    /// The same from the first backslash on; what lies between `start` and `at` is plain.
    private static func readEscapedString(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, start: Int
    ) throws(JSONError) -> String {
        var contents: [UInt8] = []
        for index in start..<at { contents.append(bytes[index]) }
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                // An escape never ends in half a sequence, so joining escapes and raw bytes cannot make invalid UTF-8 valid.
                return try text(contents.span, at: start)
            case UInt8(ascii: "\\"):
                contents.append(contentsOf: UTF8.encode(try readEscape(bytes, &at)) ?? .init())
            case 0..<0x20:
                throw JSONError(.badString, at: at)
            default:
                contents.append(bytes[at])
                at += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: at)
    }

    private static func readEscape(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(JSONError) -> Unicode.Scalar {
        let start = at
        guard at + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        let letter = bytes[at + 1]
        at += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw JSONError(.badString, at: start)
        }

        let unit = try readFourHexDigits(bytes, &at)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // Not a scalar, so one half of a surrogate pair; it counts only as a high half with the low half right behind it.
        guard unit < 0xDC00, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        at += 2
        let low = try readFourHexDigits(bytes, &at)
        guard low >= 0xDC00, low <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: start) }
        return scalar
    }

    private static func readFourHexDigits(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
            guard let digit = Hex.value(ofDigit: bytes[at]) else { throw JSONError(.badString, at: at) }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }
}
