import Config
import HTTP
import Reasons

/// A route as the pipeline uses it; a class, so that to hand it on costs one reference.
package final class CompiledRoute: Sendable {
    /// Its place in `RouteTable.routes`.
    package let index: Int
    /// `[HOST]PATH` as written.
    package let label: String
    /// `[METHOD[,METHOD]… ][HOST]PATH`: what logs and metrics show.
    package let name: String
    /// With the roles that `roles` ranks above the ones that are written.
    package let rule: Rule
    /// The rule as written, `user` where nothing is.
    package let ruleWords: String
    /// The rule and the conditions as written.
    package var ruleText: String { ([ruleWords] + conditions.map(\.text)).joined(separator: " ") }
    /// All of them have to hold, besides the rule.
    package let conditions: [Condition]
    /// Whether there are any: all that a request on a plain route asks about them.
    package let hasConditions: Bool
    /// The header fields that conditions look at.
    package let askedFields: [FoldedName]
    /// An index into `Configuration.upstreams`.
    package let upstreamIndex: Int
    package let acceptance: PathAcceptance
    package let stripAuthorization: Bool
    /// The `route` line.
    package let place: Place

    init(
        index: Int, label: String, name: String, rule: Rule, ruleWords: String, conditions: [Condition],
        upstreamIndex: Int,
        acceptance: PathAcceptance, stripAuthorization: Bool, place: Place
    ) {
        self.index = index
        self.label = label
        self.name = name
        self.rule = rule
        self.ruleWords = ruleWords
        self.conditions = conditions
        hasConditions = !conditions.isEmpty
        askedFields = conditions.flatMap(\.withParts).compactMap { condition in
            if case .header(let name, _, _) = condition.test { name } else { nil }
        }
        self.upstreamIndex = upstreamIndex
        self.acceptance = acceptance
        self.stripAuthorization = stripAuthorization
        self.place = place
    }

    /// Why a request is refused; nil when it is let through. The whole decision: the gate, expectations and explanations
    /// call this, and the gate leaves out of it only what a route without conditions does not have.
    package func refusal(of facts: borrowing Facts) -> Reason? {
        if let refusal = rule.refusal(roles: facts.roles) { return refusal }
        for condition in conditions where condition.verdict(of: facts) != .yes {
            guard condition.culprit(of: facts).asksAboutCaller else { return .conditionNotMet }
            // Signing in could change that.
            return facts.roles == nil ? .tokenMissing : .forbidden
        }
        return nil
    }

    /// The condition that a request is refused for; of a policy, the line in it. Nil when there is none.
    package func unmet(by facts: borrowing Facts) -> Condition? {
        guard rule.refusal(roles: facts.roles) == nil else { return nil }
        for condition in conditions where condition.verdict(of: facts) != .yes { return condition.culprit(of: facts) }
        return nil
    }
}
