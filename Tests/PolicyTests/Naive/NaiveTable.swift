import Reasons

/// A route as a person would compare it: no tree, no numbers, no folding ahead of time.
struct NaiveRoute {
    enum Rule {
        case anyone
        case user
        case role([String])
    }

    var methods: [String] = []
    var host = ""
    /// As it is written; nil stands for a parameter.
    var segments: [String?] = [] { didSet { path = Self.pattern(of: segments) } }
    private(set) var path = Self.pattern(of: [])
    var coversBelow = false
    var rule = Rule.anyone
    var conditions: [NaiveCondition] = []
    var accept: [String] = []

    var line: String {
        let rule =
            switch rule {
            case .anyone: "public"
            case .user: "user"
            case .role(let names): "role \(names.joined(separator: " "))"
            }
        let path = segments.enumerated().map { "/" + ($1 ?? "{p\($0)}") }.joined() + (coversBelow ? "/*" : "")
        let words =
            ["route"] + (methods.isEmpty ? [] : [methods.joined(separator: ",")])
            + ["\(host)\(path.isEmpty ? "/" : path)", rule] + conditions.map(\.line)
            + (accept.isEmpty ? [] : ["accept"] + accept)
        return (words + ["-> web"]).joined(separator: " ")
    }

    /// `path` in canonical spelling; a parameter is a segment of one NUL, which no path has.
    static func pattern(of segments: [String?]) -> [UInt8] {
        if segments.isEmpty { return [UInt8(ascii: "/")] }
        return segments.flatMap { segment -> [UInt8] in
            guard let segment else { return [UInt8(ascii: "/"), 0] }
            return NaivePath(Array("/\(segment)".utf8))?.forwarded ?? []
        }
    }

    func covers(method: String) -> Bool {
        methods.isEmpty || methods.contains(method) || method == "HEAD" && methods.contains("GET")
    }

    /// - Parameter pattern: `path`, or how it is folded.
    func covers(_ path: [[UInt8]], as pattern: [[UInt8]]) -> Bool {
        guard coversBelow ? path.count >= pattern.count : path.count == pattern.count else { return false }
        return zip(pattern, path).allSatisfy { $0 == [0] ? !$1.isEmpty : $0 == $1 }
    }

    /// Compared from left to right, the larger wins: exact host, longer wildcard, none; a literal segment over a parameter
    /// over the end of the path; exact over `/*`; a named method over none.
    func rank(as pattern: [[UInt8]]) -> [Int] {
        [host.isEmpty ? 0 : host.hasPrefix("*") ? 1 : 2, host.count] + pattern.map { $0 == [0] ? 2 : 3 }
            + [coversBelow ? 0 : 1, methods.isEmpty ? 0 : 1]
    }

    /// Without port, root dot and letter case.
    static func bare(_ host: String) -> String {
        let name = host.prefix { $0 != ":" }
        return (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
    }

    static func isCovered(host: String, by pattern: String) -> Bool {
        if pattern.hasPrefix("*") { return host.hasSuffix(pattern.dropFirst()) && host.count >= pattern.count }
        return pattern.isEmpty || host == pattern
    }
}

/// A whole configuration, searched from top to bottom for every request.
struct NaiveTable {
    enum Outcome: Equatable {
        /// The gateway answers it itself.
        case own
        case refused(Reason)
        /// The route of that number decides: refused, or let through where there is no reason not to.
        case decided(by: Int, Reason?)
    }

    private enum Winner: Equatable {
        case none
        case one(Int)
        case several
    }

    var routes: [NaiveRoute] = []
    /// From the highest down; empty when no roles are listed.
    var ranks: [String] = []
    var policies: [(name: String, lines: [NaiveCondition])] = []

    var text: String {
        let policies = policies.map { "policy \($0.name) { \($0.lines.map(\.line).joined(separator: "; ")) }" }
        let roles = ranks.isEmpty ? [] : ["roles \(ranks.joined(separator: " > ")) other"]
        return (routes.map(\.line) + policies + roles + ["route PURGE never.example/ -> web"]).joined(separator: "\n")
    }

    /// Whether two routes can never be told apart, which the configuration refuses.
    func ties(with route: NaiveRoute) -> Bool {
        routes.contains { other in
            other.host == route.host && other.path == route.path && other.coversBelow == route.coversBelow
                && (other.methods.isEmpty && route.methods.isEmpty
                    || other.methods.contains(where: { route.covers(method: $0) && !route.methods.isEmpty })
                    || route.methods.contains(where: { other.covers(method: $0) && !other.methods.isEmpty }))
        }
    }

