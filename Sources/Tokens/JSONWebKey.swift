import Crypto
import Encoding

extension PublicParameters {
    /// The required members of the JSON Web Key in the order of their names (RFC 7518 §6, RFC 8037 §2), which is the order that
    /// the thumbprint needs.
    private var requiredMembers: [(name: String, value: String)] {
        switch self {
        case .p256(let x, let y):
            [("crv", "P-256"), ("kty", "EC"), ("x", Base64URL.encode(x.span)), ("y", Base64URL.encode(y.span))]
        case .rsa(let modulus, let exponent):
            [("e", Base64URL.encode(exponent.span)), ("kty", "RSA"), ("n", Base64URL.encode(modulus.span))]
        case .ed25519(let x):
            [("crv", "Ed25519"), ("kty", "OKP"), ("x", Base64URL.encode(x.span))]
        }
    }

    /// The JWK thumbprint with SHA-256 (RFC 7638 §3), in base64url.
    package var thumbprint: String {
        var json = JSONWriter()
        json.beginObject()
        for member in requiredMembers { json.member(member.name, member.value) }
        json.endObject()
        return Base64URL.encode(SHA256.digest(json.finish().span).span)
    }

    /// Writes the members of the key for a JWK set, without the braces.
    func write(into json: inout JSONWriter) {
        for member in requiredMembers { json.member(member.name, member.value) }
    }
}
