/// Percent-encoding (RFC 3986 §2.1) of everything but unreserved characters, with upper-case digits.
package enum PercentEncoding {
    package static func encode(_ text: String) -> String { "" }

    package static func append(_ bytes: borrowing Span<UInt8>, to text: inout [UInt8]) {}
}
