import Crypto
import Encoding

/// The keys of the configuration, in its order: the first signs, all verify.
package struct KeyRing: Sendable {
    /// At least one, but in `none`.
    package let keys: [TokenKey]
    /// By key: the header, encoded, and its dot, that a token of ours under this key begins with.
    let heads: [[UInt8]]

    /// - Throws: `.noKeys`, `.duplicateID`.
    package init(_ keys: [TokenKey]) throws(KeyProblem) {
        guard !keys.isEmpty else { throw .noKeys }
        var ids: Set<String> = []
        for key in keys where !ids.insert(key.id).inserted { throw .duplicateID(key.id) }
        self.keys = keys
        heads = keys.map(Self.head)
    }

    /// Signs nothing and verifies nothing: for questions that no token comes with.
    package static let none = KeyRing()

    private init() {
        keys = []
        heads = []
    }

    private static func head(of key: TokenKey) -> [UInt8] {
        var header = JSONWriter()
        header.beginObject()
        header.member("alg", key.algorithm.rawValue)
        header.member("typ", "JWT")
        header.member("kid", key.id)
        header.endObject()
        var head: [UInt8] = []
        Base64URL.append(header.finish().span, to: &head)
        head.append(UInt8(ascii: "."))
        return head
    }

    /// The key whose tokens begin with exactly these bytes.
    func key(writing head: borrowing Span<UInt8>) -> TokenKey? {
        for index in heads.indices where heads[index].count == head.count {
            let own = heads[index]
            let bytes = own.span
            var difference: UInt8 = 0
            for at in bytes.indices { difference |= bytes[at] ^ head[at] }
            if difference == 0 { return keys[index] }
        }
        return nil
    }

    /// The key that a token's header asks for; nil when it names an unknown one, or one of another algorithm, or names none and
    /// not exactly one key has the algorithm. Nothing in the token can pick an algorithm that its key does not have.
    package func key(id: String?, algorithm: String) -> TokenKey? {
        let candidates = keys.filter { isSameText($0.algorithm.rawValue, algorithm) }
        guard let id else { return candidates.count == 1 ? candidates[0] : nil }
        return candidates.first { isSameText($0.id, id) }
    }

    /// The JWK set (RFC 7517 §5) of the public keys, in the ring's order: `{"keys":[]}` when there are only secrets.
    package func jwks() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("keys")
        json.beginArray()
        for key in keys {
            guard let publicKey = key.publicKey else { continue }
            json.beginObject()
            json.member("kid", key.id)
            json.member("alg", key.algorithm.rawValue)
            json.member("use", "sig")
            publicKey.parameters.write(into: &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.finish()
    }
}

/// Whether both are the same bytes. `==` would also take what Unicode calls equivalent: an issuer with a Kelvin sign for its K.
func isSameText(_ a: String, _ b: String) -> Bool { a.isSame(as: b) }
