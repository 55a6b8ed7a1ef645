import Encoding
import Testing

/// Reads a text; the tests look at the value or at the problem.
func read(_ text: String, depthMax: Int = 32) throws(JSONError) -> JSONValue {
    try JSONReader.read(Array(text.utf8).span, depthMax: depthMax)
}

func problem(_ bytes: [UInt8]) -> JSONError.Problem? {
    do {
        _ = try JSONReader.read(bytes.span)
        return nil
    } catch {
        return error.problem
    }
}

func problem(_ text: String) -> JSONError.Problem? { problem(Array(text.utf8)) }

/// The value written out again: the shortest way to look at a tree.
func rewritten(_ text: String) throws -> String {
    var json = JSONWriter()
    json.value(try read(text))
    return String(decoding: json.finish(), as: UTF8.self)
}

@Suite("JSON reader")
struct JSONReaderTests {
    @Test("values of every kind are read, and objects keep their order")
    func values() throws {
        let text = #" { "z" : [ 1 , -0.5e+3 , true , false , null ] , "a" : { } , "" : "x" , "e" : [ ] } "#
        #expect(try rewritten(text) == #"{"z":[1,-0.5e+3,true,false,null],"a":{},"":"x","e":[]}"#)
    }

    @Test("white space is blank, tab, LF and CR, and nothing else")
    func whiteSpace() throws {
        #expect(try read("\t\r\n [\t\r\n ]\t\r\n ").elements?.isEmpty == true)
        for byte: UInt8 in [0x00, 0x0B, 0x0C, 0xA0] {
            #expect(problem([byte] + Array("[]".utf8)) == .unexpectedByte)
            #expect(problem(Array("[]".utf8) + [byte]) == .trailingBytes)
        }
    }

    @Test("a byte order mark is refused")
    func byteOrderMark() {
        #expect(problem([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .unexpectedByte)
    }

