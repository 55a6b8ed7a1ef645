import Crypto
import Encoding

/// The keys of the audit's chain. They are not in the database, so whoever can only write that cannot mend the chain.
package struct AuditKeys: Sendable {
    struct Key: Sendable {
        /// Sixteen hex digits; they say nothing about the key.
        let id: String
        let secret: Secret
    }

    private static let idLabel = Array("gatehouse audit key id v1".utf8)
    private static let derivedLabel = Array("gatehouse audit key v1".utf8)

    private let keys: [Key]

    /// The first makes the chain; all of them can verify it.
    package init(_ secrets: [Secret]) {
        keys = secrets.map { secret in
            let digest = HMAC.sha256(key: secret, message: Self.idLabel.span)
            return Key(id: String(Hex.encode(digest.span).prefix(16)), secret: secret)
        }
    }

    /// A key for the audit from the bytes of a signing key, for a configuration that names none of its own. What is signed
    /// with the one is never made with the other.
    package static func derived(from material: borrowing Span<UInt8>) -> Secret {
        Secret(HMAC.sha256(key: material, message: derivedLabel.span))
    }

    var first: Key? { keys.first }

    func named(_ id: String) -> Key? { keys.first { $0.id == id } }
}
