/// What a verified access token says. Every text but `name` is printable ASCII and safe as a header value.
package struct Claims: Sendable, Equatable {
    package var issuer: String
    /// The name in gateway.conf of the other issuer that signed it; nil when we did. Then the subject is `NAME:sub`.
    package var trustedIssuer: String?
    /// 1 to 255 bytes.
    package var subject: String
    /// `sid`: the session; nil in tokens of other services.
    package var sessionID: String?
    /// `jti`.
    package var tokenID: String?
    package var email: String?
    package var emailVerified: Bool?
    /// Any text at all: percent-encode it before it goes into a header.
    package var name: String?
    /// Each `[A-Za-z0-9._:-]+`.
    package var roles: [String]
    /// `iat`, in seconds since 1970, rounded down.
    package var issuedAt: Int64?
    /// `exp`, in seconds since 1970, rounded down: from this second on the token is expired.
    package var expiresAt: Int64
    /// The claims that the verifier was told to keep, each value as text: a list has several, an object none. What the token
    /// does not say, or says to be null, is not there.
    package var kept: [String: [String]] = [:]
    /// Those of them that mean nothing here, because another issuer says them (`keepOwn`).
    package var withheld: Set<String> = []

    package init(
        issuer: String, subject: String, sessionID: String? = nil, tokenID: String? = nil, email: String? = nil,
        emailVerified: Bool? = nil, name: String? = nil, roles: [String] = [], issuedAt: Int64? = nil, expiresAt: Int64,
        trustedIssuer: String? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.sessionID = sessionID
        self.tokenID = tokenID
        self.email = email
        self.emailVerified = emailVerified
        self.name = name
        self.roles = roles
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.trustedIssuer = trustedIssuer
    }
}
