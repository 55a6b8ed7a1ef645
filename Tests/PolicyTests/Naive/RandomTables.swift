import TestRandom

/// Draws tables and requests out of few words, so that they collide: prefixes of one another, spellings that differ in
/// case, in escapes or in what a lax backend trims, wildcards over hosts that are named as well.
struct RandomTables {
    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    private static let plain = ["a", "b", "ab", "a.b", "k", "x"]
    private static let odd = ["A", "Ab", "a.", "a:$b", "[", "%5B", "a%20", "%EF%BD%81", "b%C3%A9", "~", "api", "auth"]
    private static let hosts = ["x.example", "y.x.example", "*.example", "*.x.example", "[::1]"]
    private static let methods = ["GET", "HEAD", "POST", "DELETE", "PURGE"]
    private static let roles = ["owner", "admin", "user", "other"]
    private static let spellings = [
        "encoded-slash", "encoded-backslash", "semicolon", "empty-segments", "encoded-percent", "non-utf8", "case",
        "escapes",
    ]

    mutating func table() -> NaiveTable {
        var table = NaiveTable()
        if chance(2) { table.ranks = ["owner", "admin", "user"] }
        for name in ["p", "q"] where chance(2) { table.policies.append((name, lines())) }
        let isAccepting = chance(2)
        for _ in 0..<number(1...12) {
            let route = route(table.policies, isAccepting: isAccepting)
            // `/api/auth` is not for routes, whatever case.
            if !table.ties(with: route), !NaivePath.isOwn(NaivePath.fold(route.path)) { table.routes.append(route) }
        }
        return table
    }

    private mutating func route(
        _ policies: [(name: String, lines: [NaiveCondition])], isAccepting: Bool
    ) -> NaiveRoute {
        var route = NaiveRoute()
        if chance(3) { route.methods = [pick(Self.methods)] }
        if route.methods == ["POST"], chance(2) { route.methods.append("DELETE") }
        if chance(3) { route.host = pick(Self.hosts) }
        for _ in 0..<number(0...3) {
            route.segments.append(chance(4) ? nil : pick(chance(5) ? Self.odd : Self.plain))
        }
        route.coversBelow = chance(2)
        route.rule = pick([.anyone, .anyone, .user, .role(["admin"]), .role(["user", "other"])])
        if chance(3) {
            for _ in 0..<number(1...2) { route.conditions.append(condition(depth: 0)) }
            if let policy = policies.randomElement(using: &random) {
                let condition = NaiveCondition.policy(policy.name, policy.lines)
                route.conditions.append(chance(4) ? .not(condition) : condition)
            }
            if let segment = route.segments.firstIndex(of: nil) {
                let condition = NaiveCondition.parameter(segment: segment, claim: pick(["sub", "tenant"]))
                route.conditions.append(chance(4) ? .not(condition) : condition)
            }
            // At the level of a route this word is its rule.
            route.conditions.removeAll { if case .role = $0 { true } else { false } }
        }
        if isAccepting {
            route.accept = chance(3) ? Self.spellings : Self.spellings.filter { _ in chance(3) }
        }
        return route
    }

    private mutating func lines() -> [NaiveCondition] {
        var lines = (0..<number(1...2)).map { _ in condition(depth: 0) }
        if chance(2) {
            lines.append(.any((0..<2).map { _ in (0..<number(1...2)).map { _ in condition(depth: 1) } }))
        }
        return lines
    }

    private mutating func condition(depth: Int) -> NaiveCondition {
        if depth < 2, chance(3) { return .not(condition(depth: 2)) }
        switch number(0...8) {
        case 0: return .role([pick(Self.roles)])
        case 1: return .allRoles([pick(Self.roles), pick(Self.roles)])
        case 2: return .claim(pick(["tenant", "sub"]), pick([nil, ["a"], ["a", "b"]]))
        case 3: return .from([10, 0, 0, 0], bits: pick([8, 16]))
        case 4: return .method(pick(Self.methods))
        case 5: return .host(pick(Self.hosts.dropLast()))
        case 6: return .header(pick([nil, ["prod"], ["prod", "test"]]))
        case 7: return .query(pick([nil, ["1"], ["0", "1"]]))
        default: return pick([.between(8 * 60, 18 * 60), .between(22 * 60, 6 * 60)])
        }
    }

    // MARK: Requests

