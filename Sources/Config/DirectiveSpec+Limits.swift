extension DirectiveSpec {
    /// `limits { … }`: how often somebody may try.
    static let limits: [DirectiveSpec] = [
        DirectiveSpec(
            name: "limits", context: .top, arguments: "{ … }", opens: .limits,
            purpose: "How often one address may try to log in, register and refresh. `off` lifts a limit."),
        limit(
            "login", standard: "10 per 15m", \.login,
            purpose: """
                Failed logins for one email from one address (IPv6: one /64); ten times as many from one address for all \
                emails, and ten times as many for one email from all addresses. Whoever is over it gets 429, and the longer \
                Retry-After the longer they go on, up to four windows. Nobody can lock the owner out: where they signed in \
                within 30 days, and with a refresh cookie of theirs, they have a count of their own.
                """),
        limit(
            "register", standard: "100 per 1h", \.register,
            purpose: "Accounts that one address may make. Raise it where many people share an address."),
        limit(
            "refresh", standard: "300 per 1m", \.refresh,
            purpose: """
                Refreshes from one address. It stops a runaway client, not guessing (a token has 256 random bits); raise \
                it where many people share an address.
                """),
    ]

    private static func limit(
        _ name: String, standard: String,
        _ field: any WritableKeyPath<Configuration.Limits, Configuration.RateLimit?> & Sendable, purpose: String
    ) -> DirectiveSpec {
        DirectiveSpec(
            name: name, context: .limits, arguments: "COUNT per DURATION | off", standard: standard, purpose: purpose
        ) { draft in
            let expected = "COUNT per DURATION, or off"
            if draft.peek?.text == "off" {
                _ = draft.take()
                draft.configuration.limits[keyPath: field] = nil
                return
            }
            guard let count = draft.count(in: 1...1_000_000, of: "a count") else { return draft.skipRest() }
            guard draft.takeKeyword("per") != nil else {
                let place = draft.peek?.place ?? draft.directive.end
                draft.fail(at: place, "`per` is missing", expected: expected)
                return draft.skipRest()
            }
            guard let seconds = draft.seconds(in: 1...(7 * 86_400)) else { return draft.skipRest() }
            draft.configuration.limits[keyPath: field] = .init(count: count, windowSeconds: seconds)
        }
    }
}