    @Test("an empty text and one cut off anywhere are refused")
    func cutOff() {
        let whole = Array(#"{"a":[1,"b\u00e9\ud83d\ude00",{"c":true}],"d":null}"#.utf8)
        #expect(problem(whole) == nil)
        for length in 0..<whole.count {
            #expect(problem(Array(whole[..<length])) != nil, "cut at \(length)")
        }
    }

    @Test("a member that occurs twice is refused, however its name is spelt")
    func duplicates() {
        #expect(problem(#"{"a":1,"a":2}"#) == .duplicateMember)
        #expect(problem(#"{"sub":1,"\u0073ub":1}"#) == .duplicateMember)
        #expect(problem(#"{"x":{"a":1,"b":2,"a":3}}"#) == .duplicateMember)
        #expect(problem(#"{"x":{"a":1},"y":{"a":1},"a":1}"#) == nil)
    }

    @Test("names that Unicode calls equivalent are different members, and are found by their bytes")
    func canonicalEquivalence() throws {
        let value = try read("{\"\u{212A}\":1,\"K\":2,\"\u{E9}\":3,\"e\u{301}\":4}")
        #expect(value["K"]?.integer == 2)
        #expect(value["\u{212A}"]?.integer == 1)
        #expect(value["e\u{301}"]?.integer == 4)
        #expect(try read("{\"\u{212A}\":1}")["K"] == nil)
    }

    @Test("20,000 members are read, and the repeated last one is found")
    func manyMembers() throws {
        var members = (0..<20_000).map { "\"\($0)\":0" }
        #expect(try read("{" + members.joined(separator: ",") + "}").members?.count == 20_000)
        members.append("\"19999\":0")
        #expect(problem("{" + members.joined(separator: ",") + "}") == .duplicateMember)
        members[20_000] = "\"0\":0"
        #expect(problem("{" + members.joined(separator: ",") + "}") == .duplicateMember)
    }

    @Test("32 levels are read, 33 refused, and 100,000 do not exhaust the stack")
    func depth() {
        func nested(_ levels: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
        }
        #expect(problem(nested(32, "[", "]")) == nil)
        #expect(problem(nested(33, "[", "]")) == .tooDeep)
        #expect(problem(nested(32, "{\"a\":", "}")) == nil)
        #expect(problem(nested(33, "{\"a\":", "}")) == .tooDeep)
        #expect(problem(nested(100_000, "[", "]")) == .tooDeep)
        #expect(problem(String(repeating: "[", count: 100_000)) == .tooDeep)
        #expect(throws: JSONError.self) { try read("[]", depthMax: 0) }
    }

    @Test(
        "escapes become what they mean",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}"),
            (#""\ud83d\ude00""#, "\u{1F600}"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\u0000x""#, "\0x"),
            (#""é\u00e9""#, "\u{E9}\u{E9}"),
        ])
    func escapes(json: String, text: String) throws {
        #expect(try read(json).string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test(
        "bad escapes and raw control bytes are refused",
        arguments: [
            (#""\x41""#, JSONError.Problem.badString), (#""\U0041""#, .badString), (#""\u00g0""#, .badString),
            (#""\'""#, .badString), ("\"\u{0}\"", .badString), ("\"\u{1F}\"", .badString), ("\"\n\"", .badString),
            (#""\ud800""#, .loneSurrogate), (#""\udc00""#, .loneSurrogate), (#""\ud800\u0041""#, .loneSurrogate),
            (#""\ud800\ud800\udc00""#, .loneSurrogate), (#""\ud800x""#, .loneSurrogate),
            (#""\ud800\n""#, .loneSurrogate),
            (#""\"#, .unexpectedEnd), (#""\u12"#, .unexpectedEnd), (#""\ud800\u"#, .unexpectedEnd),
        ])
    func badEscapes(json: String, expected: JSONError.Problem) {
        #expect(problem(json) == expected)
    }

    @Test(
        "bytes that are not UTF-8 are refused, in names too and beside escapes",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
            [0xF0, 0x9F],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let quote = Array("\"".utf8)
        #expect(problem(quote + bytes + quote) == .notUTF8)
        #expect(problem(Array(#""\n"#.utf8) + bytes + quote) == .notUTF8)
        #expect(problem(quote + bytes + Array(#"\n""#.utf8)) == .notUTF8)
        #expect(problem(Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == .notUTF8)
    }

    @Test("the error says where reading stopped")
    func offset() {
        #expect(throws: JSONError(.unexpectedByte, at: 6)) { try read(#"{"a": x}"#) }
        #expect(throws: JSONError(.duplicateMember, at: 7)) { try read(#"{"a":1,"a":2}"#) }
    }
}

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "text outside the grammar is no number",
        arguments: [
            "01", "-01", "00", "+1", ".5", "1.", "1.e3", "1e", "1e+", "-", "--1", "0x10", "1_000", "NaN", "Infinity",
            "-Infinity",
            "1٥", "٥", "1.2.3", "1e2e3",
        ])
    func grammar(text: String) {
        #expect(problem(text) != nil)
    }

    @Test(
        "integers are read to the last bit, and nothing else is one",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-1", -1),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999999999999999", nil),
            ("1.0", nil), ("1e0", nil), ("1E2", nil), ("0.5", nil),
        ] as [(String, Int64?)])
    func integers(text: String, expected: Int64?) throws {
        #expect(try read(text).integer == expected)
    }

    @Test("other values are no integers")
    func notNumbers() throws {
        for text in ["\"1\"", "true", "null", "[1]", "{}"] {
            #expect(try read(text).integer == nil)
            #expect(try read(text).double == nil)
        }
    }

    @Test("doubles are finite, or nil")
    func doubles() throws {
        #expect(try read("1.5e3").double == 1500)
        #expect(try read("1e-999").double == 0)
        #expect(try read("1e999").double == nil)
        #expect(try read("-1e999").double == nil)
        #expect(try read("1" + String(repeating: "0", count: 400)).double == nil)
    }
}
