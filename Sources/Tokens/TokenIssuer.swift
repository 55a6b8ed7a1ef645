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

/// Signs access tokens with the first key of the ring.
package struct TokenIssuer: Sendable {
    package let lifetimeSeconds: Int64

    /// - Throws: `.cannotSign` when the first key is only a public half.
    package init(keys: KeyRing, issuer: String, audience: String, lifetimeSeconds: Int64) throws(KeyProblem) {
        self.lifetimeSeconds = lifetimeSeconds
    }

    /// - Parameters:
    ///   - tokenID: the `jti`, unique to this token.
    ///   - now: seconds since 1970.
    package func issue(
        _ subject: TokenSubject, tokenID: String, now: Int64
    ) throws(KeyProblem) -> IssuedToken { throw .cannotSign }
}
