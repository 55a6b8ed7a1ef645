import Config
import HTTP

/// What is allowed and still bites: looked for in a configuration without errors, at every load, so that `check`, start and
/// reload say the same.
///
/// An exception that is meant is not silenced by a comment but by an `expect` line: it says what is meant, and holds it to that.
package struct Lints {
    let configuration: Configuration
    let table: RouteTable
    let results: [ExpectationResult]
    var problems: Problems

    /// Each route is compared with each other one, which a reload should not wait for when there are very many.
    private static let comparedMax = 2_000

    package static func run(_ configuration: Configuration, _ table: RouteTable, problems: inout Problems) {
        guard !problems.hasErrors else { return }
        var lints = Lints(
            configuration: configuration, table: table, results: table.results(of: configuration.expectations),
            problems: problems)
        if table.routes.count <= comparedMax {
            lints.reportHoles()
            lints.reportOverriddenMethods()
            lints.reportCrossing()
        } else if let first = table.routes.first {
            lints.problems.note(
                at: first.place, "with more than \(comparedMax) routes, holes and overlaps are not looked for")
        }
        lints.reportContradictions()
        lints.reportOpenRegistration()
        problems = lints.problems
    }

    // MARK: - Holes

    /// A public route inside a private prefix. What lies below `/*` is no hole: that is the rule for everything else.
    private mutating func reportHoles() {
        for (route, pattern) in zip(table.routes, table.patterns) {
            guard case .anyone = route.rule, !route.hasConditions,
                !isExpected(route, for: { $0.line.caller == .nobody })
            else { continue }
            let around = table.routes.filter { other in
                let outer = table.patterns[other.index]
                return other.index != route.index && outer.literal != [UInt8(ascii: "/")]
                    && outer.encloses(pattern) && (outer.methods?.intersects(pattern.methods) ?? true)
            }
            let nearest = around.max { table.patterns[$0.index].literal.count < table.patterns[$1.index].literal.count }
            guard let nearest, nearest.rule != .anyone else { continue }
            problems.warning(
                at: route.place, "everybody passes here, inside \(nearest.label), which is for \(nearest.ruleText)",
                hint:
                    "if that is meant, say so: expect \(sampleMethod(pattern)) \(samplePath(pattern)) as nobody -> 200")
        }
    }

    // MARK: - Methods

    /// `DELETE /api/*` for administrators beside `/api/orders/*` for users: the longer path decides about DELETE, too.
    private mutating func reportOverriddenMethods() {
        for wide in table.routes {
            let outer = table.patterns[wide.index]
            guard let methods = outer.methods, outer.coversBelow else { continue }
            for narrow in table.routes where narrow.index != wide.index {
                let inner = table.patterns[narrow.index]
                // That one is a hole, and reported as one.
                if case .anyone = narrow.rule, !narrow.hasConditions, outer.literal != [UInt8(ascii: "/")] { continue }
                guard outer.encloses(inner), inner.literal != outer.literal, !narrow.isAtLeastAsStrict(as: wide),
                    let method = decided(by: narrow, among: methods),
                    !isExpected(narrow, for: { methods.contains(table.methods.number(of: $0.line.method.value) ?? -1) })
                else { continue }
                problems.warning(
                    at: narrow.place,
                    "\(method) here is for \(narrow.ruleText == "public" ? "everybody" : narrow.ruleText), though \(wide.name) at \(wide.place) wants \(wide.ruleText): the longer path wins",
                    hint:
                        "add: route \(words(methods)) \(narrow.label) \(wide.ruleText) -> …; or, if it is meant: expect \(method) \(samplePath(inner)) as user -> …"
                )
            }
        }
    }

    /// One of the methods for which this route wins at its own path; nil when others of the same path have them all.
    private func decided(by route: CompiledRoute, among methods: MethodSet) -> String? {
        let pattern = table.patterns[route.index]
        for number in table.methods.names.indices where methods.contains(number) {
            let method = table.methods.names[number]
            let path = Array(samplePath(pattern).drop { $0 != "/" }.utf8)
            guard let canonical = try? CanonicalPath(path.span, accepting: table.acceptedAnywhere),
                let winner = try? table.route(method: method.span, host: pattern.sampleHost.span, path: canonical),
                winner == route.index
            else { continue }
            return String(decoding: method, as: UTF8.self)
        }
        return nil
    }

    // MARK: - Parameters

    /// `/a/{x}` beside `/{y}/b`: which of them decides about `/a/b` is a rule that few know by heart.
    private mutating func reportCrossing() {
        for (index, pattern) in table.patterns.enumerated() where !pattern.parameters.isEmpty {
            for other in 0..<index where !table.patterns[other].parameters.isEmpty {
                let (route, earlier) = (table.routes[index], table.routes[other])
                guard pattern.host == table.patterns[other].host, route.ruleText != earlier.ruleText,
                    let shared = pattern.crossing(table.patterns[other])
                else { continue }
                var question = Question(method: sampleMethod(pattern), path: shared)
                // A host that no route names, for those that name none.
                question.host = pattern.host == .any ? "invalid" : String(decoding: pattern.sampleHost, as: UTF8.self)
                let answer = table.answer(to: question)
                guard let winner = answer.route, winner.index == index || winner.index == other,
                    !isExpected(winner, for: { $0.line.path.value.hasPrefix(shared) })
                else { continue }
                problems.warning(
                    at: route.place, "\(shared) is covered by this route and by \(earlier.label) at \(earlier.place)",
                    hint:
                        "\(winner.label) decides, because it is literal further left; if that is meant: expect GET \(shared) as user -> …"
                )
            }
        }
    }

    // MARK: - Contradictions

    private mutating func reportContradictions() {
        for (route, pattern) in zip(table.routes, table.patterns) {
            for condition in route.conditions where !condition.isNegated {
                if case .anyone = route.rule, condition.isAboutCallerAlone {
                    problems.warning(
                        at: condition.place,
                        "the route is public, but `\(condition.text)` lets nobody pass without signing in",
                        hint: "leave `public` out")
                }
                if case .methods(let methods) = condition.test,
                    !methods.contains(where: {
                        table.methods.number(of: $0.span).map { pattern.methods?.contains($0) ?? true } ?? false
                    })
                {
                    let why =
                        pattern.methods.map { "the route is for \(words($0))" }
                        ?? "a method that no route names in front of its path is answered 501"
                    problems.warning(
                        at: condition.place, "no request passes: \(why)",
                        hint: "methods stand in front of the path, or in `method`; not two different ones")
                }
            }
        }
    }

    private mutating func reportOpenRegistration() {
        guard configuration.registrationOpen else { return }
        let open = table.routes.filter { $0.rule == .user && !$0.hasConditions }
        guard let first = open.first else { return }
        let others = open.count == 1 ? "" : " (and on \(open.count - 1) more)"
        problems.note(
            at: first.place, "registration is open, so any stranger can make an account and pass here\(others)",
            hint: "what is not for everybody needs a role or a condition")
    }

    // MARK: - Parts

    /// As they are written: GET brings HEAD with it.
    private func words(_ methods: MethodSet) -> String {
        var written = methods
        if let get = table.methods.number(of: "GET"), let head = table.methods.number(of: "HEAD"), methods.contains(get)
        {
            written.bits &= ~(1 << UInt64(head))
        }
        return table.methods.text(written)
    }

    /// Whether an expectation that holds is decided by the route.
    private func isExpected(_ route: CompiledRoute, for fits: (ExpectationResult) -> Bool) -> Bool {
        results.contains { $0.answer.route?.index == route.index && $0.holds && fits($0) }
    }

    private func sampleMethod(_ pattern: RoutePattern) -> String {
        let number = table.methods.names.indices.first { pattern.methods?.contains($0) ?? true } ?? 0
        return String(decoding: table.methods.names[number], as: UTF8.self)
    }

    /// A path, with its host, that the pattern covers and a more specific one hardly does.
    private func samplePath(_ pattern: RoutePattern) -> String {
        let path = String(decoding: pattern.sample, as: UTF8.self)
        let below = pattern.coversBelow ? (path == "/" ? "/x" : path + "/x") : path
        return String(decoding: pattern.sampleHost, as: UTF8.self) + below
    }
}

