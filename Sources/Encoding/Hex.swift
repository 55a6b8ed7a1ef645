/// Bytes as pairs of hexadecimal digits.
package enum Hex {
    /// Lower-case digits.
    package static func encode(_ bytes: borrowing Span<UInt8>) -> String { "" }

    /// Digits of either case; nil for an odd count or any other byte.
    package static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? { nil }
}
