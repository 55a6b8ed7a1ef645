/// Comma-separated values as RFC 4180 has them: records of fields, a field in quotes holds anything and a doubled quote for
/// one. Lines end in CR LF or LF; a byte order mark is skipped. What is between the lines is never guessed at: a quote in
/// the middle of a bare field, or anything behind a closing quote, is an error of that record.
package struct CSVReader {
    package struct Record {
        /// The line that it begins on, from 1.
        package let line: Int
        /// Nil when it is malformed; reading goes on behind the end of its line.
        package let fields: [[UInt8]]?
    }

    private let bytes: [UInt8]
    /// How many bytes have been read.
    package private(set) var offset: Int
    private var line = 1

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next record; nil at the end. Empty lines are none.
    package mutating func next() -> Record? {
        while offset < bytes.count, isLineEnd(offset) { endLine() }
        guard offset < bytes.count else { return nil }
        let start = line
        var fields: [[UInt8]] = []
        while true {
            guard let field = bytes[offset, or: 0] == quote ? quotedField() : bareField() else {
                while offset < bytes.count, !isLineEnd(offset) { offset += 1 }
                endLine()
                return Record(line: start, fields: nil)
            }
            fields.append(field)
            guard bytes[offset, or: 0] == comma else { break }
            offset += 1
        }
        endLine()
        return Record(line: start, fields: fields)
    }

    private let quote = UInt8(ascii: "\"")
    private let comma = UInt8(ascii: ",")
    private let newline = UInt8(ascii: "\n")

    private mutating func bareField() -> [UInt8]? {
        let start = offset
        while offset < bytes.count, bytes[offset] != comma, !isLineEnd(offset) {
            if bytes[offset] == quote { return nil }
            offset += 1
        }
        return Array(bytes[start..<offset])
    }

    private mutating func quotedField() -> [UInt8]? {
        offset += 1
        var field: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == quote {
                guard bytes[offset, or: 0] == quote else {
                    let isEnd = offset == bytes.count || bytes[offset] == comma || isLineEnd(offset)
                    return isEnd ? field : nil
                }
                offset += 1
            } else if byte == newline {
                line += 1
            }
            field.append(byte)
        }
        return nil
    }

    private func isLineEnd(_ index: Int) -> Bool {
        bytes[index] == newline || (bytes[index] == UInt8(ascii: "\r") && bytes[index + 1, or: newline] == newline)
    }

    private mutating func endLine() {
        if bytes[offset, or: 0] == UInt8(ascii: "\r") { offset += 1 }
        if offset < bytes.count { offset += 1 }
        line += 1
    }
}

extension [UInt8] {
    fileprivate subscript(index: Int, or standard: UInt8) -> UInt8 { index < count ? self[index] : standard }
}
