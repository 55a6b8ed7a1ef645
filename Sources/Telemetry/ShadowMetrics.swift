/// What `shadow` lines would have decided, as one core has counted it.
package struct ShadowMetrics: Sendable {
    /// A `shadow` line, by what it says.
    package struct Line: Hashable, Sendable {
        /// `[METHOD ][HOST]PATH`.
        package let route: String
        /// The rule and its conditions as written.
        package let rule: String

        package init(route: String, rule: String) {
            self.route = route
            self.rule = rule
        }
    }

    package enum Outcome: Int, Sendable, CaseIterable {
        /// As the rule in force.
        case same
        /// Let through, and would be refused.
        case refuse
        /// Refused, and would be let through.
        case allow
        /// Refused with another code, or let through to another upstream.
        case other
    }

    /// The lines of this core's configuration, in their order.
    package let lines: [Line]
    /// By line and outcome.
    private var counts: [UInt64]
    /// What other cores have counted.
    private var added: [Line: [UInt64]] = [:]

    package init(lines: [Line] = []) {
        self.lines = lines
        counts = [UInt64](repeating: 0, count: lines.count * Outcome.allCases.count)
    }

    /// - Parameter line: its place in `lines`.
    mutating func count(_ line: Int, _ outcome: Outcome) {
        let index = line * Outcome.allCases.count + outcome.rawValue
        if counts.indices.contains(index) { counts[index] &+= 1 }
    }

    /// Lines meet by what they say: one that a reload has changed begins anew.
    static func += (sum: inout ShadowMetrics, other: ShadowMetrics) {
        for (line, counts) in other.all {
            sum.added[line] = zip(sum.added[line] ?? counts.map { _ in 0 }, counts).map { $0 &+ $1 }
        }
    }

    private var all: [Line: [UInt64]] {
        var all = added
        for (index, line) in lines.enumerated() {
            all[line] = Outcome.allCases.map { outcome in
                counts[index * Outcome.allCases.count + outcome.rawValue] &+ (added[line]?[outcome.rawValue] ?? 0)
            }
        }
        return all
    }

    /// What was counted for a line, by outcome.
    package func counted(_ line: Line) -> [(outcome: Outcome, count: UInt64)] {
        let counts = all[line] ?? []
        return Outcome.allCases.map { ($0, counts.indices.contains($0.rawValue) ? counts[$0.rawValue] : 0) }
    }

    /// Every line that was ever counted, sorted.
    package var everyLine: [Line] { all.keys.sorted { ($0.route, $0.rule) < ($1.route, $1.rule) } }
}
