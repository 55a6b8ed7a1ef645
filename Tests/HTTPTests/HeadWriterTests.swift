import Encoding
import Foundation
import HTTP
import Testing

@Suite("Writing heads")
struct HeadWriterTests {
    private func written(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a request line is written with and without a query, an empty one too")
    func requestLine() {
        let wire = Array("POST /x?y=z HTTP/1.1".utf8)
        let path = Array("/canonical".utf8)
        func line(_ query: Range<Int>?) -> String {
            written { $0.appendRequestLine(method: 0..<4, path: path.span, query: query, of: wire.span) }
        }
        #expect(line(nil) == "POST /canonical HTTP/1.1\r\n")
        #expect(line(8..<11) == "POST /canonical?y=z HTTP/1.1\r\n")
        #expect(line(8..<8) == "POST /canonical? HTTP/1.1\r\n")
    }

    @Test("status lines and fields are written")
    func statusAndFields() {
        #expect(written { $0.appendStatusLine(404) } == "HTTP/1.1 404 Not Found\r\n")
        #expect(written { $0.appendField("Via", "1.1 gatehouse") } == "Via: 1.1 gatehouse\r\n")
        #expect(written { $0.appendField("Content-Length", decimal: 0) } == "Content-Length: 0\r\n")
        #expect(written { $0.appendChunkLine(size: 255) } == "ff\r\n")
        #expect(written { $0.appendLastChunk() } == "0\r\n\r\n")
    }

    @Test("a parsed field is written as it was sent, without the blanks around its value")
    func parsedField() throws {
        let request = try Accepted(#"GET / HTTP/1.1\r\nHost: a\r\nx-ODD:\t y z \r\n\r\n"#)
        let field = try #require(request.head.fields.last)
        let wire = request.wire
        let line = written { $0.appendField(field, of: wire.span) }
        #expect(line == "x-ODD: y z\r\n")
    }

    @Test(
        "H-31 a value that could end its line is not written",
        arguments: ["a\r\nX-User-Role: admin", "a\nb", "a\rb", "a\0b", "\u{7f}", " a", "a ", "\ta", "\u{1b}[2J"])
    func injection(_ value: String) {
        var bytes = Array("before".utf8)
        let wasWritten = bytes.appendField("X-User-Name", checked: Array(value.utf8).span)
        #expect(!wasWritten)
        #expect(bytes == Array("before".utf8))
    }

    @Test("other values are written", arguments: ["", "a", "a b\tc", "é", "a:b"])
    func safeValues(_ value: String) {
        var bytes: [UInt8] = []
        let wasWritten = bytes.appendField("X", checked: Array(value.utf8).span)
        #expect(wasWritten)
        #expect(String(decoding: bytes, as: UTF8.self) == "X: \(value)\r\n")
    }

    @Test("integers are written as Foundation writes them")
    func integers() {
        var values: [UInt64] = [0, 1, 9, 10, 15, 16, 99, 100, 255, 256, UInt64(Int.max), UInt64.max - 1, .max]
        for shift in 0..<64 { values.append(1 << shift) }
        for value in values {
            #expect(written { $0.appendDecimal(value) } == String(value))
            #expect(written { $0.appendHex(value) } == String(value, radix: 16))
        }
    }

    @Test("a range outside of the bytes appends nothing")
    func outside() {
        let bytes = Array("abc".utf8)
        #expect(written { $0.append(bytes.span, 2..<4) } == "")
        #expect(written { $0.append(bytes.span, -1..<2) } == "")
        #expect(written { $0.append(bytes.span, 1..<3) } == "bc")
    }

    @Test("every status has a phrase that a status line may carry")
    func phrases() {
        for status in UInt16(0)...1000 {
            #expect(!StatusText.phrase(status).isEmpty)
            let isSafe = Grammar.isFieldValueSafe(StatusText.phrase(status).utf8.span)
            #expect(isSafe)
        }
        #expect(StatusText.phrase(299) == "Success")
    }
}

@Suite("Dates")
struct IMFFixdateTests {
    private func text(_ seconds: Int64) -> String {
        var bytes: [UInt8] = []
        IMFFixdate.append(unixSeconds: seconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("the RFC's example and the ends of the range")
    func examples() {
        #expect(text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(text(-1) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(text(253_402_300_799) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(text(.max) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(text(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(text(4_107_542_399) == "Sun, 28 Feb 2100 23:59:59 GMT")
        #expect(text(4_107_542_400) == "Mon, 01 Mar 2100 00:00:00 GMT")
    }

    @Test("dates agree with Foundation over four hundred years")
    func againstFoundation() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for step in Int64(0)..<2000 {
            let seconds = step * 6_311_433 + step
            #expect(text(seconds) == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
        }
    }
}
