import Crypto

/// Why key material cannot be used. The texts are for an administrator and never hold key material.
package enum KeyProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// An HMAC secret of so few bytes.
    case secretTooShort(bytes: Int)
    /// A PEM text where an HMAC secret belongs: a public one would let everybody sign who knows it (CVE-2016-10555).
    case secretIsPEM
    /// A key of another kind than the algorithm needs.
    case wrongKind(needed: Algorithm, found: Algorithm)
    /// OpenSSL cannot use the key.
    case unusable(CryptoError)
    /// There is no key.
    case noKeys
    /// Two keys have the same `kid`, so one of them is there twice.
    case duplicateID(String)
    /// The first key must sign, and this one is only the public half.
    case cannotSign

    package var description: String {
        switch self {
        case .secretTooShort(let bytes):
            "an hs256 secret must have at least \(TokenKey.secretBytesMin) bytes; this one has \(bytes)"
        case .secretIsPEM: "this is a key in PEM form; hs256 needs a secret that nobody else knows"
        case .wrongKind(let needed, let found):
            "\(needed.word) needs \(Self.kindName(for: needed)); this is \(Self.kindName(for: found))"
        case .unusable(let error): error.description
        case .noKeys: "there is no key"
        case .duplicateID(let id): "the same key is named twice (its kid is \(id))"
        case .cannotSign: "the first key signs, so it needs the private key; this is only a public key"
        }
    }

    private static func kindName(for algorithm: Algorithm) -> String {
        switch algorithm {
        case .hs256: "a secret"
        case .es256: "an EC key on P-256"
        case .rs256: "an RSA key"
        case .eddsa: "an Ed25519 key"
        }
    }
}
