import Config
import HTTP
import Reasons

/// One condition of a route, compiled. The running gate, expectations and explanations all ask `verdict(of:)`.
package struct Condition: Sendable {
    /// What a condition says of a request. Unclear is what two readers could read differently, or what is not known; only
    /// `yes` lets through, and the opposite of unclear is unclear.
    package enum Verdict: String, Sendable {
        case yes, no, unclear
    }

    indirect enum Test: Sendable {
        /// For each list, the caller has one of its roles.
        case roles([[String]])
        case claim(name: String, ValueTest)
        case parameter(segment: Int, claim: String)
        case from([AddressRange])
        case methods([[UInt8]])
        case hosts([RouteLine.Host])
        case header(FoldedName, name: [UInt8], ValueTest)
        case query(name: [UInt8], ValueTest)
        case between(TimeWindow)
        case all([Condition])
        case any([[Condition]])
    }

    enum ValueTest: Sendable {
        case among([[UInt8]])
        case present
    }

    /// Where it is written: in the route, or in the policy that the route names.
    package let place: Place
    /// As it is written.
    package let text: String
    let isNegated: Bool
    let test: Test

    /// The conditions that this one is made of.
    package var parts: [[Condition]] {
        switch test {
        case .all(let conditions): [conditions]
        case .any(let sentences): sentences
        default: []
        }
    }

    package func verdict(of facts: borrowing Facts) -> Verdict {
        let verdict = bareVerdict(of: facts)
        guard isNegated else { return verdict }
        return switch verdict {
        case .yes: .no
        case .no: .yes
        case .unclear: .unclear
        }
    }

    private func bareVerdict(of facts: borrowing Facts) -> Verdict {
        switch test {
        case .roles(let lists):
            guard let held = facts.roles else { return .no }
            return lists.allSatisfy { list in list.contains { wanted in held.contains { Rule.isSame(wanted, $0) } } }
                ? .yes : .no
        case .claim(let name, let wanted):
            guard !facts.withheldClaims.contains(name) else { return .unclear }
            guard let values = facts.claims[name] else { return .no }
            return switch wanted {
            case .present: .yes
            case .among(let wanted): values.contains { wanted.contains(Array($0.utf8)) } ? .yes : .no
            }
        case .parameter(let segment, let claim):
            guard !facts.withheldClaims.contains(claim) else { return .unclear }
            guard let values = facts.claims[claim], !values.isEmpty else { return .no }
            guard let value = facts.segment(segment) else { return .unclear }
            return values.contains { $0.utf8.elementsEqual(value) } ? .yes : .no
        case .from(let ranges):
            guard let address = facts.address else { return .unclear }
            return ranges.contains { $0.contains(address) } ? .yes : .no
        case .methods(let methods): return methods.contains(facts.method) ? .yes : .no
        case .hosts(let hosts):
            let host = facts.host
            return hosts.contains { $0.covers(host) } ? .yes : .no
        case .header(let folded, let name, let wanted): return Self.verdict(facts.field(folded, exactly: name), wanted)
        case .query(let name, let wanted): return Self.verdict(facts.queryParameter(name), wanted)
        case .between(let window):
            return facts.unixSeconds.map { window.contains(unixSeconds: $0) ? .yes : .no } ?? .unclear
        case .all(let conditions): return Self.all(conditions, facts)
        case .any(let sentences):
            var verdict = Verdict.no
            for sentence in sentences {
                switch Self.all(sentence, facts) {
                case .yes: return .yes
                case .unclear: verdict = .unclear
                case .no: break
                }
            }
            return verdict
        }
    }

    private static func all(_ conditions: [Condition], _ facts: borrowing Facts) -> Verdict {
        var verdict = Verdict.yes
        for condition in conditions {
            switch condition.verdict(of: facts) {
            case .yes: break
            case .unclear: verdict = .unclear
            case .no: return .no
            }
        }
        return verdict
    }

    private static func verdict(_ found: Facts.Found, _ wanted: ValueTest) -> Verdict {
        switch (found, wanted) {
        case (.unclear, _): .unclear
        case (.absent, _): .no
        case (.one, .present): .yes
        case (.one(let value), .among(let values)): values.contains(value) ? .yes : .no
        }
    }

    /// Whether signing in, or as somebody else, could change the verdict.
    var asksAboutCaller: Bool {
        switch test {
        case .roles, .claim, .parameter: true
        case .from, .methods, .hosts, .header, .query, .between: false
        case .all, .any: parts.contains { $0.contains(where: \.asksAboutCaller) }
        }
    }

    /// What of this condition, which is not met, is to blame: of a policy, its first line that is not met.
    func culprit(of facts: borrowing Facts) -> Condition {
        guard !isNegated, case .all(let lines) = test else { return self }
        for line in lines where line.verdict(of: facts) != .yes { return line.culprit(of: facts) }
        return self
    }

    /// This condition and all that it is made of, outermost first.
    var withParts: [Condition] { [self] + parts.flatMap { $0.flatMap(\.withParts) } }
}

extension Condition {
    /// What the request has where the condition looks: `10.0.0.7`, `claim tenant is not there`.
    package func finding(in facts: Facts) -> String {
        switch test {
        case .roles: facts.roles.map { $0.isEmpty ? "no role" : "role \($0.joined(separator: " "))" } ?? "nobody"
        case .claim(let name, _) where facts.withheldClaims.contains(name):
            "another issuer's, who may mean anything by it"
        case .claim(let name, _): Self.shown(facts.claims[name])
        case .parameter(let segment, let claim):
            "\(facts.segment(segment).map { String(decoding: $0, as: UTF8.self) } ?? "a segment that two programs could read differently"), and \(claim) is \(Self.shown(facts.claims[claim]))"
        case .from: facts.address.map(Self.shown) ?? "no address is known"
        case .methods: String(decoding: facts.method, as: UTF8.self)
        case .hosts: facts.host.isEmpty ? "no host" : String(decoding: facts.host, as: UTF8.self)
        case .header(let folded, let name, _): Self.shown(facts.field(folded, exactly: name))
        case .query(let name, _): Self.shown(facts.queryParameter(name))
        case .between: facts.unixSeconds.map(Self.shown) ?? "no time is known"
        case .all, .any: ""
        }
    }

    private static func shown(_ values: [String]?) -> String {
        guard let values else { return "not there" }
        return values.isEmpty ? "an object" : values.joined(separator: ", ")
    }

    private static func shown(_ found: Facts.Found) -> String {
        switch found {
        case .absent: "not there"
        case .one(let value): String(decoding: value, as: UTF8.self)
        case .unclear: "there more than once, or in another spelling"
        }
    }

    private static func shown(_ address: [UInt8]) -> String {
        if address.count == 4 { return address.map { String($0) }.joined(separator: ".") }
        return stride(from: 0, to: address.count - 1, by: 2)
            .map { String(UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// `wed 14:30 UTC`
    private static func shown(_ unixSeconds: Int64) -> String {
        let minutes = unixSeconds >= 0 ? unixSeconds / 60 : 0
        let day = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"][Int(minutes / 1440 % 7)]
        let two = { (number: Int64) in (number < 10 ? "0" : "") + String(number) }
        return "\(day) \(two(minutes % 1440 / 60)):\(two(minutes % 60)) UTC"
    }
}
