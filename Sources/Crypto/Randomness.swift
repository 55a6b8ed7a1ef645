import COpenSSL

/// Random bits for keys and tokens, from OpenSSL's generator, which the kernel seeds (also anew after a fork).
package enum Randomness {
    /// - Throws: `.randomnessUnavailable`. There is no fallback: a guessable token is worse than none.
    package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard let size = Int32(exactly: count), size >= 0 else { throw .randomnessUnavailable }
        var bytes = [UInt8](repeating: 0, count: count)
        let isFilled = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe RAND_bytes(buffer.baseAddress, size) == 1
        }
        guard isFilled else { throw .randomnessUnavailable }
        return bytes
    }

    package static func uint64() throws(CryptoError) -> UInt64 {
        try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
