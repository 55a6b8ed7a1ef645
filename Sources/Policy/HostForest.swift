import Config

/// The route trees of all host patterns, for one spelling of paths.
struct HostForest: Sendable {
    private var exact: [[UInt8]: RouteTree] = [:]
    /// The longest suffix first: it is the most specific.
    private var wildcards: [(suffix: [UInt8], tree: RouteTree)] = []
    private var any: RouteTree?

    /// - Parameter spelling: what is done to each pattern's literal path, and will have been done to what is looked up.
    init(_ patterns: [RoutePattern], spelling: ([UInt8]) -> [UInt8]) {
        var byHost: [RouteLine.Host: [(literal: [UInt8], coversBelow: Bool, methods: MethodSet?, route: Int)]] = [:]
        for (route, pattern) in patterns.enumerated() {
            byHost[pattern.host, default: []].append(
                (spelling(pattern.literal), pattern.coversBelow, pattern.methods, route))
        }
        for (host, patterns) in byHost {
            let tree = RouteTree(patterns)
            switch host {
            case .any: any = tree
            case .exact(let name): exact[Array(name.utf8)] = tree
            case .wildcard(let suffix): wildcards.append((Array(suffix.utf8), tree))
            }
        }
        wildcards.sort { $0.suffix.count > $1.suffix.count }
    }

    /// Whether a request's host decides anything.
    var minds: Bool { !exact.isEmpty || !wildcards.isEmpty }

    /// - Parameter host: as `HostForest.key` makes it; not looked at unless `minds`.
    func winner(host: [UInt8], path: borrowing Span<UInt8>, method: Int) -> RouteTree.Winner {
        if minds {
            if let found = exact[host]?.winner(path, method: method), found != .none { return found }
            for (suffix, tree) in wildcards where host.count > suffix.count && host.suffix(suffix.count) == suffix[...]
            {
                let found = tree.winner(path, method: method)
                if found != .none { return found }
            }
        }
        return any?.winner(path, method: method) ?? .none
    }

    /// A `Host` field without port and without the root's dot, ASCII letters lowered: `App.Example.com.:8080` and
    /// `app.example.com` are one virtual host to the servers behind us, so they are one here.
    static func key(_ host: borrowing Span<UInt8>) -> [UInt8] {
        var end = host.count
        let isBracketed = host.count > 0 && host[0] == UInt8(ascii: "[")
        for index in host.indices {
            if isBracketed ? host[index] == UInt8(ascii: "]") : host[index] == UInt8(ascii: ":") {
                end = isBracketed ? index + 1 : index
                break
            }
        }
        if end > 0, host[end - 1] == UInt8(ascii: ".") { end -= 1 }
        var key: [UInt8] = []
        key.reserveCapacity(end)
        for index in 0..<end {
            let byte = host[index]
            key.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        return key
    }
}
