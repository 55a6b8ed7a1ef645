/// What `gateway.conf` decides about accounts, in one value that never changes while it is in force.
///
/// Durations are whole seconds. The Gateway builds it from the configuration; the command line and the tests may start
/// from the defaults, which are those of gateway.conf.
package struct AccountSettings: Sendable {
    /// `issuer` in `tokens`: the `iss` of every access token and the first column of every revocation.
    package var issuer = "http://localhost:8080"
    /// `registration open`: whether `/register` creates accounts.
    package var registrationIsOpen = false
    /// `refresh`: how long a session lives without being used.
    package var refreshIdleSeconds: Int64 = 7 * 86_400
    /// `refresh-absolute`: how long a session lives however much it is used.
    package var refreshAbsoluteSeconds: Int64 = 30 * 86_400
    /// `refresh-grace`: how long a spent refresh token still answers with its unspent successor.
    package var refreshGraceSeconds: Int64 = 30
    /// `max-sessions`: live sessions a user may have; the oldest end first.
    package var sessionsPerUserMax = 50
    /// `bcrypt-cost`: the cost of new password hashes, and the work that every login does.
    package var bcryptCost = 12
    /// `password-strength`: bits of libzxcvbn that a new password needs; 0 switches the check off.
    package var passwordStrengthBitsMin = 20.0
    /// `token-lifetime-max`: the longest life of an access token that the gate accepts, also one that another service
    /// signed with our key; a revocation of such a token's session is kept this long.
    package var tokenLifetimeSecondsMax: Int64 = 86_400
    /// Failed logins per (email, address); nil is `off`.
    package var loginLimit: AttemptLimit? = AttemptLimit(attempts: 10, windowSeconds: 15 * 60)
    /// Registrations per address; nil is `off`.
    package var registerLimit: AttemptLimit? = AttemptLimit(attempts: 100, windowSeconds: 60 * 60)
    /// Refreshes per address; nil is `off`.
    package var refreshLimit: AttemptLimit? = AttemptLimit(attempts: 300, windowSeconds: 60)

    /// `roles`: those that a user may be given; nil is any. `user` is always one.
    package var rolesKnown: Set<String>?
    /// `audit-keep`: how long the audit is kept; nil is `forever`.
    package var auditKeptSeconds: Int64? = 400 * 86_400

    package init() {}
}

/// `10 per 15m`.
package struct AttemptLimit: Sendable, Equatable {
    package let attempts: Int
    package let windowSeconds: Int64

    package init(attempts: Int, windowSeconds: Int64) {
        self.attempts = attempts
        self.windowSeconds = windowSeconds
    }
}
