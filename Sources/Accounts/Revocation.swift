/// One row of the revocation table: access tokens that are no longer good though their signature and `exp` are.
package struct Revocation: Sendable, Hashable {
    /// Which claim of the token `value` is compared with.
    package enum Kind: UInt8, Sendable {
        /// Every token of a session: the session has ended.
        case session
        /// One token: the user's roles changed, the session goes on.
        case token
    }

    package let kind: Kind
    /// The `iss` that the token must carry: two issuers may use the same `sid`.
    package let issuer: String
    /// The `sid` or `jti`.
    package let value: String
    /// Unix seconds: the latest `exp` ever issued for what this ends. After it the row says nothing.
    package let until: Int64

    package init(kind: Kind, issuer: String, value: String, until: Int64) {
        self.kind = kind
        self.issuer = issuer
        self.value = value
        self.until = until
    }
}
