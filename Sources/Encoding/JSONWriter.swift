/// Writes JSON by appending to a byte buffer: members stay in the order in which they are written, and no tree is built.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.member("error", "The path is taken.")
///     json.member("roles", ["user"])
///     json.key("user")
///     json.value(user)
///     json.endObject()
///     send(json.finish())
///
/// The writer sets the commas. That `begin…` and `end…` match and that one value follows a `key` is up to the caller.
package struct JSONWriter: ~Copyable {
    /// Whatever the buffer held before, and what has been written since.
    package private(set) var bytes: [UInt8]
    /// Something precedes on this level. One flag serves all levels, because what ends a level is itself such a something.
    private var needsComma = false

    /// - Parameter buffer: written to at its end; an emptied buffer that kept its capacity saves the allocation.
    package init(appendingTo buffer: consuming [UInt8] = []) { bytes = buffer }

    /// Hands the buffer back without a copy.
    package consuming func finish() -> [UInt8] { bytes }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the next member.
    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { bare("null") }

    package mutating func bool(_ value: Bool) { bare(value ? "true" : "false") }

    package mutating func integer(_ value: Int64) { bare(String(value)) }

    /// A decimal number from an integer that counts its last place: `decimal(1234, places: 3)` is `1.234`. So a duration
    /// in microseconds is written in milliseconds without a float in between.
    package mutating func decimal(_ value: Int64, places: Int) {
        let digits = String(value.magnitude)
        let zeros = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count))
        var text = (value < 0 ? "-" : "") + zeros + digits
        if places > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -places)) }
        bare(text)
    }

    package mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { appendEscaped(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string from bytes that came from outside (a path, a header) and may not be UTF-8: what is not becomes U+FFFD.
    package mutating func string(repairing text: borrowing Span<UInt8>) {
        var copy: [UInt8] = []
        for index in text.indices { copy.append(text[index]) }
        string(String(decoding: copy, as: UTF8.self))
    }

    package mutating func strings(_ texts: [String]) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// A whole tree; its depth bounds the recursion.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let truth): bool(truth)
        case .number(let text): bare(text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func bare(_ word: String) {
        separate()
        bytes.append(contentsOf: word.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// DEL is escaped beside what RFC 8259 §7 demands, because log lines are read on terminals.
    private mutating func appendEscaped(_ byte: UInt8) {
        guard Self.needsEscape(byte) else {
            bytes.append(byte)
            return
        }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            Hex.append(byte, to: &bytes)
        }
    }
}

// A member in one line, for the values that answers and log lines are made of.
extension JSONWriter {
    package mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: String, _ value: [String]) {
        key(name)
        strings(value)
    }

    /// `null` when there is no value.
    package mutating func member(_ name: String, orNull value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    /// Nothing at all when there is no value.
    package mutating func member(_ name: String, ifPresent value: String?) {
        if let value { member(name, value) }
    }
}
