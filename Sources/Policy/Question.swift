import Config
import HTTP
import Reasons

/// A request that somebody asks about without sending it: an expectation, or `explain`.
package struct Question: Sendable {
    package var method: String
    /// As in `Host`, perhaps with a port; empty for the public URL's.
    package var host = ""
    /// As a client would send it, perhaps with a query.
    package var path: String
    /// Nil for nobody.
    package var roles: [String]?
    package var claims: [String: [String]] = [:]
    /// As in `Facts`.
    package var withheldClaims: Set<String> = []
    /// 4 or 16 bytes; nil when it is not said.
    package var address: [UInt8]?
    package var fields: [(name: String, value: String)] = []
    /// Nil when it is not said.
    package var unixSeconds: Int64?

    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    /// The path as a client would send it: without query, and with what is not ASCII escaped. Everything else stays, so that
    /// one can ask about `/public/..%2fadmin`.
    package var rawPath: [UInt8] { path.utf8.prefix { $0 != UInt8(ascii: "?") }.flatMap(Self.escaped) }

    /// Without the `?`.
    package var query: [UInt8] { path.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst().flatMap(Self.escaped) }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        byte < 0x80 && byte != 0x20
            ? [byte] : Array("%\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8)
    }
}

/// What the gate would do with such a request, and what it came from.
package struct Answer: Sendable {
    /// Nil when the path is refused as such.
    package var path: CanonicalPath?
    /// The path lies in `/api/auth`, which no route is for.
    package var isOwn = false
    /// The route that won.
    package var route: CompiledRoute?
    package var facts: Facts
    /// Why it is refused; nil when it is let through.
    package var reason: Reason?

    /// Nothing is known yet.
    package init(facts: Facts) { self.facts = facts }

    /// 200 stands for "let through".
    package var status: UInt16 { reason?.status ?? 200 }

    /// The conditions of the route with what they say, in the order in which the gate looks at them. It stops at the first one
    /// that is not met.
    package var conditions: [(condition: Condition, verdict: Condition.Verdict)] {
        route?.conditions.map { ($0, $0.verdict(of: facts)) } ?? []
    }

    /// The condition that the request is refused for; of a policy, the line in it.
    package var unmet: Condition? { route?.unmet(by: facts) }
}

extension RouteTable {
    /// Answers with the very functions that serve requests.
    package func answer(to question: Question) -> Answer {
        let method = Array(question.method.utf8)
        var answer = Answer(facts: Facts())
        do throws(Reason) {
            guard knows(method: method.span) else { throw .methodNotImplemented }
            let path = try CanonicalPath(question.rawPath.span, accepting: acceptedAnywhere)
            answer.path = path
            answer.facts = facts(of: question, path: path)
            answer.isOwn = path.isOwn
            if path.isOwn { return answer }
            let host = Array((question.host.isEmpty ? publicHost : question.host).utf8)
            let route = routes[try route(method: method.span, host: host.span, path: path)]
            answer.route = route
            answer.reason = route.refusal(of: answer.facts)
        } catch {
            answer.reason = error
        }
        return answer
    }

    private func facts(of question: Question, path: CanonicalPath) -> Facts {
        var facts = Facts()
        facts.roles = question.roles
        facts.claims = question.claims
        facts.withheldClaims = question.withheldClaims
        facts.address = question.address
        facts.method = Array(question.method.utf8)
        facts.host = HostForest.key(Array((question.host.isEmpty ? publicHost : question.host).utf8).span)
        facts.path = path.bytes
        facts.isPathPlain = path.needs.isEmpty
        facts.query = question.query
        facts.fields = fieldsThatCross(question.fields)
        facts.unixSeconds = question.unixSeconds
        return facts
    }
}

extension RouteTable {
    /// The fields that a backend would get: without those that the gateway removes, or that `Connection` names.
    private func fieldsThatCross(_ sent: [(name: String, value: String)]) -> [(name: [UInt8], value: [UInt8])] {
        let connection = FoldedName("Connection")
        let values = sent.filter { FoldedName($0.name) == connection }.map { Array($0.value.utf8) }
        let named = values.flatMap { $0.split(separator: UInt8(ascii: ",")) }
            .map { $0.filter { $0 != 0x20 && $0 != 0x09 }.map(Self.lowered) }
        return sent.map { (Array($0.name.utf8), Array($0.value.utf8)) }.filter { name, _ in
            !named.contains(name.map(Self.lowered)) && filter?.action(for: name.span, fromTrustedPeer: false) != .drop
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension Facts {
    /// A `Host` field as conditions compare it.
    package static func hostKey(_ host: borrowing Span<UInt8>) -> [UInt8] { HostForest.key(host) }
}
