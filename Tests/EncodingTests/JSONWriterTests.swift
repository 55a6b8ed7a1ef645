import Encoding
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.finish(), as: UTF8.self)
    }

    @Test("commas stand between members and elements, and nowhere else")
    func commas() {
        let written = text { json in
            json.beginObject()
            json.member("a", Int64(1))
            json.key("b")
            json.beginArray()
            json.beginObject()
            json.endObject()
            json.beginArray()
            json.endArray()
            json.null()
            json.endArray()
            json.member("c", ["x", "y"])
            json.member("d", true)
            json.member("e", orNull: nil)
            json.member("f", ifPresent: nil)
            json.member("g", ifPresent: "h")
            json.endObject()
        }
        #expect(written == #"{"a":1,"b":[{},[],null],"c":["x","y"],"d":true,"e":null,"g":"h"}"#)
    }

    @Test("quotes, backslashes and control bytes are escaped, in names too")
    func escaping() throws {
        let hostile = "\"\\\u{0}\u{1F}\u{7F}\r\n\tä/\u{2028}"
        let written = text { json in
            json.beginObject()
            json.member(hostile, hostile)
            json.endObject()
        }
        let escaped = #"\"\\\u0000\u001f\u007f\r\n\tä/"# + "\u{2028}"
        #expect(written == "{\"\(escaped)\":\"\(escaped)\"}")
        #expect(try read(written).members?.first?.value.string == hostile)
    }

    @Test("bytes that are not UTF-8 cannot break the line")
    func repairing() throws {
        let written = text { $0.string(repairing: ([0x61, 0xFF, 0x22, 0x0A, 0xC3] as [UInt8]).span) }
        #expect(written == "\"a\u{FFFD}\\\"\\n\u{FFFD}\"")
        #expect(problem(written) == nil)
    }

    @Test(
        "decimals put the point where it belongs",
        arguments: [
            (Int64(1234), 3, "1.234"), (5, 3, "0.005"), (0, 3, "0.000"), (-7, 1, "-0.7"), (12, 0, "12"),
            (1000, 3, "1.000"),
            (Int64.min, 3, "-9223372036854775.808"),
        ])
    func decimals(value: Int64, places: Int, expected: String) {
        #expect(text { $0.decimal(value, places: places) } == expected)
    }

    @Test("writing goes on at the end of the buffer handed in")
    func appending() {
        var json = JSONWriter(appendingTo: Array("line ".utf8))
        json.beginArray()
        json.integer(Int64.min)
        json.bool(false)
        json.endArray()
        #expect(String(decoding: json.finish(), as: UTF8.self) == "line [-9223372036854775808,false]")
    }
}
