import COpenSSL

/// A pair of keys, of which the private half signs.
package final class PrivateKey: Sendable {
    package let publicKey: PublicKey
    private let handle: KeyHandle

    package var kind: KeyKind { handle.kind }

    /// Reads a private key in PEM form: PKCS #8, SEC1 (`EC PRIVATE KEY`) or PKCS #1 (`RSA PRIVATE KEY`), unencrypted.
    ///
    /// - Throws: `.keyUnreadable`, `.keyEncrypted`, `.keyUnsupported`, `.keySize`, `.keyInvalid`.
    package convenience init(pem: borrowing Span<UInt8>) throws(CryptoError) {
        try self.init(KeyHandle.read(pem: pem, .privateHalf))
    }

    /// A fresh key; RSA ones have 3072 bits.
    package static func generate(_ kind: KeyKind) throws(CryptoError) -> PrivateKey {
        try PrivateKey(KeyHandle.generate(kind))
    }

    /// One signature is made and verified: a file whose halves do not belong together would otherwise issue tokens that
    /// nobody accepts, or give the key away (an Ed25519 signature under a foreign public half does).
    private init(_ handle: KeyHandle) throws(CryptoError) {
        self.handle = handle
        publicKey = try PublicKey(handle)
        let probe = Array("probe".utf8)
        let signature = try signature(over: probe.span)
        guard publicKey.isValid(signature.span, over: probe.span) else { throw .keyInvalid }
    }

    /// The signature over the message, in JOSE's form.
    package func signature(over message: borrowing Span<UInt8>) throws(CryptoError) -> [UInt8] {
        let signature = try sign(message)
        guard kind == .p256 else { return signature }
        guard let raw = ECDSASignature.raw(fromDER: signature.span) else {
            throw failure(.operationFailed("d2i_ECDSA_SIG"))
        }
        return raw
    }

    /// The key in PEM form (PKCS #8), unencrypted, as `gatehouse init` writes it.
    package func pem() throws(CryptoError) -> Secret { Secret(try handle.pem(.privateHalf)) }

    private func sign(_ message: borrowing Span<UInt8>) throws(CryptoError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw failure(.operationFailed("EVP_MD_CTX_new")) }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, kind.digest, nil, handle.pointer) == 1 else {
            throw failure(.operationFailed("EVP_DigestSignInit"))
        }
        var signature = [UInt8](repeating: 0, count: unsafe Int(EVP_PKEY_get_size(handle.pointer)))
        var count = signature.count
        let isSigned = unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_DigestSign(context, &signature, &count, message.baseAddress, message.count) == 1
        }
        guard isSigned, count <= signature.count else {
            throw failure(.operationFailed("EVP_DigestSign"))
        }
        signature.removeLast(signature.count - count)
        return signature
    }
}
