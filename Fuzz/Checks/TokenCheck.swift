import Crypto
import Encoding
import Reasons
import Tokens

/// Access tokens: what is not signed with the key is never accepted, and no payload that is signed makes the verifier
/// trap or say more than a header can carry.
enum TokenCheck {
    private static let secret = Array("0123456789abcdef0123456789abcdef-fuzz".utf8)
    private static let now: Int64 = 1_800_000_000

    private static let verifier: TokenVerifier? = {
        guard let key = try? TokenKey.load(algorithm: .hs256, material: secret.span),
            let keys = try? KeyRing([key])
        else { return nil }
        return TokenVerifier(keys: keys, issuer: "i", audience: "a", lifetimeMaxSeconds: 86_400)
    }()

    static func run(_ input: [UInt8]) throws {
        guard let verifier else { throw Complaint("the verifier could not be made") }
        // As it is: nobody who does not know the secret can write an acceptable token.
        if (try? verifier.verify(input.span, now: now)) != nil { throw Complaint("an unsigned token was accepted") }
        // As the payload of a token that is signed: all that a trusted issuer may ever say.
        let head = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8).span)
        let signed = Array("\(head).\(Base64URL.encode(input.span))".utf8)
        let signature = HMAC.sha256(key: secret.span, message: signed.span)
        let token = signed + [UInt8(ascii: ".")] + Array(Base64URL.encode(signature.span).utf8)
        guard let claims = try? verifier.verify(token.span, now: now) else { return }
        guard claims.issuer == "i", claims.expiresAt > now, claims.expiresAt <= now + 86_400 + 120 else {
            throw Complaint("accepted beyond its bounds: \(claims)")
        }
        let written =
            [claims.subject, claims.sessionID ?? "-", claims.tokenID ?? "-", claims.email ?? "-"] + claims.roles
        guard written.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) else {
            throw Complaint("a claim that is no header value: \(claims)")
        }
        guard claims.roles.allSatisfy({ !$0.utf8.contains(UInt8(ascii: ",")) }) else {
            throw Complaint("a role that forges another")
        }
    }
}
