import Storage

/// A user as clients and administrators see one: everything but the password hash.
package struct Account: Sendable, Equatable {
    /// UUID text; the `sub` of its access tokens.
    package let id: String
    package let email: String
    package let emailVerified: Bool
    package let name: String?
    /// Sorted.
    package let roles: [String]
    package let isDisabled: Bool
    /// Unix milliseconds.
    package let createdAt: Int64

    init(_ user: User) {
        id = user.id
        email = user.email
        emailVerified = user.emailVerified
        name = user.name
        roles = user.roles
        isDisabled = user.disabledAt != nil
        createdAt = user.createdAt
    }
}

/// One sign-in, as its owner sees it in the list of sessions. Times in unix milliseconds.
package struct SessionSummary: Sendable, Equatable {
    /// UUID text; the `sid` of its access tokens.
    package let id: String
    package let createdAt: Int64
    package let lastUsedAt: Int64
    /// When it ends unless it is used before.
    package let expiresAt: Int64
    package let ip: String?
    package let userAgent: String?
    /// Whether it is the one that asks.
    package let isCurrent: Bool

    init(_ session: Session, current: String?) {
        id = session.id
        createdAt = session.createdAt
        lastUsedAt = session.lastUsedAt
        expiresAt = session.idleExpiresAt
        ip = session.ip
        userAgent = session.userAgent
        isCurrent = session.id == current
    }
}

/// What register, login and refresh hand out.
package struct SessionGrant: Sendable {
    package let account: Account
    package let sessionID: String
    package let accessToken: String
    /// How long the access token is good, from now.
    package let accessSeconds: Int64
    package let refreshToken: RefreshToken
    /// How long the refresh token is good, from now: until the session's idle or absolute end, whichever comes first.
    package let refreshSeconds: Int64
}
