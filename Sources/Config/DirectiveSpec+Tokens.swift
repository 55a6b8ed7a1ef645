extension DirectiveSpec {
    private static let daySeconds = 86_400

    /// `tokens { … }`.
    static let tokens: [DirectiveSpec] = [
        DirectiveSpec(
            name: "tokens", context: .top, arguments: "{ … }", isRequired: true, opens: .tokens,
            purpose: "What access and refresh tokens look like, how long they live, and the keys that sign them."),
        DirectiveSpec(
            name: "issuer", context: .tokens, arguments: "NAME", standard: "the public URL",
            purpose: """
                `iss` of every access token, and the only one that is accepted. Change it when tokens that another \
                service signs with the same key are to be good here.
                """
        ) { draft in
            if let text = draft.claim(expected: "the issuer's name or URL") { draft.configuration.tokens.issuer = text }
        },
        DirectiveSpec(
            name: "audience", context: .tokens, arguments: "NAME", isRequired: true,
            purpose: """
                `aud` of every access token; a token whose audience does not hold it is refused. Name your application, \
                so that a token for another one that shares the key opens nothing here.
                """
        ) { draft in
            if let text = draft.claim(expected: "the audience's name or URL") {
                draft.configuration.tokens.audience = text
            }
        },
        DirectiveSpec(
            name: "access", context: .tokens, arguments: "DURATION", standard: "15m",
            purpose: """
                How long an access token is good. Ending a session stops its tokens within a second, so this bounds only \
                what a token is worth where nobody asks the gateway.
                """
        ) { draft in
            if let seconds = draft.seconds(in: 1...(400 * daySeconds)) {
                draft.configuration.tokens.accessSeconds = seconds
            }
        },
        DirectiveSpec(
            name: "refresh", context: .tokens, arguments: "DURATION", standard: "7d",
            purpose: "How long a session lives without being used. Each refresh begins this time anew."
        ) { draft in
            if let seconds = draft.seconds(in: 1...(400 * daySeconds)) {
                draft.configuration.tokens.refreshSeconds = seconds
            }
        },
        DirectiveSpec(
            name: "refresh-grace", context: .tokens, arguments: "DURATION", standard: "30s",
            purpose: """
                How long a spent refresh token still answers with the same successor, so that two tabs, or an answer \
                lost on the way, log nobody out. `0s` ends a session at the first repetition.
                """
        ) { draft in
            if let seconds = draft.seconds(in: 0...3_600) { draft.configuration.tokens.refreshGraceSeconds = seconds }
        },
        DirectiveSpec(
            name: "refresh-absolute", context: .tokens, arguments: "DURATION", standard: "30d",
            purpose: "How long a session lives at most, however much it is used; then the password is asked for again."
        ) { draft in
            if let seconds = draft.seconds(in: 1...(3_650 * daySeconds)) {
                draft.configuration.tokens.refreshAbsoluteSeconds = seconds
            }
        },
        DirectiveSpec(
            name: "max-sessions", context: .tokens, arguments: "COUNT", standard: "50",
            purpose: "How many sessions one user may have at once; the oldest ends when one more begins."
        ) { draft in
            if let count = draft.count(in: 1...10_000, of: "a number of sessions") {
                draft.configuration.tokens.maxSessions = count
            }
        },
        DirectiveSpec(
            name: "token-lifetime-max", context: .tokens, arguments: "DURATION", standard: "24h",
            purpose: """
                Tokens whose `exp` lies further than this behind their `iat` are refused: a guard against tokens that \
                another holder of the key made to last for ever. Not below `access`.
                """
        ) { draft in
            if let seconds = draft.seconds(in: 1...(3_650 * daySeconds)) {
                draft.configuration.tokens.lifetimeMaxSeconds = seconds
            }
        },
        DirectiveSpec(
            name: "refresh-in-body", context: .tokens, arguments: "on | off", standard: "off",
            purpose: """
                Whether clients that are no browsers may ask for the refresh token in the answer's body \
                (`"tokenDelivery":"body"`) instead of a cookie.
                """
        ) { draft in
            if let isOn = draft.onOff() { draft.configuration.tokens.refreshInBody = isOn }
        },
        DirectiveSpec(
            name: "access-cookie", context: .tokens, arguments: "on | off", standard: "off",
            purpose: """
                Whether the access token also travels in a cookie that scripts cannot read, for backends that serve \
                pages. It counts where no `Authorization` came; a call that changes something is then refused when \
                another site's page makes it. See `sign-in-page`.
                """
        ) { draft in
            if let isOn = draft.onOff() { draft.configuration.tokens.accessCookie = isOn }
        },
        DirectiveSpec(
            name: "key", context: .tokens,
            arguments: "ALGORITHM file PATH [readable] | ALGORITHM env NAME | ring database env NAME",
            isRequired: true, repeats: true,
            purpose: """
                A key for access tokens: `hs256`, `es256`, `rs256` or `eddsa`. The first one signs, all of them verify, \
                so a new key goes on top and the old one stays below it until its last token has expired. The file \
                holds a private key in PEM, or the raw bytes of an hs256 secret (32 or more; one newline at the end is \
                not part of it). A file that others on the machine can read is refused, unless `readable` follows it. \
                `ring database` keeps the keys in the database instead, encrypted under a secret of 32 bytes or more in \
                the variable NAME: `gatehouse key` changes them, and every gateway follows within a second. Keys from \
                files beside it verify, and sign until one of the ring does.
                """
        ) { $0.readKey() },
    ]
}

