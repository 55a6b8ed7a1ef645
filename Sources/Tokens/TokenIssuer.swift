import Crypto
import Encoding

/// Whom a token speaks of.
package struct TokenSubject: Sendable {
    package var userID: String
    package var sessionID: String
    package var email: String
    package var emailVerified: Bool
    package var name: String?
    package var roles: [String]

    package init(
        userID: String, sessionID: String, email: String, emailVerified: Bool, name: String? = nil, roles: [String]
    ) {
        self.userID = userID
        self.sessionID = sessionID
        self.email = email
        self.emailVerified = emailVerified
        self.name = name
        self.roles = roles
    }
}

/// A fresh access token.
package struct IssuedToken: Sendable {
    package let text: String
    /// Its `exp`, in seconds since 1970.
    package let expiresAt: Int64
}

/// Why no token could be issued.
package enum IssueProblem: Error, Sendable, Equatable {
    /// Name and roles make a token that no gateway would take.
    case tokenTooLong(bytes: Int)
    case signing(KeyProblem)
}

/// Signs access tokens with the first key of the ring, as it is at that moment.
package struct TokenIssuer: Sendable {
    package let lifetimeSeconds: Int64

    private let keys: LiveKeys
    private let issuer: String
    private let audience: String

    /// - Throws: `.cannotSign` when the first key is only a public half.
    package init(live keys: LiveKeys, issuer: String, audience: String, lifetimeSeconds: Int64) throws(KeyProblem) {
        guard keys.signer != nil else { throw .cannotSign }
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.lifetimeSeconds = lifetimeSeconds
    }

    /// For keys that never change.
    ///
    /// - Throws: `.cannotSign` when the first key is only a public half.
    package init(keys: KeyRing, issuer: String, audience: String, lifetimeSeconds: Int64) throws(KeyProblem) {
        try self.init(live: LiveKeys(keys), issuer: issuer, audience: audience, lifetimeSeconds: lifetimeSeconds)
    }

    /// - Parameters:
    ///   - tokenID: the `jti`, unique to this token.
    ///   - now: seconds since 1970.
    package func issue(
        _ subject: TokenSubject, tokenID: String, now: Int64
    ) throws(IssueProblem) -> IssuedToken {
        guard let signer = keys.signer else { throw .signing(.cannotSign) }
        let expiresAt = now + lifetimeSeconds
        var payload = JSONWriter()
        payload.beginObject()
        payload.member("iss", issuer)
        payload.member("aud", audience)
        payload.member("sub", subject.userID)
        payload.member("sid", subject.sessionID)
        payload.member("jti", tokenID)
        payload.member("iat", now)
        payload.member("exp", expiresAt)
        payload.member("email", subject.email)
        payload.member("email_verified", subject.emailVerified)
        payload.member("name", ifPresent: subject.name)
        payload.member("roles", subject.roles)
        payload.endObject()

        var token = signer.head
        Base64URL.append(payload.finish().span, to: &token)
        let signature: [UInt8]
        do { signature = try signer.key.signature(over: token.span) } catch { throw .signing(error) }
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.span, to: &token)
        guard token.count <= TokenVerifier.tokenBytesMax else { throw .tokenTooLong(bytes: token.count) }
        return IssuedToken(text: String(decoding: token, as: UTF8.self), expiresAt: expiresAt)
    }
}
