import COpenSSL

extension KeyHandle {
    /// A PEM file beyond this size is no key.
    private static let pemBytesMax = 64 * 1024

    enum Half {
        case privateHalf
        case publicHalf
    }

    /// Reads the first key of that half in a PEM text.
    ///
    /// - Throws: `.keyUnreadable` when there is none, `.keyEncrypted`, and what `init(owning:)` throws.
    static func read(pem: borrowing Span<UInt8>, _ half: Half) throws(CryptoError) -> KeyHandle {
        guard pem.count <= pemBytesMax else { throw .keyUnreadable }
        var isEncrypted = false
        let key: OpaquePointer? = unsafe pem.withUnsafeBufferPointer { pem in
            guard let bio = unsafe BIO_new_mem_buf(pem.baseAddress, Int32(pem.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe withUnsafeMutablePointer(to: &isEncrypted) { isEncrypted in
                switch half {
                case .privateHalf: unsafe PEM_read_bio_PrivateKey(bio, nil, refusePassphrase, isEncrypted)
                case .publicHalf: unsafe PEM_read_bio_PUBKEY(bio, nil, refusePassphrase, isEncrypted)
                }
            }
        }
        guard let key = unsafe key else {
            throw failure(isEncrypted ? .keyEncrypted : .keyUnreadable)
        }
        return try unsafe KeyHandle(owning: key)
    }

    /// Writes PKCS #8 (unencrypted) or a `PUBLIC KEY`.
    func pem(_ half: Half) throws(CryptoError) -> [UInt8] {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw failure(.operationFailed("BIO_new")) }
        defer { unsafe BIO_free(bio) }
        let isWritten =
            switch half {
            case .privateHalf: unsafe PEM_write_bio_PKCS8PrivateKey(bio, pointer, nil, nil, 0, nil, nil)
            case .publicHalf: unsafe PEM_write_bio_PUBKEY(bio, pointer)
            }
        let count = unsafe BIO_ctrl_pending(bio)
        guard isWritten == 1, let size = Int32(exactly: count) else {
            throw failure(.operationFailed("PEM_write_bio"))
        }
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe BIO_read(bio, &bytes, size) == size else { throw failure(.operationFailed("BIO_read")) }
        return bytes
    }
}

/// What OpenSSL calls when a key is encrypted: notes that in the `Bool` behind `isEncrypted` and gives no passphrase. Without it
/// OpenSSL would ask on the terminal, and wait.
private func refusePassphrase(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ isEncrypted: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe isEncrypted?.assumingMemoryBound(to: Bool.self).pointee = true
    return -1
}
