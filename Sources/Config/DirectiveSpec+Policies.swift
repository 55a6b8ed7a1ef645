extension DirectiveSpec {
    /// Conditions that routes share by name.
    static let policies: [DirectiveSpec] =
        [
            DirectiveSpec(
                name: "policy", context: .top, arguments: "NAME { … }", repeats: true, opens: .policy,
                purpose: """
                    Conditions under a name, for routes that say `policy NAME`. All lines have to hold. A route with a policy \
                    still asks for a signed-in user unless it says `public`.
                    """,
                read: { $0.beginPolicy() },
                closeBlock: { $0.endPolicy() })
        ] + conditions(in: .policy) + [
            DirectiveSpec(
                name: "any", context: .policy, arguments: "{ … }", repeats: true, opens: .policyAny,
                purpose: """
                    Alternatives: one of the lines has to hold. Several conditions on a line hold together: \
                    `any { role admin from 10.0.0.0/8; claim department is it }`.
                    """,
                read: { $0.alternatives = [] },
                closeBlock: { $0.endAlternatives() })
        ] + conditions(in: .policyAny)

    private static func conditions(in context: Context) -> [DirectiveSpec] {
        [
            condition(
                "role", context, "NAME…", "The caller has one of these roles, or one that `roles` ranks above it."),
            condition("all-roles", context, "NAME…", "The caller has each of these roles."),
            condition(
                "claim", context, "NAME is VALUE | NAME in VALUE… | NAME present",
                """
                What the access token says about its bearer. A claim that is a list is each of its elements; numbers and \
                truth values are compared as they are written.
                """),
            condition(
                "where", context, "PARAMETER is CLAIM",
                """
                The path parameter equals the claim: `route /users/{id}/* user where id is sub` lets everybody at their \
                own. The segment is percent-decoded and compared byte for byte; in a path that needed `accept` it is never equal.
                """),
            condition(
                "from", context, "CIDR…",
                """
                The client's address, as `trusted-proxies` let it be seen. Whoever comes through a Unix socket without a \
                trusted proxy has none, and passes neither `from` nor `not from`.
                """),
            condition("method", context, "METHOD[,METHOD]…", "The request's method; GET covers HEAD."),
            condition("host", context, "HOST…", "The request's host, exact or `*.example.com`."),
            condition(
                "header", context, "NAME is VALUE | NAME in VALUE… | NAME present",
                """
                A header field, as the backend would get it. Clients write what they like into it: it tells friends apart, \
                not foes. A field that comes twice, or in another spelling as well, passes neither way.
                """),
            condition(
                "query", context, "NAME is VALUE | NAME in VALUE… | NAME present",
                "A parameter of the query. One that comes twice, or in another spelling as well, passes neither way."),
            condition(
                "between", context, "HH:MM and HH:MM [on DAYS] [utc+HH:MM] | DATE and DATE [utc+HH:MM]",
                """
                A time of the day, perhaps only on some days (`mon-fri`, `sat,sun`), or a range of days, both included. In UTC \
                unless an offset stands behind it; there is no summer time. `between 22:00 and 06:00` goes over midnight.
                """),
            condition("not", context, "CONDITION", "The condition does not hold: `not from 10.9.0.0/16`."),
        ]
    }

    private static func condition(
        _ name: String, _ context: Context, _ arguments: String, _ purpose: String
    ) -> DirectiveSpec {
        DirectiveSpec(name: name, context: context, arguments: arguments, repeats: true, purpose: purpose) { draft in
            let sentence = draft.sentence(behind: draft.directive.name, allowsPolicies: false)
            guard !draft.hasFailed else { return }
            if context == .policy {
                draft.policy?.conditions += sentence
            } else {
                draft.alternatives.append(sentence)
            }
        }
    }
}

extension Draft {
    fileprivate mutating func beginPolicy() {
        policy = nil
        guard let name = name(.policy) else { return }
        if let first = configuration.policies.first(where: { $0.name.value == name.value }) {
            fail(
                at: name.place, "the policy `\(name.value)` is given twice",
                hint: "the first stands at \(first.name.place)")
        }
        policy = PolicyLine(name: name)
    }

    fileprivate mutating func endPolicy() {
        guard let policy else { return }
        self.policy = nil
        if policy.conditions.isEmpty, configuration.routesAreWhole {
            configuration.routesAreWhole = false
            problems.error(
                at: policy.name.place, "the policy `\(policy.name.value)` has no condition",
                expected: "role NAME…, claim NAME is VALUE, from CIDR…, …")
        }
        configuration.policies.append(policy)
    }

    fileprivate mutating func endAlternatives() {
        guard alternatives.count > 1 else {
            if configuration.routesAreWhole {
                configuration.routesAreWhole = false
                problems.error(
                    at: directive.name.place, "`any` has \(alternatives.isEmpty ? "no line" : "one line only")",
                    expected: "two lines or more, one of which has to hold")
            }
            return
        }
        policy?.conditions.append(
            ConditionLine(
                place: directive.name.place,
                text: "any { \(alternatives.map { $0.map(\.text).joined(separator: " ") }.joined(separator: "; ")) }",
                isNegated: false, test: .any(alternatives)))
        alternatives = []
    }
}
