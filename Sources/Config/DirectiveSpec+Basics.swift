extension DirectiveSpec {
    /// Where the gateway is, where accounts are.
    static let basics: [DirectiveSpec] = [
        DirectiveSpec(
            name: "listen", context: .top, arguments: "HOST:PORT | [IPV6]:PORT | :PORT | unix:PATH", isRequired: true,
            repeats: true,
            purpose: """
                Where clients connect. Give it once for each address. `:8080` is every address of the machine, over IPv4 \
                and IPv6; port 0 lets the system choose. Behind another proxy on the same machine, a loopback address \
                or a Unix socket keeps everybody else out.
                """
        ) { draft in
            let expected = "HOST:PORT, [IPV6]:PORT, :PORT or unix:PATH"
            guard let address = draft.address(expected: expected, toListen: true) else { return }
            if let first = draft.configuration.listen.first(where: { $0.value == address.value }) {
                draft.fail(
                    at: address.place, "`\(address.value)` is given twice", hint: "the first stands at \(first.place)")
            } else {
                draft.configuration.listen.append(address)
            }
        },
        DirectiveSpec(
            name: "public-url", context: .top, arguments: "URL",
            standard: "http:// and the first `listen`, if that is loopback",
            purpose: """
                The address that browsers use, without a path: `https://app.example.com`. It decides the name of the \
                refresh cookie and whether it is `Secure`, whether Strict-Transport-Security is sent, and which \
                `Origin` is the gateway's own. Left out, it is taken from a loopback `listen`, with a warning; behind a \
                proxy that ends TLS it has to be set.
                """
        ) { draft in
            let expected = "https://HOST or http://HOST:PORT"
            guard let word = draft.take(expected: expected) else { return }
            do throws(PublicURL.Mistake) {
                draft.configuration.publicURL = try PublicURL(word.text)
            } catch {
                let hint: String? =
                    switch error {
                    case .scheme: "it begins with http:// or https://"
                    case .more: "leave out the path and whatever else follows the host"
                    case .host: nil
                    case .port: "a port is a number from 1 to 65535"
                    }
                draft.fail(at: word.place, "\(word.shown) is not a public URL", expected: expected, hint: hint)
            }
        },
        DirectiveSpec(
            name: "database", context: .top, arguments: "sqlite FILE | postgres URL", standard: "sqlite gatehouse.db",
            purpose: """
                Where accounts, sessions and revocations are kept. SQLite needs nothing else and serves one gateway; \
                PostgreSQL is what several gateways share. The URL is libpq's: \
                `"postgresql://gatehouse@db.internal/gatehouse"`; a password in it is better taken from the \
                environment: `"postgresql://gatehouse:${DB_PASSWORD}@db.internal/gatehouse"`.
                """
        ) { $0.readDatabase() },
        DirectiveSpec(
            name: "registration", context: .top, arguments: "open | closed", standard: "closed",
            purpose: """
                Whether strangers may make themselves an account with `POST /api/auth/register`. Closed, accounts come \
                from `gatehouse user add` and import only. Open, remember that every route without a rule lets any \
                account through.
                """
        ) { draft in
            if let choice = draft.choice(["open", "closed"]) {
                draft.configuration.registrationOpen = choice.text == "open"
            }
        },
    ]
}

extension Draft {
    /// The value is never shown, whatever is wrong with it: it may be, or hold, a password.
    fileprivate mutating func readDatabase() {
        guard let kind = choice(["sqlite", "postgres"]) else { return skipRest() }
        if kind.text == "sqlite" {
            guard let path = path(expected: "the database's FILE") else { return }
            if path.value.utf8.contains(UInt8(ascii: ":")), path.value.hasSuffix(":memory:") {
                return fail(
                    at: path.place, "a database in memory forgets every account at a restart", expected: "a FILE")
            }
            configuration.database = .sqlite(path: path.value)
            configuration.databasePlace = path.place
            return
        }
        guard let word = take(expected: "a postgresql:// URL") else { return }
        guard word.text.hasPrefix("postgresql://") || word.text.hasPrefix("postgres://") else {
            return fail(
                at: word.place, "this is not a PostgreSQL URL", expected: "postgresql://USER@HOST/DATABASE",
                hint: word.text.utf8.contains(UInt8(ascii: "=")) ? "libpq's `host=… dbname=…` is not read here" : nil)
        }
        configuration.database = .postgres(url: Secret(word.text))
        configuration.databasePlace = word.place
        if !word.isFromEnvironment, Self.holdsPassword(word.text) {
            problems.warning(
                at: word.place, "the password of the database stands in the file",
                hint: "take it from the environment: \"postgresql://gatehouse:${DB_PASSWORD}@…\"")
        }
    }

    /// `scheme://user:password@…`, or `password=` behind a `?`.
    private static func holdsPassword(_ url: String) -> Bool {
        let authority = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let user = authority.prefix { $0 != "/" && $0 != "?" }
        if let at = user.lastIndex(of: "@"), let colon = user[..<at].firstIndex(of: ":"), user.index(after: colon) != at
        {
            return true
        }
        return url.utf8.contains(UInt8(ascii: "?")) && url.contains("password=")
    }
}
