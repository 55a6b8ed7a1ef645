import Encoding

/// A file of accounts: JSON lines, or CSV with a header. Reads one record after the other.
package struct UserFile {
    package enum Format: String, Sendable, CaseIterable {
        case jsonl, csv
    }

    package struct Line {
        /// From 1.
        package let number: Int
        package let record: Result<UserRecord, UserRecord.Problem>
    }

    /// How much of the file has been read, in bytes.
    package private(set) var offset = 0
    /// How long it is.
    package let size: Int
    private var lines: Lines

    private enum Lines {
        case json([UInt8], number: Int)
        case csv(CSVReader, columns: [UserRecord.Field])
    }

    /// Throws what is wrong with a CSV header.
    package init(_ bytes: [UInt8], format: Format) throws(UserRecord.Problem) {
        size = bytes.count
        switch format {
        case .jsonl: lines = .json(bytes, number: 0)
        case .csv:
            var reader = CSVReader(bytes)
            let columns = try UserRecord.columns(header: reader.next()?.fields ?? [])
            lines = .csv(reader, columns: columns)
        }
    }

    /// The next record, good or not; nil at the end.
    package mutating func next() -> Line? {
        switch lines {
        case .json(let bytes, let number): return nextJSON(bytes, number)
        case .csv(var reader, let columns):
            // One owner at a time, so that the reader's bytes are never copied.
            lines = .json([], number: 0)
            defer { lines = .csv(reader, columns: columns) }
            guard let record = reader.next() else { return nil }
            offset = reader.offset
            guard let fields = record.fields else {
                return Line(number: record.line, record: .failure(.init("is not CSV: a quote is where none belongs")))
            }
            return Line(
                number: record.line,
                record: Self.read { () throws(UserRecord.Problem) in
                    try UserRecord(csv: fields, columns: columns)
                })
        }
    }

    /// Blank lines are skipped.
    private mutating func nextJSON(_ bytes: [UInt8], _ number: Int) -> Line? {
        var number = number
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = Array(bytes[offset..<end])
            offset = min(end + 1, bytes.count)
            number += 1
            lines = .json(bytes, number: number)
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            return Line(
                number: number, record: Self.read { () throws(UserRecord.Problem) in try UserRecord(json: line) })
        }
        return nil
    }

    private static func read(
        _ body: () throws(UserRecord.Problem) -> UserRecord
    ) -> Result<UserRecord, UserRecord.Problem> {
        do throws(UserRecord.Problem) { return .success(try body()) } catch { return .failure(error) }
    }
}
