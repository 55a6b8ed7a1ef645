extension CanonicalPath {
    /// What the laxest backend does to a path before it looks it up.
    package struct Folding: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// ASCII letters are lowered.
        package static let `case` = Folding(rawValue: 1 << 0)
        /// Escapes are decoded, and look-alikes of ASCII read as ASCII.
        package static let escapes = Folding(rawValue: 1 << 1)

        package static let everything: Folding = [.case, .escapes]
    }

    /// Folds a path, or the literal part of a route's pattern: always dots and blanks at a segment's end, blanks at its
    /// start, the stream that Windows would open, empty segments and the slash at the end; the rest as asked.
    package static func fold(_ path: [UInt8], _ folding: Folding) -> [UInt8] {
        var bytes = folding.contains(.escapes) ? readingLookAlikes(decodeOnce(path)) : path
        if folding.contains(.case) { bytes = bytes.map(PathBytes.lowered) }
        var folded: [UInt8] = []
        folded.reserveCapacity(bytes.count)
        // Only decoding brings a backslash here, from `%5C` or from a look-alike of it.
        for segment in bytes.split(whereSeparator: { $0 == PathBytes.slash || $0 == PathBytes.backslash }) {
            // Spring MVC trimmed segments at both ends before it matched them (CVE-2016-5007).
            let trimmed = trimmingEnd(of: cuttingStream(of: segment.drop { $0 == PathBytes.blank }))
            if trimmed.isEmpty { continue }
            folded.append(PathBytes.slash)
            folded += trimmed
        }
        return folded.isEmpty ? [PathBytes.slash] : folded
    }

    /// `admin:$I30:$INDEX_ALLOCATION` and `page.php::$DATA` are `admin` and `page.php` to NTFS (CVE-2010-2731).
    static func cuttingStream(of segment: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for index in segment.indices.dropLast()
        where segment[index] == UInt8(ascii: ":") && segment[index + 1] == UInt8(ascii: "$") {
            let name = segment[..<index]
            return name.last == UInt8(ascii: ":") ? name.dropLast() : name
        }
        return segment
    }

    /// Windows opens `admin.`, `admin ` and `admin` alike.
    static func trimmingEnd(of segment: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var segment = segment
        while let last = segment.last, last == PathBytes.dot || last == PathBytes.blank { segment.removeLast() }
        return segment
    }

    /// Puts ASCII in place of characters that Unicode's compatibility forms, the "best fit" of Windows code pages or a
    /// change of case turn into ASCII: full-width `．．／ａｄｍｉｎ`, the Kelvin sign for `k`, one, two and three dots in one
    /// character, and the blanks beyond ASCII that `trim` and `strip` of many languages take away. Full-width `% ; ? #` stay what they are: they are ordinary punctuation in Chinese and Japanese titles.
    static func readingLookAlikes(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0xC2 }) else { return bytes }
        var read: [UInt8] = []
        read.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let (ascii, length) = lookAlike(bytes[index...]) {
                read += ascii
                index += length
            } else {
                read.append(bytes[index])
                index += 1
            }
        }
        return read
    }

    private static func lookAlike(_ bytes: ArraySlice<UInt8>) -> (ascii: [UInt8], length: Int)? {
        let three = Array(bytes.prefix(3))
        guard three.count >= 2 else { return nil }
        switch (three[0], three[1]) {
        case (0xC2, 0x85), (0xC2, 0xA0): return ([PathBytes.blank], 2)  // U+0085, U+00A0
        case (0xC4, 0xB0), (0xC4, 0xB1): return ([UInt8(ascii: "i")], 2)  // U+0130, U+0131
        case (0xC5, 0xBF): return ([UInt8(ascii: "s")], 2)  // U+017F
        default: break
        }
        guard three.count == 3 else { return nil }
        switch (three[0], three[1], three[2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
            // U+1680, U+2000 to U+200B, U+2028, U+2029, U+202F, U+205F, U+3000, U+FEFF
            return ([PathBytes.blank], 3)
        case (0xE2, 0x80, 0xA4...0xA6):  // U+2024 to U+2026
            return ([UInt8](repeating: PathBytes.dot, count: Int(three[2] - 0xA3)), 3)
        case (0xE2, 0x81, 0x84), (0xE2, 0x88, 0x95): return ([PathBytes.slash], 3)  // U+2044, U+2215
        case (0xE2, 0x88, 0x96), (0xEF, 0xB9, 0xA8): return ([PathBytes.backslash], 3)  // U+2216, U+FE68
        case (0xE2, 0x84, 0xAA): return ([UInt8(ascii: "k")], 3)  // U+212A
        case (0xEF, 0xB9, 0x92): return ([PathBytes.dot], 3)  // U+FE52
        case (0xEF, 0xBC, 0x81...0xBF): return fullWidth(three[2] - 0x81 + 0x21)  // U+FF01 to U+FF3F
        case (0xEF, 0xBD, 0x80...0x9E): return fullWidth(three[2] - 0x80 + 0x60)  // U+FF40 to U+FF5E
        default: return nil
        }
    }

    private static func fullWidth(_ ascii: UInt8) -> (ascii: [UInt8], length: Int)? {
        "%;?#".utf8.contains(ascii) ? nil : ([ascii], 3)
    }
}
