/// Somebody's request, and what is known about it. Its facts are drawn from short lists, and what each of them means is
/// written beside it, so that nothing has to be parsed to know.
struct NaiveRequest {
    /// What a field or a parameter of the query has in it; nil when two programs could differ about that.
    typealias Found = [String]?

    var method = "GET"
    var host = ""
    var path: [UInt8] = []
    /// Nil for nobody.
    var roles: [String]?
    var claims: [String: [String]] = [:]
    var address: (bytes: [UInt8], text: String)?
    var query: (text: String, debug: Found) = ("", [])
    var fields: (all: [(name: String, value: String)], env: Found) = ([], [])
    /// Minutes of the day, in UTC.
    var minute: Int?
}

/// A condition that writes itself and says, straight from the manual, whether it holds.
indirect enum NaiveCondition {
    case role([String])
    case allRoles([String])
    /// Without values: it is there.
    case claim(String, [String]?)
    case parameter(segment: Int, claim: String)
    case from([UInt8], bits: Int)
    case method(String)
    case host(String)
    case header([String]?)
    case query([String]?)
    case between(Int, Int)
    case not(NaiveCondition)
    case policy(String, [NaiveCondition])
    case any([[NaiveCondition]])

    var line: String {
        switch self {
        case .role(let names): "role \(names.joined(separator: " "))"
        case .allRoles(let names): "all-roles \(names.joined(separator: " "))"
        case .claim(let name, let values): "claim \(name) \(Self.test(values))"
        case .parameter(let segment, let claim): "where p\(segment) is \(claim)"
        case .from(let bytes, let bits): "from \(bytes.map { "\($0)" }.joined(separator: "."))/\(bits)"
        case .method(let name): "method \(name)"
        case .host(let name): "host \(name)"
        case .header(let values): "header X-Env \(Self.test(values))"
        case .query(let values): "query debug \(Self.test(values))"
        case .between(let from, let to): "between \(Self.clock(from)) and \(Self.clock(to))"
        case .not(let condition): "not \(condition.line)"
        case .policy(let name, _): "policy \(name)"
        case .any(let sentences):
            "any { \(sentences.map { $0.map(\.line).joined(separator: " ") }.joined(separator: "; ")) }"
        }
    }

    /// True, false, or nil where nobody can tell.
    func holds(for request: NaiveRequest, _ world: NaiveTable) -> Bool? {
        switch self {
        case .role(let names): return names.contains { world.has(request.roles, $0) }
        case .allRoles(let names): return names.allSatisfy { world.has(request.roles, $0) }
        case .claim(let name, let wanted):
            guard let values = request.claims[name] else { return false }
            return wanted.map { $0.contains { values.contains($0) } } ?? true
        case .parameter(let segment, let claim):
            guard let values = request.claims[claim], !values.isEmpty else { return false }
            return world.segment(segment, of: request.path).map { values.contains($0) }
        case .from(let wanted, let bits):
            guard let address = request.address?.bytes else { return nil }
            return address.count == 4 && Self.bits(address).prefix(bits) == Self.bits(wanted).prefix(bits)
        case .method(let name): return request.method == name || name == "GET" && request.method == "HEAD"
        case .host(let pattern): return NaiveRoute.isCovered(host: NaiveRoute.bare(request.host), by: pattern)
        case .header(let wanted): return Self.holds(request.fields.env, wanted)
        case .query(let wanted): return Self.holds(request.query.debug, wanted)
        case .between(let from, let to):
            return request.minute.map { from < to ? (from..<to).contains($0) : $0 >= from || $0 < to }
        case .not(let condition): return condition.holds(for: request, world).map { !$0 }
        case .policy(_, let lines): return Self.all(lines, request, world)
        case .any(let sentences):
            let verdicts = sentences.map { Self.all($0, request, world) }
            return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
        }
    }

    /// Whether it is about who is calling: then signing in could help.
    var isAboutCaller: Bool {
        switch self {
        case .role, .allRoles, .claim, .parameter: true
        case .not(let condition): condition.isAboutCaller
        case .policy(_, let lines): lines.contains(where: \.isAboutCaller)
        case .any(let sentences): sentences.joined().contains(where: \.isAboutCaller)
        default: false
        }
    }

    /// Of conditions that all have to hold, the first that does not: in a policy, its line.
    static func culprit(_ conditions: [NaiveCondition], _ request: NaiveRequest, _ world: NaiveTable) -> NaiveCondition?
    {
        guard let first = conditions.first(where: { $0.holds(for: request, world) != true }) else { return nil }
        if case .policy(_, let lines) = first { return culprit(lines, request, world) }
        return first
    }

    private static func all(_ conditions: [NaiveCondition], _ request: NaiveRequest, _ world: NaiveTable) -> Bool? {
        let verdicts = conditions.map { $0.holds(for: request, world) }
        return verdicts.contains(false) ? false : verdicts.contains(nil) ? nil : true
    }

    private static func holds(_ found: NaiveRequest.Found, _ wanted: [String]?) -> Bool? {
        found.map { found in wanted.map { $0.contains { found.contains($0) } } ?? !found.isEmpty }
    }

    private static func bits(_ address: [UInt8]) -> [Bool] {
        address.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 == 1 } }
    }

    private static func test(_ values: [String]?) -> String {
        guard let values else { return "present" }
        return values.count == 1 ? "is \(values[0])" : "in \(values.joined(separator: " "))"
    }

    private static func clock(_ minute: Int) -> String {
        let two = { (number: Int) in (number < 10 ? "0" : "") + "\(number)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }
}
