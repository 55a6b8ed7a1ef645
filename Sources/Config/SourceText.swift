/// The text of one configuration file, checked for what people cannot see.
///
/// A file is refused when an editor would show something else than the gateway reads: a byte order mark, CR LF line ends,
/// control characters, blanks that are none, and characters that reorder a line (CVE-2021-42574).
struct SourceText {
    let file: String
    let scalars: [Unicode.Scalar]

    /// No configuration written by people comes near.
    static let bytesMax = 1024 * 1024

    /// Nil when the bytes are not worth reading on: too many, or no text at all. Other mistakes are reported, and the
    /// text is read as if they were not there, so that one run shows them all.
    init?(file: String, bytes: [UInt8], problems: inout Problems) {
        guard bytes.count <= Self.bytesMax else {
            problems.error(
                at: Place(file: file, line: 1, column: 1, width: 0), "the file is larger than 1 MiB",
                hint: "is this the right file?")
            return nil
        }
        var lines: [String] = []
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard let text = String(validating: line, as: UTF8.self), !line.contains(0) else {
                let before = String(decoding: line.prefix { $0 != 0 && $0 < 0x80 }, as: UTF8.self)
                let place = Place(file: file, line: index + 1, column: before.unicodeScalars.count + 1, width: 0)
                problems.error(
                    at: place, line.contains(0) ? "the line holds a NUL byte" : "the line is not UTF-8",
                    expected: "a text file in UTF-8")
                return nil
            }
            if index > 0 { scalars.append("\n") }
            scalars.append(contentsOf: text.unicodeScalars)
            lines.append(text)
        }
        self.file = file
        problems.sources[file] = lines
        self.scalars = Self.mend(scalars, file: file, problems: &problems)
    }

    /// Reports what is invisible and puts blanks in its place, so that columns stay true.
    private static func mend(
        _ scalars: [Unicode.Scalar], file: String, problems: inout Problems
    ) -> [Unicode.Scalar] {
        var mended = scalars
        var line = 1
        var column = 0
        var returnsSeen = false
        for (index, scalar) in scalars.enumerated() {
            column += 1
            let place = Place(file: file, line: line, column: column, width: 1)
            switch scalar {
            case "\n":
                line += 1
                column = 0
                continue
            case "\t": continue
            case "\u{FEFF}" where index == 0:
                problems.error(
                    at: place, "the file begins with a byte order mark",
                    hint: "save it as UTF-8 without BOM: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE")
            case "\r":
                // One message for a whole file from Windows, and one for each CR that ends no line.
                let endsLine = index + 1 == scalars.count || scalars[index + 1] == "\n"
                if !endsLine {
                    problems.error(at: place, "a carriage return stands inside the line")
                } else if !returnsSeen {
                    returnsSeen = true
                    problems.error(
                        at: place, "the lines end with CR LF", expected: "lines that end with LF alone",
                        hint: "sed -i 's/\\r$//' FILE")
                }
            default:
                guard isInvisible(scalar) else { continue }
                problems.error(
                    at: place, "the line holds an invisible character, U+\(hexadecimal(scalar.value))",
                    hint: "what is seen and what is read must be the same; remove it")
            }
            mended[index] = " "
        }
        return mended
    }

    /// Whether an editor shows nothing for it, or a blank, or other characters in another order.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFEFF: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
