import Config
import HTTP
import Reasons

extension RouteTable {
    /// Compiles the routes of a configuration. Every mistake in them goes into `problems`; a route with a mistake is left
    /// out of the table.
    package init(_ configuration: Configuration, problems: inout Problems) {
        var methods = MethodNumbers()
        var routes: [CompiledRoute] = []
        var patterns: [RoutePattern] = []
        let roles = configuration.roles?.map(\.value)
        let upstreams = configuration.upstreams.map(\.name.value)
        let compiler = ConditionCompiler(configuration, problems: &problems)
        for line in configuration.routes {
            let rule = Self.rule(line, roles: roles, ranks: compiler.ranks, problems: &problems)
            let upstream = upstreams.firstIndex(of: line.upstream.value)
            if upstream == nil {
                problems.error(
                    at: line.upstream.place, "there is no upstream `\(line.upstream.value)`",
                    expected: upstreams.isEmpty ? "upstream \(line.upstream.value) { server HOST:PORT }" : nil,
                    hint: NearestWord.hint(for: line.upstream.value, among: upstreams))
            }
            let pattern = RoutePattern(line, numbers: &methods, problems: &problems)
            let conditions = compiler.conditions(of: line, pattern, problems: &problems)
            guard let pattern, let upstream else { continue }
            routes.append(
                CompiledRoute(
                    index: routes.count, label: line.label, name: Self.name(of: line), rule: rule,
                    ruleWords: line.ruleText, conditions: conditions, upstreamIndex: upstream,
                    acceptance: line.accept.reduce(into: []) { $0.formUnion(PathAcceptance($1.value)) },
                    stripAuthorization: line.stripAuthorization, place: line.place))
            patterns.append(pattern)
        }
        self.init(
            routes: routes, patterns: patterns, methods: methods, roles: roles,
            isWhole: configuration.routesAreWhole && routes.count == configuration.routes.count,
            publicHost: configuration.publicURL.host, filter: compiler.fields)
        let hasTies = reportTies(&problems)
        if !hasTies { reportTwins(&problems) }
        reportUnreachable(&problems)
        if isWhole { Self.reportUnused(configuration, &problems) }
    }

    private static func name(of line: RouteLine) -> String {
        line.methods.isEmpty ? line.label : "\(line.methods.map(\.value).joined(separator: ",")) \(line.label)"
    }

    private static func rule(
        _ line: RouteLine, roles: [String]?, ranks: RoleRanks, problems: inout Problems
    ) -> Rule {
        switch line.rule.value {
        case .anyone: return .anyone
        case .user: return .user
        case .roles(let names):
            for name in names { reportUnknown(name, roles: roles, problems: &problems) }
            return .roles(names.flatMap { ranks.standIns(for: $0.value) })
        }
    }

    /// A role that no user can have, once `roles` lists those that exist.
    static func reportUnknown(_ role: Located<String>, roles: [String]?, problems: inout Problems) {
        guard let known = roles, !known.contains(role.value) else { return }
        problems.error(
            at: role.place, "`roles` does not list `\(role.value)`", expected: known.joined(separator: ", "),
            hint: NearestWord.hint(for: role.value, among: known))
    }

    private static func reportUnused(_ configuration: Configuration, _ problems: inout Problems) {
        let lines = configuration.routes + configuration.shadows
        let named = lines.flatMap(\.conditions).compactMap { condition in
            if case .policy(let name) = condition.test { name.value } else { nil }
        }
        for policy in configuration.policies where !named.contains(policy.name.value) {
            problems.warning(
                at: policy.name.place, "no route asks for the policy `\(policy.name.value)`",
                hint: "a policy that nobody names decides nothing")
        }
        let used = Set(lines.map(\.upstream.value))
        for upstream in configuration.upstreams where !used.contains(upstream.name.value) {
            problems.warning(
                at: upstream.name.place, "no route leads to the upstream `\(upstream.name.value)`",
                hint: NearestWord.hint(for: upstream.name.value, among: used.sorted()))
        }
    }
}

extension RouteTable {
    /// Two routes are as specific as one another when host and path are the same and a method is covered by both, named
    /// by both or by neither. Nobody should have to know which line would win.
    private func reportTies(_ problems: inout Problems) -> Bool {
        var earlier: [RoutePattern.Reach: [Int]] = [:]
        var hasTies = false
        for (index, pattern) in patterns.enumerated() {
            for other in earlier[pattern.reach] ?? [] {
                guard let shared = shared(pattern.methods, patterns[other].methods) else { continue }
                hasTies = true
                problems.error(
                    at: routes[index].place,
                    "this route and the one at \(routes[other].place) are both for \(shared)\(routes[index].label)",
                    hint: "one of the two has to go; the order of lines decides nothing")
                break
            }
            earlier[pattern.reach, default: []].append(index)
        }
        return hasTies
    }

    /// The methods that two routes of the same path tie on, as words in front of it, or nil.
    private func shared(_ a: MethodSet?, _ b: MethodSet?) -> String? {
        guard let a, let b else { return a == nil && b == nil ? "" : nil }
        let both = a.intersection(b)
        return both.isEmpty ? nil : methods.text(both) + " "
    }

    /// Routes whose own path would be refused, because a backend that folds case may take it for another route's.
    private func reportTwins(_ problems: inout Problems) {
        for (index, pattern) in patterns.enumerated() {
            guard let path = try? CanonicalPath(pattern.sample.span), let method = sample(of: pattern.methods) else {
                continue
            }
            let host = pattern.sampleHost
            do throws(Reason) {
                _ = try route(method: method.span, host: host.span, path: path)
            } catch .ambiguousPath {
                let twin = patterns.indices.first {
                    $0 != index && CanonicalPath.fold(patterns[$0].sample, .everything) == path.foldedForm
                }
                let other = twin.map { "the route at \(routes[$0].place)" } ?? "another route"
                problems.error(
                    at: routes[index].place,
                    "requests for \(pattern.pathText) would be refused: a backend that folds case may take them for \(other)",
                    hint: "if the backends tell them apart, `accept case` on both routes says so")
            } catch {
                continue
            }
        }
    }

    private func sample(of set: MethodSet?) -> [UInt8]? {
        methods.names.indices.first { set?.contains($0) ?? true }.map { methods.names[$0] }
    }

    /// A route without a method beside routes that together name them all.
    private func reportUnreachable(_ problems: inout Problems) {
        var named: [RoutePattern.Reach: MethodSet] = [:]
        for pattern in patterns { named[pattern.reach, default: MethodSet()].bits |= pattern.methods?.bits ?? 0 }
        for (index, pattern) in patterns.enumerated() where pattern.methods == nil {
            guard named[pattern.reach] == methods.all else { continue }
            problems.warning(
                at: routes[index].place, "no request can reach this route: others of the same path name every method",
                hint: "remove it, or one of the others")
        }
    }
}

extension RouteLine {
    /// The rule as it is written.
    var ruleText: String {
        switch rule.value {
        case .anyone: "public"
        case .user: "user"
        case .roles(let names): "role " + names.map(\.value).joined(separator: " ")
        }
    }
}

extension PathAcceptance {
    init(_ spelling: AcceptedSpelling) {
        self =
            switch spelling {
            case .encodedSlash: .encodedSlash
            case .encodedBackslash: .encodedBackslash
            case .semicolon: .semicolon
            case .emptySegments: .emptySegments
            case .encodedPercent: .encodedPercent
            case .nonUTF8: .nonUTF8
            case .case: .case
            case .escapes: .escapes
            }
    }
}
