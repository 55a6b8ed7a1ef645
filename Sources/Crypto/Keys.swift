/// The kinds of signature keys, each with the one signature scheme it is used for here.
package enum KeyKind: String, Sendable, CaseIterable {
    /// ECDSA on P-256 with SHA-256; signatures are R and S in 32 bytes each (JOSE's ES256, RFC 7518 §3.4).
    case p256 = "P-256"
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits or more (RS256, RFC 7518 §3.3).
    case rsa = "RSA"
    /// Ed25519 (EdDSA, RFC 8037).
    case ed25519 = "Ed25519"
}

/// The numbers of a public key, big-endian, as a JSON Web Key holds them (RFC 7518 §6, RFC 8037 §2).
package enum PublicParameters: Sendable, Equatable {
    /// 32 bytes each.
    case p256(x: [UInt8], y: [UInt8])
    /// Without leading zero bytes.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// 32 bytes.
    case ed25519(x: [UInt8])
}

package final class PublicKey: Sendable {
    package let kind: KeyKind
    package let parameters: PublicParameters

    /// Reads a `PUBLIC KEY` in PEM form.
    package init(pem: borrowing Span<UInt8>) throws(CryptoError) { throw .keyUnreadable }

    /// Builds a key from the parameters of a JSON Web Key. Points off the curve and weak RSA keys are refused.
    package init(parameters: PublicParameters) throws(CryptoError) { throw .keyInvalid }

    /// Whether the signature is this key's over the message. Anything malformed is simply not.
    package func isValid(_ signature: borrowing Span<UInt8>, over message: borrowing Span<UInt8>) -> Bool { false }

    /// The `PUBLIC KEY` in PEM form.
    package func pem() throws(CryptoError) -> [UInt8] { throw .keyInvalid }
}

package final class PrivateKey: Sendable {
    package let publicKey: PublicKey
    package var kind: KeyKind { publicKey.kind }

    /// Reads a private key in PEM form: PKCS #8, SEC1 (`EC PRIVATE KEY`) or PKCS #1 (`RSA PRIVATE KEY`), unencrypted.
    package init(pem: borrowing Span<UInt8>) throws(CryptoError) { throw .keyUnreadable }

    /// A fresh key; RSA ones have 3072 bits.
    package static func generate(_ kind: KeyKind) throws(CryptoError) -> PrivateKey { throw .keyUnreadable }

    /// The signature over the message, in JOSE's form.
    package func signature(over message: borrowing Span<UInt8>) throws(CryptoError) -> [UInt8] { throw .keyUnreadable }

    /// The key in PEM form (PKCS #8), unencrypted, as `gatehouse init` writes it.
    package func pem() throws(CryptoError) -> Secret { throw .keyUnreadable }
}
