import Storage

/// Access tokens that are no longer good though their signature and `exp` are: one row of the revocation table, in the
/// units of tokens.
package struct Revocation: Sendable, Hashable {
    /// Which claim of the token `value` is compared with.
    package enum Kind: Sendable {
        /// `sid`: every token of a session that has ended.
        case session
        /// `jti`: one token. The user's roles changed; the session goes on.
        case token
    }

    package let kind: Kind
    /// The `iss` that the token must carry: two issuers may use the same `sid`.
    package let issuer: String
    /// The `sid` or `jti`.
    package let value: String
    /// Unix seconds. After it the revocation says nothing, because every token it concerns has expired.
    package let until: Int64

    package init(kind: Kind, issuer: String, value: String, until: Int64) {
        self.kind = kind
        self.issuer = issuer
        self.value = value
        self.until = until
    }
}

extension Revocation {
    init(_ row: Storage.Revocation) {
        let kind: Kind =
            switch row.kind {
            case .session: .session
            case .token: .token
            }
        // Rounded up: never forgotten a moment too early.
        self.init(kind: kind, issuer: row.issuer, value: row.value, until: row.until / 1000 + 1)
    }
}
