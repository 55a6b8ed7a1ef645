import Encoding
import Testing

@Suite("CSV")
struct CSVReaderTests {
    private func read(_ text: String) -> [(line: Int, fields: [String]?)] {
        var reader = CSVReader(Array(text.utf8))
        var records: [(line: Int, fields: [String]?)] = []
        while let record = reader.next() {
            records.append((record.line, record.fields?.map { String(decoding: $0, as: UTF8.self) }))
        }
        #expect(reader.offset == text.utf8.count)
        return records
    }

    @Test(
        "records and fields are those of RFC 4180",
        arguments: [
            ("", []), ("\n\r\n", []), ("a", [["a"]]), ("a,b\n", [["a", "b"]]),
            ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
            (",\n,", [["", ""], ["", ""]]), ("\"a,b\",\"c\"\"d\"", [["a,b", "c\"d"]]),
            ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
            ("\"\"\n\n\"\",x", [[""], ["", "x"]]), ("\u{FEFF}a,b", [["a", "b"]]), (" a , b ", [[" a ", " b "]]),
            ("a\rb,c", [["a\rb", "c"]]),
        ])
    func records(text: String, fields: [[String]]) {
        #expect(read(text).map { $0.fields ?? ["?"] } == fields)
    }

    @Test(
        "a malformed record spoils its line and no other",
        arguments: ["a\"b,c", "\"a\"b,c", "x,\"a\" ,c", "\"a\"\"\"b"])
    func malformed(line: String) {
        let records = read("h1,h2\n\(line)\nc,d\n")
        #expect(records.map(\.line) == [1, 2, 3])
        #expect(records[1].fields == nil)
        #expect(records[2].fields == ["c", "d"])
    }

    @Test("a quote that is never closed ends with the file, and lines inside quotes are counted")
    func lines() {
        #expect(read("a\n\"b\nc\",d\ne\n").map(\.line) == [1, 2, 4])
        let open = read("a\n\"b\nc")
        #expect(open.count == 2 && open[1].fields == nil)
    }
}
