extension DirectiveSpec {
    /// What is believed of a client, and what a backend is told.
    static let exposure: [DirectiveSpec] = [
        DirectiveSpec(
            name: "headers", context: .top, arguments: "{ … }", opens: .headers,
            purpose: """
                Under which names the backend learns who is calling. Whatever a client sends under these names, under \
                the default names, or under another spelling of either, is removed on every route.
                """),
        header("user-id", "X-User-Id", \.userID, purpose: "The user's id, a UUID."),
        header("user-email", "X-User-Email", \.userEmail, purpose: "The user's email address."),
        header(
            "user-email-verified", "X-User-Email-Verified", \.userEmailVerified,
            purpose: "`true` or `false`: whether the address is known to be the user's."),
        header(
            "user-roles", "X-User-Roles", \.userRoles, purpose: "The user's roles, separated by commas without blanks."),
        header("user-name", "X-User-Name", \.userName, purpose: "The user's name, percent-encoded UTF-8."),
        header("session-id", "X-Session-Id", \.sessionID, purpose: "The id of the session."),
        DirectiveSpec(
            name: "trusted-proxies", context: .top, arguments: "CIDR… [unix]", standard: "none",
            purpose: """
                The proxies in front of the gateway, whose `X-Forwarded-*` and similar fields are believed. From \
                anybody else they are removed. `unix` means whoever connects through a Unix socket. Name your own \
                proxies only: a client that is believed here chooses its own address.
                """
        ) { $0.readTrustedProxies() },
        DirectiveSpec(
            name: "cors", context: .top, arguments: "ORIGIN…", standard: "none", repeats: true,
            purpose: """
                Other sites whose pages may call the gateway with the user's cookies: `https://app.example.com`. Pages \
                under the public URL need no line.
                """
        ) { $0.readOrigins() },
        DirectiveSpec(
            name: "sign-in-page", context: .top, arguments: "PATH", standard: "none",
            purpose: """
                Where a browser that asks for a page is sent (303) when it would get 401: a path of this site that a \
                `public` route leads to, such as `/login`. Programs, which do not ask for `text/html`, get their 401 as \
                ever. Pages want `access-cookie on`.
                """
        ) { $0.readSignInPage() },
        DirectiveSpec(
            name: "underscore-headers", context: .top, arguments: "drop | refuse | pass", standard: "drop",
            purpose: """
                What happens to a client's field with `_` in its name. Many backends cannot tell `X_User_Id` from \
                `X-User-Id`, so even `pass` drops one that looks like a field the gateway sets, removes or frames by.
                """
        ) { draft in
            let known = Configuration.UnderscoreHeaders.allCases.map(\.rawValue)
            if let choice = draft.choice(known), let value = Configuration.UnderscoreHeaders(rawValue: choice.text) {
                draft.configuration.underscoreHeaders = value
            }
        },
        DirectiveSpec(
            name: "debug-header", context: .top, arguments: "env NAME", standard: "none",
            purpose: """
                A secret from the environment, 16 bytes or more. Whoever sends it as `X-Gatehouse-Debug: SECRET` is told in \
                `X-Gatehouse-Decision` what the gate decided, by which route and for which condition. Backends never see it.
                """
        ) { $0.readDebugHeader() },
    ]

    private static func header(
        _ name: String, _ standard: String,
        _ field: any WritableKeyPath<Configuration.IdentityHeaders, String> & Sendable,
        purpose: String
    ) -> DirectiveSpec {
        DirectiveSpec(name: name, context: .headers, arguments: "NAME", standard: standard, purpose: purpose) { draft in
            guard let word = draft.take(expected: "the name of a header field") else { return }
            if let objection = IdentityHeaderName.objection(to: word.text) {
                draft.fail(
                    at: word.place, "\(word.shown) \(objection)",
                    expected: "a name of letters, digits and `-` that nothing else uses, such as \(standard)")
            } else {
                draft.configuration.identityHeaders[keyPath: field] = word.text
            }
        }
    }
}

/// Which names a header for the backend may have.
enum IdentityHeaderName {
    static let bytesMax = 64

