/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// Always 32 bytes.
    package static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] { [] }
}

/// HMAC (RFC 2104).
package enum HMAC {
    /// HMAC-SHA-256; always 32 bytes.
    package static func sha256(key: borrowing Span<UInt8>, message: borrowing Span<UInt8>) -> [UInt8] { [] }

    package static func sha256(key: Secret, message: borrowing Span<UInt8>) -> [UInt8] { [] }
}
