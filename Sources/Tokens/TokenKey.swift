import Crypto

/// Why key material cannot be used. The texts are for an administrator and never hold key material.
package enum KeyProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// An HMAC secret of so few bytes.
    case secretTooShort(bytes: Int)
    /// A PEM file where an HMAC secret belongs: whoever knows the public key could sign.
    case secretIsPEM
    /// A key of another kind than the algorithm needs.
    case wrongKind(needed: Algorithm, found: KeyKind)
    /// OpenSSL cannot use the key.
    case unusable(CryptoError)
    /// Private and public half do not belong together.
    case mismatchedHalves
    /// There is no key.
    case noKeys
    /// Two keys have the same `kid`.
    case duplicateID(String)
    /// The first key must sign, and this one is only the public half.
    case cannotSign

    package var description: String { "" }
}

/// One key of the ring, bound to its algorithm and its `kid`.
package struct TokenKey: Sendable {
    package static let secretBytesMin = 32

    package let algorithm: Algorithm
    /// The `kid`: of a public key its RFC 7638 thumbprint, of an HMAC secret a name that is stable and reveals nothing, so that
    /// gateways with the same key agree on it.
    package let id: String

    /// Reads key material as it lies in a file or an environment variable.
    ///
    /// - Parameter material: PEM (a private key, or a public one that then only verifies); for `hs256` the raw bytes, of which
    ///   one trailing newline is not part.
    package static func load(
        algorithm: Algorithm, material: borrowing Span<UInt8>
    ) throws(KeyProblem) -> TokenKey { throw .noKeys }

    /// Whether this key holds a private half (or a shared secret).
    package var canSign: Bool { false }

    package func isValid(_ signature: borrowing Span<UInt8>, over message: borrowing Span<UInt8>) -> Bool { false }

    /// - Throws: `.cannotSign` for a public key, `.unusable`.
    package func signature(over message: borrowing Span<UInt8>) throws(KeyProblem) -> [UInt8] { throw .cannotSign }
}
