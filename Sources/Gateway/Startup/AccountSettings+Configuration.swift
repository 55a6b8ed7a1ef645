import Accounts
import Config

extension AccountSettings {
    /// What gateway.conf says about accounts.
    package init(_ configuration: Configuration) {
        self.init()
        let tokens = configuration.tokens
        issuer = tokens.issuer
        registrationIsOpen = configuration.registrationOpen
        refreshIdleSeconds = Int64(tokens.refreshSeconds)
        refreshAbsoluteSeconds = Int64(tokens.refreshAbsoluteSeconds)
        refreshGraceSeconds = Int64(tokens.refreshGraceSeconds)
        sessionsPerUserMax = tokens.maxSessions
        bcryptCost = configuration.bcryptCost
        passwordStrengthBits = Double(configuration.passwordStrengthBits)
        tokenLifetimeSecondsMax = Int64(tokens.lifetimeMaxSeconds)
        loginLimit = configuration.limits.login.map(AttemptLimit.init)
        registerLimit = configuration.limits.register.map(AttemptLimit.init)
        refreshLimit = configuration.limits.refresh.map(AttemptLimit.init)
    }
}

extension AttemptLimit {
    fileprivate init(_ limit: Configuration.RateLimit) {
        self.init(attempts: limit.count, windowSeconds: Int64(limit.windowSeconds))
    }
}
