import Config

/// What the expectations of a configuration do not touch.
package struct Coverage: Sendable {
    /// A condition, wherever it is written; one of a policy is one, however many routes share it.
    package struct Gap: Sendable {
        package let place: Place
        package let text: String
        /// No expectation sees it hold, or none sees it not hold.
        package let isNeverMet: Bool
        package let isNeverUnmet: Bool
    }

    package let routeCount: Int
    /// Routes that decide about no expectation.
    package let untouchedRoutes: [CompiledRoute]
    package let conditionCount: Int
    package let gaps: [Gap]

    package init(of table: RouteTable, by results: [ExpectationResult]) {
        let touched = Set(results.compactMap { $0.answer.route?.index })
        routeCount = table.routes.count
        untouchedRoutes = table.routes.filter { !touched.contains($0.index) }

        var met: Set<Place> = []
        var unmet: Set<Place> = []
        for result in results {
            guard let route = result.answer.route, route.rule.refusal(roles: result.answer.facts.roles) == nil else {
                continue
            }
            // As far as the gate looks: up to the first condition that refuses.
            for condition in route.conditions {
                for part in condition.withParts {
                    if part.verdict(of: result.answer.facts) == .yes {
                        met.insert(part.place)
                    } else {
                        unmet.insert(part.place)
                    }
                }
                if condition.verdict(of: result.answer.facts) != .yes { break }
            }
        }
        var seen: Set<Place> = []
        let conditions = table.routes.flatMap(\.conditions).flatMap(\.withParts)
            // What a policy is made of says more than the word `policy` in each route.
            .filter { $0.parts.isEmpty && seen.insert($0.place).inserted }
        conditionCount = conditions.count
        gaps = conditions.compactMap { condition in
            let (isNeverMet, isNeverUnmet) = (!met.contains(condition.place), !unmet.contains(condition.place))
            guard isNeverMet || isNeverUnmet else { return nil }
            return Gap(
                place: condition.place, text: condition.text, isNeverMet: isNeverMet, isNeverUnmet: isNeverUnmet)
        }
    }
}
