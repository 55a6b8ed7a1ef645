import Accounts
import Config

extension AuthSettings {
    package init(_ configuration: Configuration) {
        self.init(
            publicURL: configuration.publicURL.origin, corsOrigins: configuration.corsOrigins.map(\.value),
            refreshInBody: configuration.tokens.refreshInBody, accessCookie: configuration.tokens.accessCookie)
    }
}

extension AccountSettings {
    /// What gateway.conf says, in the words of Accounts, which does not know the configuration language.
    package init(_ configuration: Configuration) {
        self.init()
        let tokens = configuration.tokens
        issuer = tokens.issuer
        registrationIsOpen = configuration.registrationOpen
        refreshIdleSeconds = Int64(tokens.refreshSeconds)
        refreshAbsoluteSeconds = Int64(tokens.refreshAbsoluteSeconds)
        refreshGraceSeconds = Int64(tokens.refreshGraceSeconds)
        sessionsPerUserMax = tokens.maxSessions
        tokenLifetimeSecondsMax = Int64(tokens.lifetimeMaxSeconds)
        bcryptCost = configuration.bcryptCost
        passwordStrengthBitsMin = Double(configuration.passwordStrengthBits)
        loginLimit = configuration.limits.login.map(AttemptLimit.init)
        registerLimit = configuration.limits.register.map(AttemptLimit.init)
        refreshLimit = configuration.limits.refresh.map(AttemptLimit.init)
        auditKeptSeconds = configuration.auditKeepSeconds.map(Int64.init)
    }
}

extension AttemptLimit {
    fileprivate init(_ limit: Configuration.RateLimit) {
        self.init(attempts: limit.count, windowSeconds: Int64(limit.windowSeconds))
    }
}
