import Crypto

/// The signature algorithms of access tokens (RFC 7518 §3.1, RFC 8037). The raw value is the token's `alg`.
///
/// A key has exactly one, fixed by the configuration; a token's `alg` is only ever compared with it (RFC 8725 §3.1).
package enum Algorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case es256 = "ES256"
    case rs256 = "RS256"
    case eddsa = "EdDSA"

    /// The one algorithm that a key of this kind is used with.
    package init(_ kind: KeyKind) {
        switch kind {
        case .p256: self = .es256
        case .rsa: self = .rs256
        case .ed25519: self = .eddsa
        }
    }

    /// The word in `gateway.conf`: `hs256`, `es256`, `rs256`, `eddsa`.
    package var word: String {
        switch self {
        case .hs256: "hs256"
        case .es256: "es256"
        case .rs256: "rs256"
        case .eddsa: "eddsa"
        }
    }

    package init?(word: String) {
        guard let match = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = match
    }
}