extension RoutePattern {
    /// Whether everything that the other covers lies below this one, methods aside.
    func encloses(_ other: RoutePattern) -> Bool {
        guard coversBelow, host.encloses(other.host) else { return false }
        let (own, others) = (segments, other.segments)
        guard own.count <= others.count, reach != other.reach else { return false }
        return zip(own, others).allSatisfy { $0 == $1 || $0 == Self.parameter }
    }

    /// A path that both cover although neither is more specific everywhere; nil when there is none.
    func crossing(_ other: RoutePattern) -> String? {
        let (own, others) = (segments, other.segments)
        guard own.count == others.count || (own.count < others.count ? coversBelow : other.coversBelow) else {
            return nil
        }
        var (isOwnLiteral, isOthersLiteral) = (false, false)
        var path = ""
        for index in 0..<max(own.count, others.count) {
            let (a, b) = (
                own.indices.contains(index) ? own[index] : nil, others.indices.contains(index) ? others[index] : nil
            )
            switch (a, b) {
            case (Self.parameter?, let literal?) where literal != Self.parameter: isOthersLiteral = true
            case (let literal?, Self.parameter?) where literal != Self.parameter: isOwnLiteral = true
            case (let a?, let b?) where a != b: return nil
            default: break
            }
            let segment = [a, b].compactMap { $0 }.first { $0 != Self.parameter } ?? Array("x".utf8)
            path += "/" + String(decoding: segment, as: UTF8.self)
        }
        return isOwnLiteral && isOthersLiteral ? path : nil
    }
}

extension RouteLine.Host {
    /// Whether a request to the other host is one to this.
    fileprivate func encloses(_ other: RouteLine.Host) -> Bool {
        switch (self, other) {
        case (.any, _): true
        case (_, .any): false
        case (.exact(let a), .exact(let b)): a == b
        case (.wildcard(let suffix), .exact(let name)): covers(Array(name.utf8)) && name != suffix
        case (.exact, .wildcard): false
        case (.wildcard(let a), .wildcard(let b)): b.hasSuffix(a)
        }
    }
}

extension MethodSet {
    /// Whether they share a method; nil is every method.
    fileprivate func intersects(_ other: MethodSet?) -> Bool { other.map { !intersection($0).isEmpty } ?? true }
}

extension MethodNumbers {
    fileprivate func number(of method: String) -> Int? { number(of: Array(method.utf8).span) }
}

extension CompiledRoute {
    /// Whether nobody passes here who would not pass there, as far as the words show it.
    fileprivate func isAtLeastAsStrict(as other: CompiledRoute) -> Bool {
        let isRuleStrict =
            switch (rule, other.rule) {
            case (_, .anyone): true
            case (.anyone, _): false
            case (_, .user): true
            case (.user, .roles): false
            case (.roles(let own), .roles(let others)): Set(own).isSubset(of: others)
            }
        let texts = Set(conditions.map(\.text))
        return isRuleStrict && other.conditions.allSatisfy { texts.contains($0.text) }
    }
}

extension Condition {
    /// Not a policy or a choice, in which something else may let somebody through.
    fileprivate var isAboutCallerAlone: Bool { asksAboutCaller && parts.isEmpty }
}