    /// What the contract says of a request.
    func outcome(_ request: NaiveRequest) -> Outcome {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"]
        guard known.contains(request.method) else { return .refused(.methodNotImplemented) }
        guard let path = NaivePath(request.path) else { return .refused(.ambiguousPath) }
        // Two programs could differ on a path that no route accepts, whoever answers it.
        guard path.needs.isSubset(of: routes.flatMap(\.accept)) else { return .refused(.ambiguousPath) }
        if NaivePath.isOwn(path.forwarded) { return .own }
        if request.host.contains("%") { return .refused(.badHost) }

        let winner = winner(request, path.forwarded, routes.map(\.path))
        var accept: [String] = []
        if case .one(let index) = winner { accept = routes[index].accept }
        guard path.needs.isSubset(of: accept) else { return .refused(.ambiguousPath) }
        let read = path.readings.union([path.forwarded])
        if read.contains(where: { NaivePath.isOwn(NaivePath.fold($0)) }) { return .refused(.ambiguousPath) }
        let (foldsCase, foldsEscapes) = (!accept.contains("case"), !accept.contains("escapes"))
        var folds: [([UInt8]) -> [UInt8]] = [{ NaivePath.fold($0, case: foldsCase, escapes: foldsEscapes) }]
        // Of an accepted path nobody knows whether its letters were folded.
        if !path.readings.isEmpty { folds.append { NaivePath.fold($0, case: false) } }
        for fold in folds {
            let patterns = routes.map { fold($0.path) }
            for reading in Set(read.map(fold)) where self.winner(request, reading, patterns) != winner {
                return .refused(.ambiguousPath)
            }
        }
        guard case .one(let index) = winner else { return .refused(.noRoute) }
        return .decided(by: index, refusal(of: request, by: routes[index]))
    }

    /// - Parameter patterns: the routes' paths, spelled as `path` is.
    private func winner(_ request: NaiveRequest, _ path: [UInt8], _ patterns: [[UInt8]]) -> Winner {
        let segments = NaivePath.segments(path)
        let host = NaiveRoute.bare(request.host)
        var best: (rank: [Int], winner: Winner) = ([], .none)
        for (index, route) in routes.enumerated()
        where NaiveRoute.isCovered(host: host, by: route.host) && route.covers(method: request.method) {
            let pattern = NaivePath.segments(patterns[index])
            guard route.covers(segments, as: pattern) else { continue }
            let rank = route.rank(as: pattern)
            if rank == best.rank {
                best.winner = .several
            } else if best.rank.lexicographicallyPrecedes(rank) {
                best = (rank, .one(index))
            }
        }
        return best.winner
    }

    private func refusal(of request: NaiveRequest, by route: NaiveRoute) -> Reason? {
        switch route.rule {
        case .anyone: break
        case .user: if request.roles == nil { return .tokenMissing }
        case .role(let names):
            if request.roles == nil { return .tokenMissing }
            if !names.contains(where: { has(request.roles, $0) }) { return .forbidden }
        }
        guard let culprit = NaiveCondition.culprit(route.conditions, request, self) else { return nil }
        if !culprit.isAboutCaller { return .conditionNotMet }
        return request.roles == nil ? .tokenMissing : .forbidden
    }

    /// Whether somebody with these roles has a role, or one that is ranked above it.
    func has(_ roles: [String]?, _ role: String) -> Bool {
        let above = ranks.firstIndex(of: role).map { Array(ranks[...$0]) } ?? [role]
        return above.contains { roles?.contains($0) ?? false }
    }

    /// A segment of the path, as every program reads it; nil when two could differ.
    func segment(_ number: Int, of raw: [UInt8]) -> String? {
        guard let path = NaivePath(raw), path.needs.isEmpty else { return nil }
        let segments = NaivePath.segments(path.forwarded)
        guard number < segments.count else { return nil }
        let decoded = NaivePath.decoded(segments[number])
        guard decoded.allSatisfy({ $0 > 32 && $0 < 127 && !"/\\;%".utf8.contains($0) }) else { return nil }
        return String(decoding: decoded, as: UTF8.self)
    }
}
