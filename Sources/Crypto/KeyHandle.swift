import COpenSSL

/// Owns one `EVP_PKEY`: a key of one of our kinds, checked.
///
/// It may be used by several threads at once, although a pointer is not `Sendable`: nothing here changes a key once `init` has
/// returned, OpenSSL counts references atomically and guards the one thing it adds to a key later (its copy for the provider
/// that computes with it) by a lock of the key's own (openssl-threads(7)).
@safe final class KeyHandle: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    let kind: KeyKind

    static let rsaBits = 2048...16384

    /// Takes ownership, also when it throws.
    ///
    /// - Throws: `.keyUnsupported` for another kind or curve, `.keySize`, `.keyInvalid` for a point off the curve and the like.
    init(owning pointer: OpaquePointer) throws(CryptoError) {
        do throws(CryptoError) {
            kind = try unsafe Self.kind(of: pointer)
            try unsafe Self.check(pointer, kind)
        } catch {
            unsafe EVP_PKEY_free(pointer)
            throw error
        }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    private static func kind(of pointer: OpaquePointer) throws(CryptoError) -> KeyKind {
        if unsafe EVP_PKEY_is_a(pointer, "RSA") == 1 { return .rsa }
        if unsafe EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
        if unsafe EVP_PKEY_is_a(pointer, "EC") == 1 {
            var name = [CChar](repeating: 0, count: 64)
            let hasName = unsafe EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1
            let curve = hasName ? text(name) : "of its own parameters"
            if curve == "prime256v1" { return .p256 }
            throw .keyUnsupported("EC on the curve \(curve)")
        }
        guard let name = unsafe EVP_PKEY_get0_type_name(pointer) else { throw .keyUnsupported("unknown") }
        throw .keyUnsupported(unsafe String(cString: name))
    }

    private static func check(_ pointer: OpaquePointer, _ kind: KeyKind) throws(CryptoError) {
        // Ed25519 has no check of its own: every 32 bytes are taken, and a bad point fails when it verifies.
        if kind == .ed25519 { return }
        if kind == .rsa {
            let bits = unsafe Int(EVP_PKEY_get_bits(pointer))
            guard rsaBits.contains(bits) else { throw .keySize(bits: bits) }
        }
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else {
            throw failure(.operationFailed("EVP_PKEY_CTX_new_from_pkey"))
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_public_check(context) == 1 else {
            throw failure(.keyInvalid)
        }
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The numbers of the public half.
    func publicParameters() throws(CryptoError) -> PublicParameters {
        switch kind {
        case .p256:
            .p256(
                x: try number(OSSL_PKEY_PARAM_EC_PUB_X, paddedTo: 32),
                y: try number(OSSL_PKEY_PARAM_EC_PUB_Y, paddedTo: 32))
        case .rsa: .rsa(modulus: try number(OSSL_PKEY_PARAM_RSA_N), exponent: try number(OSSL_PKEY_PARAM_RSA_E))
        case .ed25519: .ed25519(x: try rawPublicKey())
        }
    }

    private func number(_ name: String, paddedTo size: Int32? = nil) throws(CryptoError) -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number = unsafe number else {
            throw failure(.operationFailed("EVP_PKEY_get_bn_param"))
        }
        defer { unsafe BN_free(number) }
        let count = unsafe size ?? (BN_num_bits(number) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: Int(count))
        guard unsafe BN_bn2binpad(number, &bytes, count) == count else {
            throw failure(.operationFailed("BN_bn2binpad"))
        }
        return bytes
    }

    private func rawPublicKey() throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        guard unsafe EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1, count == bytes.count else {
            throw failure(.operationFailed("EVP_PKEY_get_raw_public_key"))
        }
        return bytes
    }
}