extension Draft {
    /// A value that goes into every token and is compared byte for byte.
    mutating func claim(expected: String) -> String? {
        guard let word = take(expected: expected) else { return nil }
        let bytes = word.text.utf8
        if (1...255).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) { return word.text }
        fail(
            at: word.place, "\(word.shown) cannot be a claim",
            expected: "from 1 to 255 printable ASCII characters, no blanks")
        return nil
    }

    fileprivate mutating func readKey() {
        if takeKeyword("ring") != nil { return readKeyRing() }
        let algorithms = Configuration.KeySource.Algorithm.allCases.map(\.rawValue)
        guard let algorithm = choice(algorithms), let kind = choice(["file", "env"]),
            let known = Configuration.KeySource.Algorithm(rawValue: algorithm.text)
        else { return skipRest() }
        if kind.text == "file" {
            guard let path = path(expected: "the PATH of the key's file") else { return }
            let readable = takeKeyword("readable") != nil
            append(.init(algorithm: known, source: .file(path: path.value, readable: readable)), at: path.place)
            return
        }
        guard let name = name(.variable) else { return skipRest() }
        guard let value = variable(name, isSecret: known == .hs256) else { return }
        append(.init(algorithm: known, source: .environment(name: name.value, value: Secret(value))), at: name.place)
    }

    /// `ring database env NAME`.
    private mutating func readKeyRing() {
        guard choice(["database"]) != nil, choice(["env"]) != nil, let name = name(.variable) else { return skipRest() }
        if let first = configuration.tokens.keyRing {
            return fail(at: name.place, "there is one key ring", hint: "the first stands at \(first.place)")
        }
        guard let value = variable(name, isSecret: true) else { return }
        configuration.tokens.keyRing = Located(
            .init(variable: name.value, secret: Secret(value)), at: name.place)
    }

    /// What a variable holds; a secret in it has to be one.
    private mutating func variable(_ name: Located<String>, isSecret: Bool) -> String? {
        guard let value = surroundings.environment(name.value), !value.isEmpty else {
            fail(at: name.place, "the environment variable \(name.value) is not set")
            return nil
        }
        guard isSecret else { return value }
        if let objection = SharedSecret.objection(to: Array(value.utf8)) {
            fail(
                at: name.place, "the secret in \(name.value) \(objection)", expected: SharedSecret.expected,
                hint: SharedSecret.recipe)
            return nil
        }
        if let doubt = SharedSecret.doubt(about: Array(value.utf8)) {
            problems.warning(at: name.place, "the secret in \(name.value) \(doubt)", hint: SharedSecret.recipe)
        }
        return value
    }

    private mutating func append(_ key: Configuration.KeySource, at place: Place) {
        if let first = configuration.tokens.keys.first(where: { $0.value.source == key.source }) {
            return fail(at: place, "the same key is given twice", hint: "the first stands at \(first.place)")
        }
        configuration.tokens.keys.append(Located(key, at: place))
    }
}
