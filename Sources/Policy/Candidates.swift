import Config
import HTTP

/// A route whose path covers a request's, and why it does not decide.
package struct Candidate: Sendable {
    package let route: CompiledRoute
    /// Nil for the winner.
    package let whyLost: String?
}

extension RouteTable {
    /// The routes whose path covers a path, the winner first, then the others in the order of the file. For people: the winner is
    /// what `route(method:host:path:)` says; this only finds words for the others.
    package func candidates(for answer: Answer) -> [Candidate] {
        guard let path = answer.path, !answer.isOwn else { return [] }
        let segments = path.bytes.split(separator: UInt8(ascii: "/")).map(Array.init)
        var candidates: [Candidate] = []
        for (route, pattern) in zip(routes, patterns) where pattern.covers(segments) {
            if route.index == answer.route?.index {
                candidates.insert(Candidate(route: route, whyLost: nil), at: 0)
            } else {
                let why = whyLost(pattern, answer)
                candidates.append(Candidate(route: route, whyLost: why))
            }
        }
        return candidates
    }

    private func whyLost(_ pattern: RoutePattern, _ answer: Answer) -> String {
        if let methods = pattern.methods, let number = number(of: answer.facts.method), !methods.contains(number) {
            return "it is for \(self.methods.text(methods)) only"
        }
        if !pattern.host.covers(answer.facts.host) { return "it is for another host" }
        guard let winner = answer.route.map({ patterns[$0.index] }) else {
            return "the path is refused before any route decides"
        }
        if pattern.host != winner.host { return "the winner's host is more specific" }
        if pattern.literal != winner.literal {
            return "the winner's path is more specific: \(winner.pathText)\(winner.coversBelow ? "/*" : "")"
        }
        if pattern.coversBelow, !winner.coversBelow { return "the winner is for exactly this path" }
        return "the winner names the method"
    }

    private func number(of method: [UInt8]) -> Int? { methods.number(of: method.span) }
}

extension RoutePattern {
    /// Segment by segment, without the tree.
    func covers(_ segments: [[UInt8]]) -> Bool {
        let own = self.segments
        guard coversBelow ? segments.count >= own.count : segments.count == own.count else { return false }
        return zip(own, segments).allSatisfy { $0 == Self.parameter || $0 == $1 }
    }
}

extension RouteLine.Host {
    /// - Parameter host: as `HostForest.key` makes it.
    func covers(_ host: [UInt8]) -> Bool {
        switch self {
        case .any: true
        case .exact(let name): host.elementsEqual(name.utf8)
        case .wildcard(let suffix):
            host.count > suffix.utf8.count && host.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        }
    }
}
