import HTTP
import Policy
import Testing

@Suite("The compiled routes against a naive reading of the contract")
struct NaiveRouteTests {
    /// A route as a person would compare it: no tree, no numbers, no folding.
    private struct NaiveRoute {
        let method: String?
        let host: String
        let path: String

        /// Each `{p}` gets a name of its own.
        var line: String {
            var count = 0
            let named = path.split(separator: "/", omittingEmptySubsequences: false).map { segment -> Substring in
                count += 1
                return segment == "{p}" ? "{p\(count)}" : segment
            }
            return "route \(method.map { $0 + " " } ?? "")\(host)\(named.joined(separator: "/")) public -> web"
        }

        func covers(method: String, host: String, path: [String]) -> Bool {
            if let own = self.method, own != method, !(own == "GET" && method == "HEAD") { return false }
            if self.host.hasPrefix("*") {
                guard host.hasSuffix(self.host.dropFirst()), host.count > self.host.count - 1 else { return false }
            } else if !self.host.isEmpty, self.host != host {
                return false
            }
            guard coversBelow ? path.count >= segments.count : path.count == segments.count else { return false }
            return zip(segments, path).allSatisfy { $0 == "{p}" || $0 == $1 }
        }

        var coversBelow: Bool { path.hasSuffix("/*") }
        var segments: [String] { path.split(separator: "/").map(String.init).filter { $0 != "*" } }

        /// Compared from left to right, the larger wins: a literal segment over a parameter over the end of the path.
        var rank: [Int] {
            [host.isEmpty ? 0 : host.hasPrefix("*") ? 1 : 2, host.count] + segments.map { $0 == "{p}" ? 2 : 3 }
                + [coversBelow ? 0 : 1, method == nil ? 0 : 1]
        }
    }

    @Test("100,000 pairs of random tables and requests agree") func randomPairs() throws {
        var random = SplitMix(seed: 42)
        func pick<Element>(_ elements: [Element]) -> Element { elements[Int(random.next() % UInt64(elements.count))] }
        let segments = ["a", "b", "c", "ab", "a.b", "~"]
        let hosts = ["", "", "", "x.example", "y.x.example", "*.example", "*.x.example"]
        let methods: [String?] = [nil, nil, "GET", "POST", "PURGE", "HEAD"]
        var pairs = 0
        while pairs < 100_000 {
            var routes: [NaiveRoute] = []
            for _ in 0..<(1 + Int(random.next() % 12)) {
                let path = (0..<Int(random.next() % 4)).map { _ in "/" + pick(segments + ["{p}", "{p}"]) }.joined()
                let end = pick(["", "/*"])
                let route = NaiveRoute(
                    method: pick(methods), host: pick(hosts), path: path + end == "" ? "/" : path + end)
                let ties = routes.contains { other in
                    other.host == route.host && other.segments == route.segments
                        && other.coversBelow == route.coversBelow
                        && (other.method == route.method
                            || Set([other.method, route.method]) == ["GET", "HEAD"])
                }
                if !ties { routes.append(route) }
            }
            let lines = routes.map(\.line).joined(separator: "\n")
            let (table, problems) = compile(lines + "\nroute PURGE never.example/ -> web")
            try #require(!problems.hasErrors, "\(problems.report())")
            for _ in 0..<200 {
                let path = (0..<Int(random.next() % 5)).map { _ in pick(segments) }
                let raw = "/" + path.joined(separator: "/") + (path.isEmpty ? "" : pick(["", "", "/"]))
                let (method, host) = (
                    pick(["GET", "POST", "HEAD", "PURGE", "PUT"]), pick(["x.example", "y.x.example", "z", "b.example"])
                )
                let naive = routes.indices
                    .filter { routes[$0].covers(method: method, host: host, path: path) }
                    .max { routes[$0].rank.lexicographicallyPrecedes(routes[$1].rank) }
                let found = table.winningLine(method, host, raw)
                if found != naive {
                    Issue.record("\(method) \(host)\(raw): \(found ?? -1), not \(naive ?? -1), in\n\(lines)")
                }
                pairs += 1
            }
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