    mutating func request(for table: NaiveTable) -> NaiveRequest {
        var request = NaiveRequest()
        request.method = pick([
            "GET", "GET", "HEAD", "POST", "DELETE", "PUT", "PURGE", "GET", "GET", "GET", "POST", "DELETE", "HEAD",
            "PUT", "PURGE", "WHO",
        ])
        request.host = pick([
            "x.example", "Y.X.Example:80", "z.x.example.", "b.example", "localhost:8080", "other", "", "x.example:443",
            "y.x.example", "x%2eexample",
        ])
        request.path = chance(30) ? own() : path(table)
        request.roles = pick([nil, [], ["user"], ["admin"], ["owner", "other"], ["Admin"]])
        request.claims = pick([[:], ["sub": ["a"]], ["sub": ["b"], "tenant": ["a", "c"]], ["tenant": []]])
        request.address = pick([
            nil, ([10, 0, 9, 1], "10.0.9.1"), ([10, 1, 0, 1], "10.1.0.1"), ([192, 0, 2, 1], "192.0.2.1"),
        ])
        request.query = pick([
            ("", []), ("?debug=1", ["1"]), ("?a=b&debug=0", ["0"]), ("?debug=1&debug=1", nil), ("?Debug=1", nil),
            ("?debug=1;x", nil), ("?debug%3D1", []), ("?%64ebug=1", ["1"]),
        ])
        request.fields = pick([
            ([], []), ([("x-env", "prod")], ["prod"]), ([("X-Env", "test"), ("Accept", "prod")], ["test"]),
            ([("X-Env", "prod"), ("X-Env", "prod")], nil), ([("X.Env", "prod")], nil),
        ])
        request.minute = pick([nil, 0, 480, 720, 1079, 1080, 1439])
        return request
    }

    private mutating func own() -> [UInt8] {
        Array(
            pick(["/api/auth", "/api/auth/a", "/API/auth", "/api/%61uth/a", "/api/authx", "/api%2fauth", "/api//auth"])
                .utf8)
    }

    /// Often a path that some route covers, and then often spelled in another way.
    private mutating func path(_ table: NaiveTable) -> [UInt8] {
        var segments =
            table.routes.randomElement(using: &random)?.segments.map { $0 ?? pick(["a", "b", "A", "a%40"]) } ?? []
        if chance(3) { segments = (0..<number(0...4)).map { _ in pick(Self.plain + Self.odd) } }
        if chance(3) { segments += (0..<number(1...2)).map { _ in pick(Self.plain) } }
        if chance(5), !segments.isEmpty { segments.removeLast() }
        var path = "/" + segments.joined(separator: "/")
        if chance(4) { path += "/" }
        if chance(2) { for _ in 0..<number(1...2) { path = respelled(path) } }
        return Array(path.utf8)
    }

    /// One byte at a random place changed into something that may or may not mean the same.
    private mutating func respelled(_ path: String) -> String {
        let bytes = Array(path.utf8)
        let at = number(0...(bytes.count - 1))
        let byte = bytes[at]
        let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: chance(2))
        let character = String(UnicodeScalar(byte))
        let other: String
        switch number(0...13) {
        case 0: other = character.uppercased()
        case 1: other = character.lowercased()
        case 2: other = "%" + digits
        case 3: other = "%25" + digits
        case 4: other = character + pick([".", "%20", ":$b", "::$DATA", "%C2%A0"])
        case 5: other = character + character
        case 6: other = character + pick([";", ";v=1", "%3b", "%3B/"])
        case 7: other = pick(["%2F", "%2f", "%5C", "%5c", "\\", "%EF%BC%8F", "%E2%88%96"])
        case 8: other = character + pick(["/./", "/../", "/%2e%2e/", "/..;/", "/.%2e", "/%EF%BC%8E/", "/%E2%80%A5/"])
        case 9: other = character + pick(["%", "%4", "%00", "%3F", "%23", "%0a", "%u0061", "%25u0061", "%zz"])
        case 10: other = character + pick(["%C3%A9", "%E9", "%C0%AF", "%C1%81", "%E0%80%AF", "%FF"])
        case 11: other = pick(["%EF%BD%81", "%EF%BC%A1", "%E2%84%AA", "a", "/", ""])
        case 12: other = character + pick(["[", "%5B", "|", "^", "%5E", "~", "%7E", "!", "%21", ":$"])
        default: other = ""
        }
        let result =
            String(decoding: bytes[..<at], as: UTF8.self) + other + String(decoding: bytes[(at + 1)...], as: UTF8.self)
        return result.hasPrefix("/") ? result : "/" + result
    }

    // MARK: Dice

    private mutating func chance(_ one: Int) -> Bool { random.next() % UInt64(one) == 0 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.next() % UInt64(elements.count))]
    }
}
