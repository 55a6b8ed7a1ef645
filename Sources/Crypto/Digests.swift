import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    static let digestBytes = 32

    /// Always 32 bytes.
    package static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestBytes)
        let isDone = unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_Q_digest(nil, "SHA256", nil, message.baseAddress, message.count, &digest, nil) == 1
        }
        // No input can bring this about: it needs a process out of memory, or an OpenSSL without SHA-256, which then fails at
        // start. Going on with a digest of zeros would let every token match.
        guard isDone else { fatalError("OpenSSL cannot compute SHA-256") }
        return digest
    }
}

/// HMAC (RFC 2104).
package enum HMAC {
    /// HMAC-SHA-256; always 32 bytes.
    package static func sha256(key: borrowing Span<UInt8>, message: borrowing Span<UInt8>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.digestBytes)
        let isDone = unsafe key.withUnsafeBufferPointer { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_Q_mac(
                    nil, "HMAC", nil, "SHA256", nil, key.baseAddress, key.count, message.baseAddress, message.count,
                    &code,
                    code.count, nil) != nil
            }
        }
        // As above: a code of zeros would be one that anybody can send.
        guard isDone else { fatalError("OpenSSL cannot compute HMAC-SHA-256") }
        return code
    }

    package static func sha256(key: Secret, message: borrowing Span<UInt8>) -> [UInt8] {
        key.withBytes { sha256(key: $0, message: message) }
    }
}
