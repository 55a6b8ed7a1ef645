import COpenSSL

/// A secret made ready for HMAC-SHA-256 (RFC 2104): the key is put in once, and each code begins from a copy of that state.
/// Asking OpenSSL for the algorithm by its name each time takes longer than the code itself.
///
/// Several threads may use it at once: the state is only read from the end of `init` on, and every code has a copy of its own
/// (openssl-threads(7)).
@safe package final class HMACKey: Sendable {
    nonisolated(unsafe) private let keyed: OpaquePointer

    /// - Throws: `.operationFailed` for a process out of memory, or an OpenSSL without HMAC.
    package init(_ secret: Secret) throws(CryptoError) {
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { throw failure(.operationFailed("HMAC")) }
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { throw failure(.operationFailed("HMAC")) }
        let isReady = secret.withBytes { bytes in
            unsafe bytes.withUnsafeBufferPointer { key in
                unsafe copenssl_hmac_sha256(context, key.baseAddress, key.count) == 1
            }
        }
        guard isReady else {
            unsafe EVP_MAC_CTX_free(context)
            throw failure(.operationFailed("EVP_MAC_init"))
        }
        unsafe keyed = unsafe context
    }

    deinit { unsafe EVP_MAC_CTX_free(keyed) }

    /// The code of a message; always 32 bytes.
    package func code(over message: borrowing Span<UInt8>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.digestBytes)
        var count = 0
        let context = unsafe EVP_MAC_CTX_dup(keyed)
        defer { unsafe EVP_MAC_CTX_free(context) }
        let isDone = unsafe message.withUnsafeBufferPointer { message in
            unsafe context != nil && EVP_MAC_update(context, message.baseAddress, message.count) == 1
                && EVP_MAC_final(context, &code, &count, code.count) == 1
        }
        // As in `SHA256`: a code of zeros would be one that anybody can send.
        guard isDone, count == code.count else { fatalError("OpenSSL cannot compute HMAC-SHA-256") }
        return code
    }
}