    /// Fields that mean something already: to write who is calling into one of them would unframe, reroute or
    /// authorise the request, or be removed by the next proxy.
    private static let taken: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
        "proxy", "proxy-authorization", "proxy-authenticate", "proxy-connection", "authorization", "cookie",
        "set-cookie", "expect", "via", "forwarded", "x-real-ip", "x-request-id", "traceparent", "tracestate",
        "x-original-url", "x-original-uri", "x-rewrite-url", "x-http-method-override", "x-http-method",
        "x-method-override", "date",
        "accept", "accept-encoding", "accept-language", "origin", "referer", "range", "user-agent", "max-forwards",
        "http2-settings", "content-type", "content-encoding", "content-range", "content-location", "cache-control",
        "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "www-authenticate",
    ]

    /// To follow the name in a message, or nil.
    static func objection(to name: String) -> String? {
        let bytes = Array(name.utf8)
        guard (1...bytesMax).contains(bytes.count),
            bytes.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") })
        else { return "cannot be the name of a header" }
        let lowered = String(loweringASCII: name)
        if taken.contains(lowered) || lowered.hasPrefix("x-forwarded-") || lowered.hasPrefix("sec-") {
            return "means something else in HTTP"
        }
        return nil
    }
}

extension Draft {
    fileprivate mutating func readTrustedProxies() {
        let expected = "addresses such as 10.0.0.0/8 or fd00::/8"
        var proxies = TrustedProxies()
        repeat {
            guard let word = take(expected: expected) else { return }
            if word.isKeyword("unix") {
                proxies.unixSockets = true
                continue
            }
            guard let range = addressRange(word, expected: expected) else { continue }
            proxies.ranges.append(range)
            // No network of one's own is that large, but for the private part of IPv6; two halves are the world, too.
            if range.prefixBits < 8, range.bytes.first.map({ $0 & 0xFE }) != 0xFC || range.bytes.count == 4 {
                problems.warning(
                    at: word.place,
                    "\(word.shown) is \(range.prefixBits == 0 ? "everybody" : "a large part of the Internet"): each client may choose the address it is seen under",
                    hint: "name the proxies that stand in front of the gateway")
            }
        } while peek != nil
        configuration.trustedProxies = proxies
    }

    fileprivate mutating func readDebugHeader() {
        guard choice(["env"]) != nil, let name = name(.variable) else { return skipRest() }
        guard let value = surroundings.environment(name.value), !value.isEmpty else {
            return fail(at: name.place, "the environment variable \(name.value) is not set")
        }
        guard value.utf8.count >= 16, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return fail(
                at: name.place, "the secret in \(name.value) cannot be used",
                expected: "16 characters or more of printable ASCII, without blanks", hint: SharedSecret.recipe)
        }
        configuration.debugSecret = Secret(value)
    }

    /// It goes into `Location` as it is, so it is a path and nothing else: `//host` and `/\\host` would lead elsewhere.
    fileprivate mutating func readSignInPage() {
        let expected = "a path of this site such as /login"
        guard let word = take(expected: expected) else { return }
        let bytes = Array(word.text.utf8)
        let isPath =
            bytes.first == UInt8(ascii: "/") && bytes.count <= 1024
            && bytes.allSatisfy { (0x21...0x7E).contains($0) && !"\\\"<>?#".utf8.contains($0) }
        guard isPath, !word.text.hasPrefix("//") else {
            return fail(at: word.place, "\(word.shown) is not a path", expected: expected)
        }
        configuration.signInPage = Located(word.text, at: word.place)
    }

    fileprivate mutating func readOrigins() {
        let expected = "origins such as https://app.example.com"
        repeat {
            guard let word = take(expected: expected) else { return }
            if word.text == "*" {
                fail(
                    at: word.place, "`*` would let every site on the web call with the cookies of your users",
                    expected: expected)
                continue
            }
            do {
                configuration.corsOrigins.append(Located(try PublicURL(word.text).origin, at: word.place))
            } catch {
                fail(
                    at: word.place, "\(word.shown) is not an origin", expected: expected,
                    hint: error == .more ? "an origin ends with its host or port" : nil)
            }
        } while peek != nil
    }
}
