/// Reads JSON as RFC 8259 defines it and nothing more, because two readers that disagree about a token or a body are an
/// attack: UTF-8 only, no byte order mark, no duplicate members, no lone surrogates, nothing after the value.
package enum JSONReader {
    /// Reads one JSON text.
    ///
    /// - Parameters:
    ///   - bytes: the whole text. The caller bounds its size; the cost is linear in it.
    ///   - depthMax: how deep arrays and objects may be nested; `[]` is 1 deep. Bounds the recursion too.
    /// - Throws: `JSONError` for whatever is not exactly one strict JSON value.
    package static func read(
        _ bytes: borrowing Span<UInt8>, depthMax: Int = 32
    ) throws(JSONError) -> JSONValue {
        var at = 0
        let value = try readValue(bytes, &at, levelsLeft: depthMax)
        skipSpace(bytes, &at)
        guard at == bytes.count else { throw JSONError(.trailingBytes, at: at) }
        return value
    }

    // Each function below starts at `at`, leaves `at` behind what it read, and never looks at a byte beyond the span.

    private static func readValue(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, levelsLeft: Int
    ) throws(JSONError) -> JSONValue {
        skipSpace(bytes, &at)
        switch try peek(bytes, at) {
        case UInt8(ascii: "{"): return try readObject(bytes, &at, levelsLeft: levelsLeft)
        case UInt8(ascii: "["): return try readArray(bytes, &at, levelsLeft: levelsLeft)
        case UInt8(ascii: "\""): return .string(try readString(bytes, &at))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try readNumber(bytes, &at))
        case UInt8(ascii: "t"):
            try readWord("true", bytes, &at)
            return .bool(true)
        case UInt8(ascii: "f"):
            try readWord("false", bytes, &at)
            return .bool(false)
        case UInt8(ascii: "n"):
            try readWord("null", bytes, &at)
            return .null
        default: throw JSONError(.unexpectedByte, at: at)
        }
    }

    private static func readArray(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, levelsLeft: Int
    ) throws(JSONError) -> JSONValue {
        guard levelsLeft > 0 else { throw JSONError(.tooDeep, at: at) }
        at += 1
        var elements: [JSONValue] = []
        skipSpace(bytes, &at)
        if try peek(bytes, at) == UInt8(ascii: "]") {
            at += 1
            return .array(elements)
        }
        while true {
            elements.append(try readValue(bytes, &at, levelsLeft: levelsLeft - 1))
            if try endsList(with: UInt8(ascii: "]"), bytes, &at) { return .array(elements) }
        }
    }

    private static func readObject(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, levelsLeft: Int
    ) throws(JSONError) -> JSONValue {
        guard levelsLeft > 0 else { throw JSONError(.tooDeep, at: at) }
        at += 1
        var members: [JSONMember] = []
        var names = MemberNames()
        skipSpace(bytes, &at)
        if try peek(bytes, at) == UInt8(ascii: "}") {
            at += 1
            return .object(members)
        }
        while true {
            skipSpace(bytes, &at)
            let nameStart = at
            guard try peek(bytes, at) == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: at) }
            let name = try readString(bytes, &at)
            guard names.insert(name, besides: members) else { throw JSONError(.duplicateMember, at: nameStart) }
            skipSpace(bytes, &at)
            guard try peek(bytes, at) == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: at) }
            at += 1
            members.append(JSONMember(key: name, value: try readValue(bytes, &at, levelsLeft: levelsLeft - 1)))
            if try endsList(with: UInt8(ascii: "}"), bytes, &at) { return .object(members) }
        }
    }

    /// Reads the comma or the closing bracket behind an element or member.
    private static func endsList(
        with bracket: UInt8, _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(JSONError) -> Bool {
        skipSpace(bytes, &at)
        let byte = try peek(bytes, at)
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw JSONError(.unexpectedByte, at: at) }
        at += 1
        return byte == bracket
    }

    private static func readWord(
        _ word: StaticString, _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(JSONError) {
        for expected in word.description.utf8 {
            guard try peek(bytes, at) == expected else { throw JSONError(.unexpectedByte, at: at) }
            at += 1
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 §6.
    private static func readNumber(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int
    ) throws(JSONError) -> String {
        let start = at
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "0") {
            at += 1
            // A second digit would be a leading zero, which some readers take for octal.
            if at < bytes.count, isDigit(bytes[at]) { throw JSONError(.badNumber, at: at) }
        } else {
            try readDigits(bytes, &at)
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try readDigits(bytes, &at)
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try readDigits(bytes, &at)
        }
        return try text(bytes.extracting(start..<at), at: start)
    }

    /// One digit or more.
    private static func readDigits(_ bytes: borrowing Span<UInt8>, _ at: inout Int) throws(JSONError) {
        let start = at
        while at < bytes.count, isDigit(bytes[at]) { at += 1 }
        guard at > start else { throw JSONError(at < bytes.count ? .badNumber : .unexpectedEnd, at: at) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func skipSpace(_ bytes: borrowing Span<UInt8>, _ at: inout Int) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private static func peek(_ bytes: borrowing Span<UInt8>, _ at: Int) throws(JSONError) -> UInt8 {
        guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
        return bytes[at]
    }

    /// The bytes as a string, if they are UTF-8. Nothing is repaired: two inputs must not become the same text.
    static func text(_ bytes: borrowing Span<UInt8>, at offset: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: copy bytes))
        } catch {
            throw JSONError(.notUTF8, at: offset)
        }
    }
}

/// Finds a member name that occurs twice. Few names are compared with each other; more go into a set (of bytes, because
/// Swift's strings are equal when they are canonically equivalent), so that 10,000 members do not cost 50,000,000 comparisons.
private struct MemberNames {
    private static let comparedMax = 16
    private var set: Set<[UInt8]> = []

    /// Whether the name is new. `members` are those read before it.
    mutating func insert(_ name: String, besides members: [JSONMember]) -> Bool {
        if members.count < Self.comparedMax {
            for index in members.indices where members[index].key.isSame(as: name) { return false }
            return true
        }
        if set.isEmpty {
            for member in members { set.insert(Array(member.key.utf8)) }
        }
        return set.insert(Array(name.utf8)).inserted
    }
}
