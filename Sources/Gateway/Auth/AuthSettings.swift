/// What `gateway.conf` decides about how `/api/auth` is spoken over HTTP.
package struct AuthSettings: Sendable {
    /// `public-url`, for instance `https://app.example`. Its scheme decides about the cookie's name and `Secure`.
    package let publicURL: String
    /// `cors`: origins whose scripts may call.
    package let corsOrigins: [String]
    /// `refresh-in-body on`: clients that are no browsers may ask for the refresh token in the answer.
    package let refreshInBody: Bool
    /// `access-cookie on`: sessions come with the access token in a cookie as well.
    package let accessCookie: Bool

    package init(
        publicURL: String, corsOrigins: [String] = [], refreshInBody: Bool = false, accessCookie: Bool = false
    ) {
        self.publicURL = publicURL
        self.corsOrigins = corsOrigins
        self.refreshInBody = refreshInBody
        self.accessCookie = accessCookie
    }

    /// Whether the public URL is https. The scheme of a URL is compared without case (RFC 3986 §3.1).
    package var isHTTPS: Bool { publicURL.utf8.prefix(8).map(asciiLowered) == Array("https://".utf8) }
}
