/// What `gateway.conf` decides about how `/api/auth` is spoken over HTTP.
package struct AuthSettings: Sendable {
    /// `public-url` without a trailing slash, for instance `https://app.example`.
    package var publicURL: String
    package var corsOrigins: [String]
    /// `refresh-in-body on`.
    package var refreshInBody: Bool

    package init(publicURL: String, corsOrigins: [String] = [], refreshInBody: Bool = false) {
        self.publicURL = publicURL
        self.corsOrigins = corsOrigins
        self.refreshInBody = refreshInBody
    }
}
