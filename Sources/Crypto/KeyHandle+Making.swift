import COpenSSL

extension KeyHandle {
    /// A fresh pair of keys; RSA ones have 3072 bits.
    static func generate(_ kind: KeyKind) throws(CryptoError) -> KeyHandle {
        // By number, because OpenSSL keeps the pointer to a name, and a Swift string is a C string for the length of a call only.
        let id =
            switch kind {
            case .p256: EVP_PKEY_EC
            case .rsa: EVP_PKEY_RSA
            case .ed25519: EVP_PKEY_ED25519
            }
        guard let context = unsafe EVP_PKEY_CTX_new_id(id, nil) else {
            throw failure(.operationFailed("EVP_PKEY_CTX_new_id"))
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw failure(.operationFailed("EVP_PKEY_keygen_init")) }
        let isSet =
            switch kind {
            case .p256: unsafe EVP_PKEY_CTX_set_group_name(context, "P-256")
            case .rsa: unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, 3072)
            case .ed25519: Int32(1)
            }
        var key: OpaquePointer?
        guard isSet == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            throw failure(.operationFailed("EVP_PKEY_generate"))
        }
        return try unsafe KeyHandle(owning: key)
    }

    /// A public key from its numbers. Other lengths than 32 bytes are refused where 32 are due, so that a key has one spelling.
    ///
    /// - Throws: `.keyInvalid`, `.keySize`.
    static func make(_ parameters: PublicParameters) throws(CryptoError) -> KeyHandle {
        switch parameters {
        case .p256(let x, let y): try makeP256(x, y)
        case .rsa(let modulus, let exponent): try makeRSA(modulus, exponent)
        case .ed25519(let x): try makeEd25519(x)
        }
    }

    /// A `SubjectPublicKeyInfo` for the curve prime256v1 up to the point (RFC 5480 §2).
    private static let p256Header: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
        0xCE,
        0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    private static func makeP256(_ x: [UInt8], _ y: [UInt8]) throws(CryptoError) -> KeyHandle {
        guard x.count == 32, y.count == 32 else { throw .keyInvalid }
        let encoded = p256Header + [0x04] + x + y
        let key = unsafe encoded.withUnsafeBufferPointer { encoded in
            var next = encoded.baseAddress
            return unsafe d2i_PUBKEY(nil, &next, encoded.count)
        }
        return try unsafe handle(key)
    }

    private static func makeEd25519(_ x: [UInt8]) throws(CryptoError) -> KeyHandle {
        guard x.count == 32 else { throw .keyInvalid }
        return try unsafe handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, x, x.count))
    }

    private static func makeRSA(_ modulus: [UInt8], _ exponent: [UInt8]) throws(CryptoError) -> KeyHandle {
        let bytesMax = rsaBits.upperBound / 8
        guard modulus.count <= bytesMax, exponent.count <= bytesMax else { throw .keyInvalid }
        let n = unsafe BN_bin2bn(modulus, Int32(modulus.count), nil)
        defer { unsafe BN_free(n) }
        let e = unsafe BN_bin2bn(exponent, Int32(exponent.count), nil)
        defer { unsafe BN_free(e) }
        guard unsafe n != nil, unsafe e != nil, let parameters = unsafe copenssl_rsa_parameters(n, e) else {
            throw failure(.operationFailed("OSSL_PARAM_BLD"))
        }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil) else {
            throw failure(.operationFailed("EVP_PKEY_CTX_new_id"))
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, COPENSSL_PUBLIC_KEY, parameters) == 1
        else {
            throw failure(.keyInvalid)
        }
        return try unsafe handle(key)
    }

    private static func handle(_ key: OpaquePointer?) throws(CryptoError) -> KeyHandle {
        guard let key = unsafe key else {
            throw failure(.keyInvalid)
        }
        return try unsafe KeyHandle(owning: key)
    }
}
