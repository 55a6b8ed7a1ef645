/// Base64 with the URL alphabet and without padding (RFC 4648 §5, as RFC 7515 §2 uses it).
package enum Base64URL {
    package static func encode(_ bytes: borrowing Span<UInt8>) -> String { "" }

    package static func append(_ bytes: borrowing Span<UInt8>, to text: inout [UInt8]) {}

    /// Decodes what `encode` could have written, and only that: no padding, no white space, no `+` or `/`, unused bits zero.
    /// So a text has one reading and bytes have one spelling (a token that differs in one unused bit is another token).
    package static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? { nil }
}
