/// Why an operation of this room failed. The texts are for an administrator and never hold key material.
package enum CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kernel gave no random bytes.
    case randomnessUnavailable
    /// The bytes are not a key in PEM form that OpenSSL can read.
    case keyUnreadable
    /// The key is encrypted with a passphrase, and there is nobody to ask.
    case keyEncrypted
    /// A key, but of a kind or curve that is not used here; the text names it.
    case keyUnsupported(String)
    /// An RSA key of so few (or so many) bits.
    case keySize(bits: Int)
    /// The parameters do not make a public key.
    case keyInvalid
    /// The password is empty of meaning to bcrypt: it holds a NUL byte or is longer than 72 bytes.
    case passwordUnhashable
    /// libcrypt refused to hash.
    case hashFailed
    /// A sealed box that this key does not open, or that was changed.
    case sealBroken
    /// OpenSSL refused an operation that has no reason to fail.
    case operationFailed(String)

    package var description: String {
        switch self {
        case .randomnessUnavailable: "the system gives no random bytes"
        case .keyUnreadable: "not a key in PEM form"
        case .keyEncrypted: "the key is encrypted with a passphrase; store it without one, readable only by the gateway"
        case .keyUnsupported(let kind): "a key of the kind \(kind) is not supported"
        case .keySize(let bits): "an RSA key of \(bits) bits; it must have 2048 to 16384"
        case .keyInvalid: "the parameters are not a valid public key"
        case .passwordUnhashable: "the password is longer than 72 bytes or holds a NUL byte"
        case .hashFailed: "libcrypt refused to hash the password"
        case .sealBroken: "sealed with another key, or changed since"
        case .operationFailed(let name): "OpenSSL failed in \(name)"
        }
    }
}
