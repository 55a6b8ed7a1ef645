import Config
import HTTP
import Reasons

/// All routes, compiled once when the configuration loads.
///
/// The winner does not depend on the order of lines: an exact host wins over a wildcard (the longer suffix first) over
/// none, then, segment by segment, a literal over a parameter, then the longer path, an exact one before one with `/*`,
/// then a route that names the method. A route whose host or method does not fit is no candidate.
package struct RouteTable: Sendable {
    package let routes: [CompiledRoute]
    /// Everything that any route accepts: pass it to `CanonicalPath.init`, which then need not work on what no route
    /// would let through.
    package let acceptedAnywhere: PathAcceptance

    /// The roles that exist, when the configuration lists them.
    let roles: [String]?
    /// The claims that some condition asks for: what a verifier has to keep.
    package let askedClaims: Set<String>
    /// Whether every `route` of the configuration is in the table.
    let isWhole: Bool
    let patterns: [RoutePattern]
    let methods: MethodNumbers
    /// What a question that names no host is asked at.
    let publicHost: String
    /// What a backend gets of a client's fields.
    let filter: ForwardedFields?
    /// For canonical paths.
    private let canonical: HostForest
    /// For folded paths, by what was folded. Only those foldings are there that some route may need.
    private let folded: [CanonicalPath.Folding: HostForest]
    /// Folding changes no pattern, so that a path which it does not change either needs no second look.
    private let patternsAreFolded: Bool

    init(
        routes: [CompiledRoute], patterns: [RoutePattern], methods: MethodNumbers, roles: [String]?, isWhole: Bool,
        publicHost: String = "", filter: ForwardedFields? = nil
    ) {
        self.routes = routes
        self.publicHost = publicHost
        self.filter = filter
        self.roles = roles
        askedClaims = Set(
            routes.flatMap { $0.conditions.flatMap(\.withParts) }.compactMap { condition in
                switch condition.test {
                case .claim(let name, _), .parameter(_, let name): name
                default: nil
                }
            })
        self.isWhole = isWhole
        self.patterns = patterns
        self.methods = methods
        acceptedAnywhere = routes.reduce(into: []) { $0.formUnion($1.acceptance) }
        canonical = HostForest(patterns) { $0 }
        var foldings: Set<CanonicalPath.Folding> = [.everything, .escapes]
        for route in routes { foldings.insert(Self.folding(under: route.acceptance)) }
        folded = Dictionary(
            uniqueKeysWithValues: foldings.map { folding in
                (folding, HostForest(patterns) { CanonicalPath.fold($0, folding) })
            })
        patternsAreFolded = patterns.allSatisfy {
            CanonicalPath.fold($0.literal, .everything) == $0.literal
        }
    }

    /// The route that is in force for a request, as an index into `routes`.
    ///
    /// Deterministic, without I/O; for a plain path without host routes it allocates nothing.
    ///
    /// - Parameter host: the `Host` field as sent, with or without port.
    /// - Throws: `.noRoute`; `.ambiguousPath` when a backend could read the path as another route's;
    ///   `.methodNotImplemented` for a method that neither HTTP's common list nor the configuration names; `.badHost`
    ///   for an escaped host where routes are told apart by host.
    package func route(
        method: borrowing Span<UInt8>, host: borrowing Span<UInt8>, path: borrowing CanonicalPath
    ) throws(Reason) -> Int {
        guard let number = methods.number(of: method) else { throw .methodNotImplemented }
        // The gateway's own paths never reach a backend, even if a caller forgets to ask first.
        if path.isOwn { throw .noRoute }
        let hostKey = canonical.minds ? HostForest.key(host) : []
        if hostKey.contains(UInt8(ascii: "%")) { throw .badHost }

        let winner = canonical.winner(host: hostKey, path: path.bytes.span, method: number)
        let acceptance: PathAcceptance =
            if case .route(let index) = winner { routes[index].acceptance } else { [] }
        guard acceptance.isSuperset(of: path.needs) else { throw .ambiguousPath }
        try checkFolded(path, winner: winner, acceptance: acceptance, host: hostKey, method: number)
        for reading in path.readings {
            try check(reading, winner: winner, acceptance: acceptance, host: hostKey, method: number)
        }
        guard case .route(let index) = winner else { throw .noRoute }
        return index
    }

    /// Whether a method is one of GET HEAD POST PUT PATCH DELETE OPTIONS or named by a route.
    package func knows(method: borrowing Span<UInt8>) -> Bool { methods.number(of: method) != nil }
}

extension RouteTable {
    /// What a route leaves to be folded: it accepted the rest, because its backend does not fold it.
    private static func folding(under acceptance: PathAcceptance) -> CanonicalPath.Folding {
        var folding = CanonicalPath.Folding.everything
        if acceptance.contains(.case) { folding.remove(.case) }
        if acceptance.contains(.escapes) { folding.remove(.escapes) }
        return folding
    }

    /// Refuses a path that a backend which folds case and escapes would take for another route's, or that it would take
    /// for the gateway's own.
    private func checkFolded(
        _ path: borrowing CanonicalPath, winner: RouteTree.Winner, acceptance: PathAcceptance, host: [UInt8],
        method: Int
    ) throws(Reason) {
        if let folded = path.folded {
            if CanonicalPath.isOwn(folded) { throw .ambiguousPath }
        } else if patternsAreFolded {
            return
        }
        let folding = Self.folding(under: acceptance)
        let folded = folding == .everything ? path.folded ?? path.bytes : CanonicalPath.fold(path.bytes, folding)
        try check(folded, folding, winner, host, method)
    }

    /// Refuses when one reading of an accepted path leads elsewhere, as it stands or folded.
    private func check(
        _ reading: [UInt8], winner: RouteTree.Winner, acceptance: PathAcceptance, host: [UInt8], method: Int
    ) throws(Reason) {
        if CanonicalPath.isOwn(CanonicalPath.fold(reading, .everything)) { throw .ambiguousPath }
        for folding in Set([.escapes, Self.folding(under: acceptance)]) {
            try check(CanonicalPath.fold(reading, folding), folding, winner, host, method)
        }
    }

    private func check(
        _ path: [UInt8], _ folding: CanonicalPath.Folding, _ winner: RouteTree.Winner, _ host: [UInt8], _ method: Int
    ) throws(Reason) {
        guard folded[folding]?.winner(host: host, path: path.span, method: method) == winner else {
            throw .ambiguousPath
        }
    }
}
