import COpenSSL

/// The half of a key that verifies.
package final class PublicKey: Sendable {
    package let parameters: PublicParameters
    private let handle: KeyHandle

    package var kind: KeyKind { handle.kind }

    /// Reads a `PUBLIC KEY` in PEM form.
    ///
    /// - Throws: `.keyUnreadable`, `.keyUnsupported`, `.keySize`, `.keyInvalid`.
    package convenience init(pem: borrowing Span<UInt8>) throws(CryptoError) {
        try self.init(KeyHandle.read(pem: pem, .publicHalf))
    }

    /// Builds a key from the parameters of a JSON Web Key. Points off the curve and weak RSA keys are refused.
    package convenience init(parameters: PublicParameters) throws(CryptoError) {
        try self.init(KeyHandle.make(parameters))
    }

    init(_ handle: KeyHandle) throws(CryptoError) {
        self.handle = handle
        parameters = try handle.publicParameters()
    }

    /// Whether the signature is this key's over the message. Anything malformed is simply not.
    package func isValid(_ signature: borrowing Span<UInt8>, over message: borrowing Span<UInt8>) -> Bool {
        guard kind == .p256 else { return verify(signature, message) }
        guard let der = ECDSASignature.der(fromRaw: signature) else { return false }
        return verify(der.span, message)
    }

    /// The `PUBLIC KEY` in PEM form.
    package func pem() throws(CryptoError) -> [UInt8] { try handle.pem(.publicHalf) }

    private func verify(_ signature: borrowing Span<UInt8>, _ message: borrowing Span<UInt8>) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, kind.digest, nil, handle.pointer) == 1 else {
            ERR_clear_error()
            return false
        }
        let isValid = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
            }
        }
        if !isValid { ERR_clear_error() }
        return isValid
    }
}

extension KeyKind {
    /// The digest that OpenSSL computes first; Ed25519 takes the message itself.
    var digest: OpaquePointer? {
        switch self {
        case .p256, .rsa: unsafe EVP_sha256()
        case .ed25519: nil
        }
    }
}
