import Config

/// Which roles stand in for which: with `roles owner > admin > user`, whoever is `owner` counts as `admin` and `user`.
struct RoleRanks: Sendable {
    /// A role, then all that are ranked above it.
    private var standIns: [String: [String]] = [:]

    init(_ ranks: [RoleRank], problems: inout Problems) {
        var above: [String: [String]] = [:]
        for rank in ranks {
            if Self.reach(rank.lower.value, from: rank.higher.value, above) {
                problems.error(
                    at: rank.lower.place, "`\(rank.lower.value)` is ranked above `\(rank.higher.value)` already",
                    hint: "ranks that go round in a circle would make all of these roles the same")
            } else {
                above[rank.lower.value, default: []].append(rank.higher.value)
            }
        }
        for role in above.keys {
            var all = [role]
            var index = 0
            while index < all.count {
                for higher in above[all[index]] ?? [] where !all.contains(higher) { all.append(higher) }
                index += 1
            }
            standIns[role] = all
        }
    }

    /// The roles one of which is needed where this one is asked for.
    func standIns(for role: String) -> [String] { standIns[role] ?? [role] }

    /// Whether `target` is `start` or ranked above it.
    private static func reach(_ target: String, from start: String, _ above: [String: [String]]) -> Bool {
        var waiting = [start]
        var seen: Set<String> = []
        while let role = waiting.popLast() {
            if role == target { return true }
            if seen.insert(role).inserted { waiting += above[role] ?? [] }
        }
        return false
    }
}
