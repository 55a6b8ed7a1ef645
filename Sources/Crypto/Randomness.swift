/// Random bits from the kernel, fit for keys and tokens.
package enum Randomness {
    /// - Throws: `.randomnessUnavailable`. There is no fallback: a guessable token is worse than none.
    package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] { throw .randomnessUnavailable }

    package static func uint64() throws(CryptoError) -> UInt64 { throw .randomnessUnavailable }
}
