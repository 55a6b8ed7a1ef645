import HTTP
import Testing

@Suite("Field names")
struct FieldNameTests {
    private func lookup(_ text: String) -> FieldName? { lookup(Array(text.utf8)) }
    private func lookup(_ bytes: [UInt8]) -> FieldName? { FieldName.lookup(bytes.span) }

    @Test("every known name is found in lower, upper and mixed case", arguments: FieldName.allCases)
    func found(_ name: FieldName) {
        #expect(lookup(name.folded) == name)
        #expect(lookup(name.folded.uppercased()) == name)
        let mixed = name.folded.enumerated().map { $0.isMultiple(of: 2) ? $1.uppercased() : String($1) }.joined()
        #expect(lookup(mixed) == name)
    }

    @Test("a name with one byte changed, added or missing is another name", arguments: FieldName.allCases)
    func notFound(_ name: FieldName) {
        let bytes = Array(name.folded.utf8)
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max
            where byte | 0x20 != bytes[index] | 0x20 || byte < 64 && byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                #expect(lookup(changed) != name)
            }
            var shorter = bytes
            shorter.remove(at: index)
            #expect(lookup(shorter) != name)
            var longer = bytes
            longer.insert(UInt8(ascii: "-"), at: index)
            #expect(lookup(longer) != name)
        }
    }

    @Test(
        "odd bytes are no known name",
        arguments: ["", "-", "content_length", "ho\u{17f}t", "\u{212A}eep-alive", "X-User-Id"])
    func odd(_ text: String) { #expect(lookup(text) == nil) }

    @Test("all known names fit into a set, apart from each other")
    func fieldSet() {
        #expect(FieldName.allCases.count <= 64)
        for name in FieldName.allCases {
            var set = FieldSet()
            set.insert(name)
            #expect(FieldName.allCases.filter { set.contains($0) } == [name])
        }
    }
}
