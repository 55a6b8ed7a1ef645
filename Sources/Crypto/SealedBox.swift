import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): what is kept where others may read and write.
package enum SealedBox {
    private static let nonceBytes = 12
    private static let tagBytes = 16
    static let keyBytes = 32

    /// Nonce, ciphertext and tag, in this order. The nonce is random: good for 2^32 messages under one key.
    ///
    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - context: what the opener has to name too; it is authenticated and not part of the box.
    package static func seal(
        _ message: borrowing Span<UInt8>, key: Secret, context: borrowing Span<UInt8>
    ) throws(CryptoError) -> [UInt8] {
        let nonce = try Randomness.bytes(nonceBytes)
        var body = [UInt8](repeating: 0, count: message.count)
        var tag = [UInt8](repeating: 0, count: tagBytes)
        let isSealed = unsafe withPointers(message, key, context) { message, key, context in
            unsafe copenssl_gcm(
                1, key.baseAddress, key.count, nonce, context.baseAddress, context.count, message.baseAddress,
                message.count, &body, &tag) == 1
        }
        guard isSealed else { throw failure(.operationFailed("AES-256-GCM")) }
        return nonce + body + tag
    }

    package static func seal(
        _ message: Secret, key: Secret, context: borrowing Span<UInt8>
    ) throws(CryptoError) -> [UInt8] {
        try message.withBytes { (bytes: borrowing Span<UInt8>) throws(CryptoError) in
            try seal(bytes, key: key, context: context)
        }
    }

    /// The message.
    ///
    /// - Throws: `.sealBroken` when key or context are others than it was sealed with, or a bit has changed.
    package static func open(
        _ box: borrowing Span<UInt8>, key: Secret, context: borrowing Span<UInt8>
    ) throws(CryptoError) -> Secret {
        guard box.count >= nonceBytes + tagBytes else { throw .sealBroken }
        let nonce = copy(box.extracting(0..<nonceBytes))
        var tag = copy(box.extracting((box.count - tagBytes)..<box.count))
        let sealed = box.extracting(nonceBytes..<(box.count - tagBytes))
        var message = [UInt8](repeating: 0, count: sealed.count)
        let isOpen = unsafe withPointers(sealed, key, context) { sealed, key, context in
            unsafe copenssl_gcm(
                0, key.baseAddress, key.count, nonce, context.baseAddress, context.count, sealed.baseAddress,
                sealed.count, &message, &tag) == 1
        }
        // What was decrypted under a wrong tag is nobody's message; `Secret` wipes it.
        let opened = Secret(message)
        guard isOpen else { throw failure(.sealBroken) }
        return opened
    }

    private static func copy(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }

    private static func withPointers(
        _ text: borrowing Span<UInt8>, _ key: Secret, _ context: borrowing Span<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        guard key.count == keyBytes else { return false }
        return unsafe text.withUnsafeBufferPointer { text in
            unsafe context.withUnsafeBufferPointer { context in
                key.withBytes { (key: borrowing Span<UInt8>) in
                    unsafe key.withUnsafeBufferPointer { key in unsafe body(text, key, context) }
                }
            }
        }
    }
}
