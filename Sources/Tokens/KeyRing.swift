import Crypto
import Encoding

/// The keys of the configuration, in its order: the first signs, all verify.
package struct KeyRing: Sendable {
    package let keys: [TokenKey]

    /// - Throws: `.noKeys`, `.duplicateID`.
    package init(_ keys: [TokenKey]) throws(KeyProblem) { self.keys = keys }

    /// The key that a token's header asks for; nil when it names an unknown one, or one of another algorithm, or names none and
    /// not exactly one key has the algorithm.
    package func key(id: String?, algorithm: String) -> TokenKey? { nil }

    /// The JWK set (RFC 7517 §5) of the public keys: `{"keys":[]}` when there are only secrets.
    package func jwks() -> [UInt8] { [] }
}
