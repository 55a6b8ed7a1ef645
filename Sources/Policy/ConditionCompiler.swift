import Config
import HTTP

/// Turns the conditions of a route's line, and of the policies that it names, into what requests are held against.
struct ConditionCompiler {
    let roles: [String]?
    let ranks: RoleRanks
    let policies: [String: PolicyLine]
    /// What backends never get, no condition can ask for.
    let fields: ForwardedFields

    init(_ configuration: Configuration, problems: inout Problems) {
        roles = configuration.roles?.map(\.value)
        ranks = RoleRanks(configuration.roleRanks, problems: &problems)
        policies = Dictionary(configuration.policies.map { ($0.name.value, $0) }) { first, _ in first }
        fields = ForwardedFields(configuration)
    }

    func conditions(of line: RouteLine, _ pattern: RoutePattern?, problems: inout Problems) -> [Condition] {
        line.conditions.compactMap { compile($0, line, pattern, problems: &problems) }
    }

    /// - Parameter pattern: nil when the path has a mistake; parameters are not looked up then.
    private func compile(
        _ line: ConditionLine, _ route: RouteLine, _ pattern: RoutePattern?, problems: inout Problems
    ) -> Condition? {
        guard let test = test(line, route, pattern, problems: &problems) else { return nil }
        return Condition(place: line.place, text: line.text, isNegated: line.isNegated, test: test)
    }

    private func test(
        _ line: ConditionLine, _ route: RouteLine, _ pattern: RoutePattern?, problems: inout Problems
    ) -> Condition.Test? {
        switch line.test {
        case .role(let names):
            for name in names { RouteTable.reportUnknown(name, roles: roles, problems: &problems) }
            return .roles([names.flatMap { ranks.standIns(for: $0.value) }])
        case .allRoles(let names):
            for name in names { RouteTable.reportUnknown(name, roles: roles, problems: &problems) }
            return .roles(names.map { ranks.standIns(for: $0.value) })
        case .claim(let name, let value): return .claim(name: name, Self.compile(value))
        case .parameter(let name, let claim):
            guard let pattern else { return nil }
            guard let segment = pattern.parameters[name.value] else {
                reportUnknown(name, route, pattern, problems: &problems)
                return nil
            }
            return .parameter(segment: segment, claim: claim)
        case .from(let ranges): return .from(ranges)
        case .method(let methods):
            // RFC 9110 §9.3.2: HEAD is GET without the body, so one rule is for both.
            let all = methods.contains("GET") ? methods + ["HEAD"] : methods
            return .methods(all.map { Array($0.utf8) })
        case .host(let hosts): return .hosts(hosts)
        case .header(let name, let value):
            guard isAskable(name, problems: &problems) else { return nil }
            return .header(FoldedName(name.value), name: Array(name.value.utf8), Self.compile(value))
        case .query(let name, let value): return .query(name: Array(name.utf8), Self.compile(value))
        case .between(let window): return .between(window)
        case .any(let sentences):
            return .any(sentences.map { $0.compactMap { compile($0, route, pattern, problems: &problems) } })
        case .policy(let name):
            guard let policy = policies[name.value] else {
                problems.error(
                    at: name.place, "there is no policy `\(name.value)`",
                    expected: policies.isEmpty ? "policy \(name.value) { … }" : nil,
                    hint: NearestWord.hint(for: name.value, among: policies.keys.sorted()))
                return nil
            }
            return .all(policy.conditions.compactMap { compile($0, route, pattern, problems: &problems) })
        }
    }

    private static func compile(_ value: ConditionLine.ValueTest) -> Condition.ValueTest {
        switch value {
        case .present: .present
        case .among(let values): .among(values.map { Array($0.utf8) })
        }
    }

    private func reportUnknown(
        _ name: Located<String>, _ route: RouteLine, _ pattern: RoutePattern, problems: inout Problems
    ) {
        let known = pattern.parameters.keys.sorted()
        let bare = name.value.filter { $0 != "{" && $0 != "}" }
        problems.error(
            at: name.place, "the path \(route.label) has no parameter `\(name.value)`",
            expected: known.isEmpty ? "a path with `{\(bare)}` in it" : known.joined(separator: ", "),
            hint: known.contains(bare) ? "write it without braces" : NearestWord.hint(for: bare, among: known))
    }

    private func isAskable(_ name: Located<String>, problems: inout Problems) -> Bool {
        let folded = FoldedName(name.value)
        if folded == FoldedName("Authorization") || folded == FoldedName("Cookie") {
            problems.error(
                at: name.place, "`\(name.value)` is not for conditions",
                hint: "the token is verified; ask for a `claim`")
            return false
        }
        if folded == FoldedName("Host") {
            problems.error(at: name.place, "`\(name.value)` is asked for with `host`", expected: "host NAME")
            return false
        }
        if fields.action(for: Array(name.value.utf8).span, fromTrustedPeer: false) != .keep {
            problems.error(
                at: name.place,
                "the gateway removes or writes `\(name.value)`, so what a client sends in it decides nothing",
                hint: "the client's address is asked for with `from`, roles with `role`")
            return false
        }
        return true
    }
}
