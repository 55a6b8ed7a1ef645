import Crypto
import Encoding

/// Why another issuer's key set cannot be used.
package enum KeySetProblem: Error, Sendable, Equatable, CustomStringConvertible {
    case notAKeySet
    case tooManyKeys
    case noUsableKey
    /// Two keys have one `kid`: which of them a token means would depend on who reads.
    case duplicateID

    package var description: String {
        switch self {
        case .notAKeySet: "that is no JSON Web Key set"
        case .tooManyKeys: "more than \(KeyRing.keySetKeysMax) keys"
        case .noUsableKey: "there is no key in it that can be used"
        case .duplicateID: "two keys have the same kid"
        }
    }
}

extension KeyRing {
    static let keySetKeysMax = 100

    /// The public keys of a JWK set (RFC 7517 §5) that verify with one of the algorithms. Others are passed over, as §5 asks:
    /// an issuer may publish keys for encryption, or of kinds that are not used here. So is every `oct` key: a secret that is
    /// published is none.
    package init(keySet json: borrowing Span<UInt8>, algorithms: [Algorithm]) throws(KeySetProblem) {
        guard let set = try? JSONReader.read(json), let elements = set["keys"]?.elements else { throw .notAKeySet }
        guard elements.count <= Self.keySetKeysMax else { throw .tooManyKeys }
        let keys = elements.compactMap { Self.key($0, algorithms) }
        guard !keys.isEmpty else { throw .noUsableKey }
        do { try self.init(keys) } catch { throw .duplicateID }
    }

    private static func key(_ json: JSONValue, _ algorithms: [Algorithm]) -> TokenKey? {
        if let use = json["use"], use.string != "sig" { return nil }
        if let operations = json["key_ops"] {
            guard let list = operations.elements, list.contains(where: { $0.string == "verify" }) else { return nil }
        }
        guard let parameters = parameters(json), let publicKey = try? PublicKey(parameters: parameters) else {
            return nil
        }
        let id: String?
        switch json["kid"] {
        case nil: id = nil
        case .string(let text)?: id = text
        default: return nil
        }
        let key = TokenKey(publicKey, id: id)
        guard algorithms.contains(key.algorithm) else { return nil }
        // A key that says what it is for is for nothing else (RFC 7517 §4.4).
        if let algorithm = json["alg"], algorithm.string != key.algorithm.rawValue { return nil }
        return key
    }

    private static func parameters(_ json: JSONValue) -> PublicParameters? {
        switch (json["kty"]?.string, json["crv"]?.string) {
        case ("EC"?, "P-256"?):
            guard let x = number(json["x"]), let y = number(json["y"]) else { return nil }
            return .p256(x: x, y: y)
        case ("OKP"?, "Ed25519"?):
            guard let x = number(json["x"]) else { return nil }
            return .ed25519(x: x)
        case ("RSA"?, _):
            guard let modulus = number(json["n"]), let exponent = number(json["e"]) else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        default: return nil
        }
    }

    private static func number(_ json: JSONValue?) -> [UInt8]? {
        guard let text = json?.string else { return nil }
        return Base64URL.decode(Array(text.utf8).span)
    }
}
