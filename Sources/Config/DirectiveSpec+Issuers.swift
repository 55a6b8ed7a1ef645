extension DirectiveSpec {
    /// `issuer NAME { … }`.
    static let issuers: [DirectiveSpec] = [
        DirectiveSpec(
            name: "issuer", context: .top, arguments: "NAME { … }", repeats: true, opens: .issuer,
            purpose: """
                Somebody else whose access tokens open the gate too, such as a single sign-on. Its keys are looked for by \
                the token's `iss` alone. Its users are `NAME:id` to backends, so that none of them can be one of yours; \
                at `/api/auth` they are nobody.
                """,
            read: { draft in
                guard let name = draft.name(.issuer) else { return }
                draft.issuer = Configuration.Issuer(name: name)
            },
            closeBlock: { draft in
                if let issuer = draft.issuer { draft.configuration.issuers.append(issuer) }
                draft.issuer = nil
            }),
        DirectiveSpec(
            name: "url", context: .issuer, arguments: "NAME", isRequired: true,
            purpose: "`iss` of its tokens, byte for byte; most issuers use the address of their own site."
        ) { draft in
            let place = draft.peek?.place
            if let text = draft.claim(expected: "the issuer's name or URL"), let place {
                draft.issuer?.url = Located(text, at: place)
            }
        },
        DirectiveSpec(
            name: "jwks", context: .issuer, arguments: "FILE | URL", isRequired: true,
            purpose: """
                Its public keys, as a JSON Web Key set. A URL is https, or http to this machine; it is fetched at start, \
                every five minutes, and when a token names a key that is not known, though not twice a minute. While it \
                does not answer, the keys known last are good. A file is read at start.
                """
        ) { $0.readKeySet() },
        DirectiveSpec(
            name: "audience", context: .issuer, arguments: "NAME…", isRequired: true,
            purpose: """
                `aud` that its tokens must have, any of them: the id of your application there. Without it a token for \
                another application of the same issuer would be good here.
                """
        ) { draft in
            repeat {
                guard let text = draft.claim(expected: "the audience's name or URL") else { return }
                draft.issuer?.audiences.append(text)
            } while draft.peek != nil
        },
        DirectiveSpec(
            name: "algorithms", context: .issuer, arguments: "ALGORITHM…", standard: "es256 rs256 eddsa",
            purpose: "The signatures that are taken from it. `hs256` cannot be: a secret that is published is none."
        ) { draft in
            var algorithms: [Configuration.KeySource.Algorithm] = []
            repeat {
                guard let choice = draft.choice(["es256", "rs256", "eddsa"]),
                    let algorithm = Configuration.KeySource.Algorithm(rawValue: choice.text)
                else { return draft.skipRest() }
                algorithms.append(algorithm)
            } while draft.peek != nil
            draft.issuer?.algorithms = algorithms
        },
        DirectiveSpec(
            name: "claims", context: .issuer, arguments: "{ … }", opens: .claims,
            purpose: """
                Under which names its tokens say what backends are told. Several words lead inwards: `roles realm_access \
                roles`.
                """),
        claim(
            "id", "sub", \.idClaim,
            "Who it is; backends get `NAME:` and this. It must never be given to another person."),
        claim("email", "email", \.emailClaim, "The email address. It is the issuer's word, not yours."),
        claim(
            "roles", "roles", \.rolesClaim, "Roles or groups: a list of texts, or one text with blanks between them."),
        DirectiveSpec(
            name: "roles", context: .issuer, arguments: "map EXTERNAL LOCAL", repeats: true,
            purpose: """
                One of its roles, and what that is here. Roles without a line mean nothing: who administers the issuer \
                would otherwise administer you.
                """
        ) { draft in
            guard draft.choice(["map"]) != nil, let external = draft.take(expected: "EXTERNAL LOCAL") else {
                return draft.skipRest()
            }
            guard let local = draft.name(.role) else { return }
            draft.issuer?.roles.append(.init(external: external.text, local: local))
        },
    ]

    private static func claim(
        _ name: String, _ standard: String,
        _ field: any WritableKeyPath<Configuration.Issuer, [String]> & Sendable, _ purpose: String
    ) -> DirectiveSpec {
        DirectiveSpec(name: name, context: .claims, arguments: "NAME…", standard: standard, purpose: purpose) { draft in
            var path: [String] = []
            repeat {
                guard let word = draft.take(expected: "the name of a claim") else { return }
                path.append(word.text)
            } while draft.peek != nil
            draft.issuer?[keyPath: field] = path
        }
    }
}

extension Draft {
    fileprivate mutating func readKeySet() {
        guard let word = peek else {
            _ = take(expected: "FILE or https://HOST/PATH")
            return
        }
        let lowered = String(loweringASCII: word.text)
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            if let path = path(expected: "FILE or https://HOST/PATH") {
                issuer?.keySet = Located(.file(path: path.value), at: path.place)
            }
            return
        }
        _ = take()
        guard word.text.utf8.count <= 2048, word.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let origin = Self.origin(of: word.text)
        else {
            return fail(at: word.place, "\(word.shown) is not a URL", expected: "https://HOST/PATH")
        }
        guard origin.isHTTPS || Self.isLoopback(origin.host) else {
            return fail(
                at: word.place, "keys that come without TLS are anybody's", expected: "https://HOST/PATH",
                hint: "http is good for this machine only: http://127.0.0.1/…")
        }
        issuer?.keySet = Located(.url(word.text), at: word.place)
    }

    private static func isLoopback(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return ListenAddress.tcp(host: bare, port: 0).isLocal
    }

    private static func origin(of url: String) -> PublicURL? {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count < 3 ? nil : try? PublicURL(parts[..<3].joined(separator: "/"))
    }

    /// Two issuers that could be taken for one another, and roles that do not exist.
    mutating func checkIssuers() {
        var names: [String: Place] = [:]
        var urls = [configuration.tokens.issuer: "these are the gateway's own tokens"]
        for issuer in configuration.issuers {
            if let first = names.updateValue(issuer.name.place, forKey: String(loweringASCII: issuer.name.value)) {
                problems.error(
                    at: issuer.name.place, "an issuer `\(issuer.name.value)` is there already",
                    hint: "the first stands at \(first)")
            }
            guard !issuer.url.value.isEmpty else { continue }
            if let other = urls[issuer.url.value] {
                problems.error(at: issuer.url.place, "two issuers with one `url`", hint: other)
            }
            urls[issuer.url.value] = "the first stands at \(issuer.url.place)"
            guard let known = configuration.roles else { continue }
            for line in issuer.roles where !known.contains(where: { $0.value == line.local.value }) {
                problems.error(
                    at: line.local.place, "the role `\(line.local.value)` is not one that `roles` lists",
                    hint: NearestWord.hint(for: line.local.value, among: known.map(\.value)))
            }
        }
    }
}
