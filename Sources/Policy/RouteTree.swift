/// The routes of one host pattern as a radix tree of path segments, laid out flat so that a look-up touches no reference
/// count.
///
/// A slash at a path's end decides nothing: `/a` and `/a/` are the same to every pattern. An empty segment is a segment
/// that no pattern names.
struct RouteTree: Sendable {
    /// One of the routes that end at a node.
    private struct Entry {
        /// Nil: any method.
        var methods: MethodSet?
        var route: Int
    }

    private struct Node {
        /// The segment, as a range of `labels`.
        var labelStart = 0
        var labelEnd = 0
        var parent = -1
        /// The children stand side by side, sorted by length and then by bytes.
        var childStart = 0
        var childEnd = 0
        /// The child for any one segment, or -1.
        var parameter = -1
        /// The routes for exactly this path, as a range of `entries`; those for this path and everything below follow
        /// them.
        var exactStart = 0
        var belowStart = 0
        var belowEnd = 0
    }

    /// What a look-up finds.
    enum Winner: Equatable {
        case none
        case route(Int)
        /// Two routes that are as specific as one another: only in a folded tree, where patterns that differ in case
        /// come together.
        case several
    }

    private var nodes: [Node] = []
    private var labels: [UInt8] = []
    private var entries: [Entry] = []
    /// Without one, nothing has to be tried a second time.
    private var hasParameters = false

    /// - Parameter patterns: literal paths in the spelling that is to be looked up, with the route each belongs to.
    init(_ patterns: [(literal: [UInt8], coversBelow: Bool, methods: MethodSet?, route: Int)]) {
        let root = Growing(label: [])
        for pattern in patterns {
            var node = root
            for segment in pattern.literal.split(separator: Self.slash) { node = node.child(Array(segment)) }
            let entry = Entry(methods: pattern.methods, route: pattern.route)
            if pattern.coversBelow { node.below.append(entry) } else { node.exact.append(entry) }
        }
        flatten(root)
    }

    /// The most specific route that covers the path and the method: the longest literal path, an exact one before one
    /// with `/*`, then one that names the method before one that does not. At most one look at each segment, and one
    /// comparison for each doubling of a node's children.
    ///
    /// Where there are parameters, a literal segment is tried before them; no node is looked at twice.
    func winner(_ path: borrowing Span<UInt8>, method: Int) -> Winner {
        if hasParameters { return winner(below: 0, path, 0, method) }
        var node = 0
        var index = 0
        var isWhole = true
        // Each round stands on a slash; one that ends the path begins no segment.
        while index + 1 < path.count {
            var end = index + 1
            while end < path.count, path[end] != Self.slash { end += 1 }
            guard let child = child(of: node, path, index + 1, end) else {
                isWhole = false
                break
            }
            node = child
            index = end
        }
        if isWhole {
            let exact = winner(nodes[node].exactStart, nodes[node].belowStart, method)
            if exact != .none { return exact }
        }
        while node >= 0 {
            let below = winner(nodes[node].belowStart, nodes[node].belowEnd, method)
            if below != .none { return below }
            node = nodes[node].parent
        }
        return .none
    }

    /// The winner in the part of the tree that begins at `node`; `start` is the slash behind what has led there.
    private func winner(below node: Int, _ path: borrowing Span<UInt8>, _ start: Int, _ method: Int) -> Winner {
        if start + 1 >= path.count {
            let exact = winner(nodes[node].exactStart, nodes[node].belowStart, method)
            if exact != .none { return exact }
        } else {
            var end = start + 1
            while end < path.count, path[end] != Self.slash { end += 1 }
            if let child = child(of: node, path, start + 1, end) {
                let found = winner(below: child, path, end, method)
                if found != .none { return found }
            }
            // A parameter is never empty: two programs differ on whether `//` has a segment in it.
            if nodes[node].parameter >= 0, end > start + 1 {
                let found = winner(below: nodes[node].parameter, path, end, method)
                if found != .none { return found }
            }
        }
        return winner(nodes[node].belowStart, nodes[node].belowEnd, method)
    }

    private func winner(_ start: Int, _ end: Int, _ method: Int) -> Winner {
        var named = Winner.none
        var any = Winner.none
        for index in start..<end {
            let entry = entries[index]
            if let methods = entry.methods {
                if methods.contains(method) { named = named == .none ? .route(entry.route) : .several }
            } else {
                any = any == .none ? .route(entry.route) : .several
            }
        }
        return named == .none ? any : named
    }

    private func child(of node: Int, _ path: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var low = nodes[node].childStart
        var high = nodes[node].childEnd
        while low < high {
            let middle = low + (high - low) / 2
            let order = compare(middle, path, start, end)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Below zero when the node's label sorts before the segment: by length, then by bytes.
    private func compare(_ node: Int, _ path: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        let labelStart = nodes[node].labelStart
        let length = nodes[node].labelEnd - labelStart
        if length != end - start { return length - (end - start) }
        for offset in 0..<length {
            let (a, b) = (labels[labelStart + offset], path[start + offset])
            if a != b { return Int(a) - Int(b) }
        }
        return 0
    }

    private static let slash = UInt8(ascii: "/")
}

extension RouteTree {
    /// The tree while it grows.
    private final class Growing {
        let label: [UInt8]
        var children: [[UInt8]: Growing] = [:]
        var exact: [Entry] = []
        var below: [Entry] = []

        init(label: [UInt8]) { self.label = label }

        func child(_ label: [UInt8]) -> Growing {
            if let child = children[label] { return child }
            let child = Growing(label: label)
            children[label] = child
            return child
        }
    }

    /// Level by level, so that the children of a node stand side by side.
    private mutating func flatten(_ root: Growing) {
        var waiting = [root]
        nodes = [Node()]
        var index = 0
        while index < waiting.count {
            let growing = waiting[index]
            nodes[index].labelStart = labels.count
            labels += growing.label
            nodes[index].labelEnd = labels.count
            nodes[index].exactStart = entries.count
            entries += growing.exact
            nodes[index].belowStart = entries.count
            entries += growing.below
            nodes[index].belowEnd = entries.count
            nodes[index].childStart = nodes.count
            let parameter = growing.children.removeValue(forKey: RoutePattern.parameter)
            let children = growing.children.values.sorted {
                $0.label.count == $1.label.count
                    ? $0.label.lexicographicallyPrecedes($1.label) : $0.label.count < $1.label.count
            }
            for child in children {
                nodes.append(Node(parent: index))
                waiting.append(child)
            }
            nodes[index].childEnd = nodes.count
            if let parameter {
                nodes[index].parameter = nodes.count
                nodes.append(Node(parent: index))
                waiting.append(parameter)
                hasParameters = true
            }
            index += 1
        }
    }
}
