/// One JSON value as it was read (RFC 8259). Objects keep the order of their members; numbers keep their text, so that
/// nothing is rounded before somebody has decided what kind of number it wants.
///
/// A value from `JSONReader` is at most `depthMax` deep, so walking or dropping one cannot exhaust the stack.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// The number's text, which has passed the grammar of RFC 8259 §6.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of a JSON object.
package struct JSONMember: Sendable {
    package let key: String
    package let value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// The member of that name; nil when there is none, or when this is not an object.
    ///
    /// Names are compared byte by byte. Swift's `==` would find `"\u{212A}ey"` (a Kelvin sign) under `"Key"`.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for index in members.indices where members[index].key.isSame(as: key) { return members[index].value }
        return nil
    }

    /// The members, or nil when this is not an object.
    package var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements, or nil when this is not an array.
    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text, or nil when this is not a string. Comparing it with `==` applies Unicode's canonical equivalence:
    /// compare `utf8` where the answer decides anything.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value, or nil when this is neither `true` nor `false`.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The number as an integer; nil for anything but a number, for a fraction or an exponent (also `1.0` and `1e0`),
    /// and for what does not fit into 64 bits.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        // Counted downwards, because only the negative side reaches Int64.min.
        var negative: Int64 = 0
        var isNegative = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "-") {
                isNegative = true
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, productOverflows) = negative.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) = product.subtractingReportingOverflow(Int64(byte &- UInt8(ascii: "0")))
            guard !productOverflows, !sumOverflows else { return nil }
            negative = sum
        }
        if isNegative { return negative }
        let (positive, overflows) = Int64(0).subtractingReportingOverflow(negative)
        return overflows ? nil : positive
    }

    /// The number as a double; nil for anything but a number and for what lies beyond a double's range (`1e999`).
    package var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
