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
    /// The point, 32 bytes a coordinate.
    case p256(x: [UInt8], y: [UInt8])
    /// Without leading zero bytes.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// 32 bytes.
    case ed25519(x: [UInt8])

    package var kind: KeyKind {
        switch self {
        case .p256: .p256
        case .rsa: .rsa
        case .ed25519: .ed25519
        }
    }
}
