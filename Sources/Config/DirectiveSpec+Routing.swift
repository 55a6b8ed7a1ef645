extension DirectiveSpec {
    /// Where requests go, and who may send them.
    static let routing: [DirectiveSpec] = [
        DirectiveSpec(
            name: "upstream", context: .top, arguments: "NAME { … }", repeats: true, opens: .upstream,
            purpose: "A backend: one or more servers that answer alike. Routes name it behind their `->`.",
            read: { $0.beginUpstream() },
            closeBlock: { $0.endUpstream() }),
        DirectiveSpec(
            name: "server", context: .upstream, arguments: "HOST:PORT | [IPV6]:PORT | unix:PATH", isRequired: true,
            repeats: true,
            purpose: """
                One server of the upstream. Several take turns; one that refuses or times out three times in a row is \
                left alone for five seconds.
                """
        ) { draft in
            guard let address = draft.address(expected: "HOST:PORT or unix:PATH", toListen: false) else { return }
            if draft.upstream?.servers.contains(where: { $0.value == address.value }) == true {
                draft.fail(at: address.place, "`\(address.value)` is given twice in this upstream")
            } else {
                draft.upstream?.servers.append(address)
            }
        },
        DirectiveSpec(
            name: "timeouts", context: .upstream, arguments: "{ … }", opens: .upstreamTimeouts,
            purpose: "Other timeouts for this upstream than the file's; what is not named here stays as it is there."),
        DirectiveSpec(
            name: "route", context: .top,
            arguments:
                "[METHOD[,METHOD]…] [HOST]PATH [public | user | role NAME…] [CONDITION]… [accept NAME…] [strip-authorization] -> UPSTREAM",
            repeats: true,
            purpose: """
                Who may call what, and where it goes. PATH is literal; a `/*` at its end also covers everything below, \
                and a segment `{name}` is any one segment. \
                HOST is exact or `*.example.com`. Without a rule word any signed-in user passes; `public` lets everybody \
                through, `role` those with one of the roles named. A CONDITION is one of those of a policy, below, or `policy \
                NAME`; all of them have to hold. The order of lines does not matter: an exact host \
                wins over a wildcard over none, then, segment by segment, a literal over a `{name}`, then the longer path, then a \
                route that names the method. What no route \
                covers is answered 404 and reaches no backend. `accept` lets unusual spellings of a path pass, and only \
                for backends that read them as the gateway does: \
                `encoded-slash encoded-backslash semicolon empty-segments encoded-percent non-utf8 case escapes`. \
                `strip-authorization` keeps the token from the backend.
                """
        ) { $0.readRoute() },
        DirectiveSpec(
            name: "shadow", context: .top,
            arguments:
                "[METHOD[,METHOD]…] [HOST]PATH [public | user | role NAME…] [CONDITION]… [accept NAME…] [strip-authorization] -> UPSTREAM",
            repeats: true,
            purpose: """
                A route that is tried and not in force. Requests that it would decide about are judged by it too; what it would \
                have done otherwise is counted and named in the access log, and nothing is enforced. `gatehouse shadow \
                report` shows the counts. One for the same requests as a route stands in for that one. To put it in \
                force, write `route` for `shadow` and take the old route out.
                """
        ) { $0.readRoute(into: \.shadows) },
        DirectiveSpec(
            name: "expect", context: .top,
            arguments: "METHOD [HOST]PATH as nobody | user | role NAME… [CIRCUMSTANCE]… -> STATUS",
            repeats: true,
            purpose: """
                A test that stands beside the rules: what a request is answered before it reaches a backend. 200 means \
                "would be let through". The gateway does not start, and does not take over a changed file, while one \
                does not hold. Circumstances are `from ADDRESS`, `claim NAME is VALUE`, `claim NAME in VALUE…` (a list), \
                `header NAME is VALUE`, `at wed 14:30` or `at 2026-12-24T14:30Z` (UTC); a query stands in the path. What \
                is not said is not known, and a condition that asks for it does not hold. `gatehouse test` shows them \
                all, and which routes and conditions none of them touches.
                """
        ) { $0.readExpectation() },
        DirectiveSpec(
            name: "roles", context: .top, arguments: "NAME [> NAME]…", standard: "any role name will do",
            purpose: """
                The roles that exist. Once they are listed, a route or an expectation that names another is an error. \
                `>` ranks them: with `roles owner > admin > user auditor`, an owner passes wherever an admin or a user \
                does, and an auditor only where `auditor` is named. Backends are told the roles as the token has them.
                """
        ) { $0.readRoles() },
    ]
}

extension Draft {
    fileprivate mutating func beginUpstream() {
        upstream = nil
        guard let name = name(.upstream) else { return }
        if let first = configuration.upstreams.first(where: { $0.name.value == name.value }) {
            fail(
                at: name.place, "the upstream `\(name.value)` is given twice",
                hint: "the first stands at \(first.name.place); an upstream may have several servers")
        }
        upstream = .init(name: name, servers: [], timeouts: .init())
    }

    fileprivate mutating func endUpstream() {
        guard let upstream else { return }
        configuration.upstreams.append(upstream)
        self.upstream = nil
    }
}
