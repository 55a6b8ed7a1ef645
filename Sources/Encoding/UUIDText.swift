/// UUIDs as text (RFC 9562 §4): `8-4-4-4-12` lower-case hexadecimal digits.
package enum UUIDText {
    /// A version 4 UUID of 128 random bits, of which it keeps 122.
    package static func version4(_ high: UInt64, _ low: UInt64) -> String { "" }

    /// The 128 bits of a UUID of any version; nil unless it is written exactly as this room writes it (lower case),
    /// so that one id has one spelling.
    package static func parse(_ text: borrowing Span<UInt8>) -> (high: UInt64, low: UInt64)? { nil }

    package static func isValid(_ text: borrowing Span<UInt8>) -> Bool { parse(text) != nil }
}
