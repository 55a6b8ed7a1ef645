extension Draft {
    /// What can only be judged when the whole file has been read: what is missing, and values that contradict one another.
    ///
    /// - Parameter file: the beginning of the file that was named first, where missing directives are reported.
    mutating func finish(at file: Place) {
        reportMissing(in: .top, at: file)
        finishPublicURL(at: file)
        finishTokens()
        // Every upstream waits as the file says, wherever in the file `timeouts` stands, and as its own block says on top.
        for index in configuration.upstreams.indices {
            configuration.upstreams[index].timeouts = configuration.timeouts
        }
        for override in upstreamTimeouts where configuration.upstreams.indices.contains(override.upstreamIndex) {
            configuration.upstreams[override.upstreamIndex].timeouts[keyPath: override.field] = override.milliseconds
        }
        checkSizes(at: file)
        checkAddresses()
        checkIdentityHeaders()
        checkIssuers()
    }

    /// Reports the directives that a block has to hold and does not.
    mutating func reportMissing(in context: Context, at place: Place) {
        for spec in DirectiveSpec.all where spec.context == context && spec.isRequired {
            guard places[context]?[spec.name] == nil else { continue }
            let inside = context.block.map { " in `\($0)`" } ?? ""
            problems.error(
                at: place, "`\(spec.name)` is missing\(inside)",
                expected: spec.opens == .tokens
                    ? "tokens { audience NAME; key es256 file PATH }" : "\(spec.name) \(spec.arguments)")
        }
    }

    private mutating func finishPublicURL(at file: Place) {
        guard places[.top]?["public-url"] == nil, let first = configuration.listen.first else { return }
        let isLocal = configuration.listen.allSatisfy { $0.value.isLocal }
        guard isLocal, case .tcp(let host, let port) = first.value else {
            return problems.error(
                at: file, "`public-url` is missing", expected: "public-url https://HOST",
                hint: "the address under which browsers reach the gateway")
        }
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : String(loweringASCII: host)
        configuration.publicURL = PublicURL(scheme: .http, host: name, port: port)
        problems.warning(
            at: first.place, "`public-url` is missing and taken to be \(configuration.publicURL.origin)",
            hint: "behind a proxy that ends TLS, set it: cookies are not Secure otherwise")
    }

    private mutating func finishTokens() {
        if places[.tokens]?["issuer"] == nil { configuration.tokens.issuer = configuration.publicURL.origin }
        let tokens = configuration.tokens
        checkOrder(("access", tokens.accessSeconds), atMost: ("token-lifetime-max", tokens.lifetimeMaxSeconds))
        checkOrder(("refresh-grace", tokens.refreshGraceSeconds), atMost: ("refresh", tokens.refreshSeconds))
        checkOrder(("refresh", tokens.refreshSeconds), atMost: ("refresh-absolute", tokens.refreshAbsoluteSeconds))
    }

    /// Reports two durations of `tokens` that contradict one another, at the one that was written.
    private mutating func checkOrder(_ short: (name: String, seconds: Int), atMost long: (name: String, seconds: Int)) {
        guard short.seconds > long.seconds,
            let place = places[.tokens]?[short.name] ?? places[.tokens]?[long.name]
        else { return }
        let limit = Quantity.text(milliseconds: long.seconds * 1_000)
        problems.error(
            at: place, "`\(short.name)` is longer than `\(long.name)`, which is \(limit)",
            expected: "\(short.name) up to \(limit), or a longer \(long.name)")
    }

    private mutating func checkSizes(at file: Place) {
        let sizes = configuration.sizes
        guard sizes.targetBytes > sizes.headBytes else { return }
        problems.error(
            at: places[.sizes]?["target"] ?? places[.sizes]?["head"] ?? file,
            "`target` is larger than `head`, which holds it",
            expected: "target up to \(Quantity.text(bytes: sizes.headBytes))")
    }

    private mutating func checkAddresses() {
        if let admin = configuration.admin,
            let listener = configuration.listen.first(where: { $0.value.overlaps(admin.value) })
        {
            problems.error(
                at: admin.place, "`\(admin.value)` is also a public address, at \(listener.place)",
                expected: "an address of its own: metrics and health are not for everybody")
        }
        for upstream in configuration.upstreams {
            for server in upstream.servers where configuration.admin?.value.overlaps(server.value) == true {
                problems.warning(
                    at: server.place, "`\(server.value)` is the gateway's own `admin`: its pages ask for no token",
                    hint: "name the backend's own address")
            }
            for server in upstream.servers
            where configuration.publicURL.isAddress(of: server.value)
                && !configuration.listen.contains(where: { $0.value.overlaps(server.value) })
            {
                problems.warning(
                    at: server.place,
                    "`\(server.value)` is the gateway's public URL: requests would go round in a circle",
                    hint: "name the backend's own address")
            }
            for server in upstream.servers
            where configuration.listen.contains(where: { $0.value.overlaps(server.value) }) {
                problems.warning(
                    at: server.place, "`\(server.value)` is the gateway itself: requests would go round in a circle",
                    hint: "name the backend's own address")
            }
        }
    }

    private mutating func checkIdentityHeaders() {
        let names = configuration.identityHeaders
        let all = [
            ("user-id", names.userID), ("user-email", names.userEmail),
            ("user-email-verified", names.userEmailVerified), ("user-roles", names.userRoles),
            ("user-name", names.userName), ("session-id", names.sessionID),
        ]
        for (index, (directive, name)) in all.enumerated() {
            for (other, otherName) in all[..<index]
            where String(loweringASCII: name) == String(loweringASCII: otherName) {
                guard let place = places[.headers]?[directive] ?? places[.headers]?[other] else { continue }
                problems.error(at: place, "`\(directive)` and `\(other)` have the same name, \(name)")
            }
        }
    }
}

extension PublicURL {
    /// Whether a server is named as browsers name the gateway.
    fileprivate func isAddress(of server: ListenAddress) -> Bool {
        guard case .tcp(let host, let port) = server else { return false }
        return port == self.port && String(loweringASCII: host) == self.host
    }
}

extension ListenAddress {
    /// Whether a connection to the one may end up at the other.
    func overlaps(_ other: ListenAddress) -> Bool {
        guard case .tcp(let host, let port) = self, case .tcp(let otherHost, let otherPort) = other else {
            return self == other
        }
        guard port == otherPort, port != 0 else { return false }
        let (a, b) = (String(loweringASCII: host), String(loweringASCII: otherHost))
        if a == b || Self.isEverything(b) { return true }
        if Self.isEverything(a) || a == "localhost" { return other.isLocal }
        return b == "localhost" && isLocal
    }

    private static func isEverything(_ host: String) -> Bool { host.isEmpty || host == "0.0.0.0" || host == "::" }
}
