import COpenSSL

/// The two forms of a P-256 signature: JOSE writes R and S in 32 bytes each (RFC 7518 §3.4), OpenSSL a DER sequence.
enum ECDSASignature {
    private static let numberBytes = 32

    /// Nil unless there are exactly 64 bytes. Whether R and S are in range is for the verification to say.
    static func der(fromRaw raw: borrowing Span<UInt8>) -> [UInt8]? {
        guard raw.count == 2 * numberBytes, let signature = unsafe ECDSA_SIG_new() else { return nil }
        defer { unsafe ECDSA_SIG_free(signature) }
        let isSet = unsafe raw.withUnsafeBufferPointer { raw in
            guard let start = raw.baseAddress else { return false }
            let r = unsafe BN_bin2bn(start, Int32(numberBytes), nil)
            let s = unsafe BN_bin2bn(start + numberBytes, Int32(numberBytes), nil)
            // From here on the signature owns both, unless it refuses them.
            guard unsafe ECDSA_SIG_set0(signature, r, s) == 1 else {
                unsafe BN_free(r)
                unsafe BN_free(s)
                return false
            }
            return true
        }
        guard isSet else { return nil }
        let count = unsafe i2d_ECDSA_SIG(signature, nil)
        guard count > 0 else { return nil }
        var der = [UInt8](repeating: 0, count: Int(count))
        let isWritten = unsafe der.withUnsafeMutableBufferPointer { buffer in
            var next = buffer.baseAddress
            return unsafe i2d_ECDSA_SIG(signature, &next) == count
        }
        return isWritten ? der : nil
    }

    static func raw(fromDER der: borrowing Span<UInt8>) -> [UInt8]? {
        let signature: OpaquePointer? = unsafe der.withUnsafeBufferPointer { der in
            var next = der.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &next, der.count)
        }
        guard let signature = unsafe signature else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe ECDSA_SIG_free(signature) }
        var raw = [UInt8](repeating: 0, count: 2 * numberBytes)
        let size = Int32(numberBytes)
        let isWritten = unsafe raw.withUnsafeMutableBufferPointer { raw in
            guard let start = raw.baseAddress else { return false }
            return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(signature), start, size) == size
                && BN_bn2binpad(ECDSA_SIG_get0_s(signature), start + numberBytes, size) == size
        }
        return isWritten ? raw : nil
    }
}
