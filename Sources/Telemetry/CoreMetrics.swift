import Reasons

/// What one core has counted. A plain value that the core owns and changes without a lock; the admin listener asks every
/// core for its copy and adds them up (`+=`).
package struct CoreMetrics: Sendable {
    /// Where a request was counted: a route of the configuration, or one of the two places that have none.
    package enum Place: Sendable, Equatable {
        /// The index of the route in the list the value was made with.
        case route(Int)
        /// `/api/auth`.
        case accounts
        /// No route covered it, or it was refused before a route was looked for.
        case none
    }

    /// How asking an upstream ended.
    package enum UpstreamOutcome: Int, Sendable, CaseIterable {
        case answered
        /// Sent once more on a fresh connection, because the reused one had died.
        case retried
        case unreachable
        case closed
        case malformed
        case timeout
        /// The client went away first.
        case abandoned
    }

    /// A call of `/api/auth` whose outcomes are worth a graph.
    package enum AccountsCall: String, Sendable, CaseIterable {
        case login, register, refresh, logout
    }

    /// The connections of the core at this moment.
    package struct Connections: Sendable, Equatable {
        package var clientsActive: UInt64 = 0
        package var clientsIdle: UInt64 = 0
        package var upstreamsActive: UInt64 = 0
        package var upstreamsIdle: UInt64 = 0

        package init() {}
    }

    struct RouteKey: Hashable {
        let route: String
        let statusClass: UInt8
    }

    struct AccountsKey: Hashable {
        let call: AccountsCall
        /// Nil: it went well.
        let refusal: Reason?
    }

    struct UpstreamKey: Hashable {
        let upstream: String
        let outcome: UpstreamOutcome
    }

    private let routeLabels: [String]
    private let upstreamNames: [String]
    /// By place (the routes, then `.accounts`, then `.none`) and class of status: counting is on the path of every
    /// request, so it looks up no name.
    private var placeCounts: [UInt64]
    /// By upstream and outcome.
    private var upstreamCounts: [UInt64]
    private var allowed: UInt64 = 0
    private var refusals: [Reason: UInt64] = [:]
    /// What other cores have counted, added by `+=`.
    private var addedRequests: [RouteKey: UInt64] = [:]
    private var addedUpstreams: [UpstreamKey: UInt64] = [:]
    private(set) var accounts: [AccountsKey: UInt64] = [:]
    private(set) var requestSeconds = Histogram()
    private(set) var upstreamSeconds = Histogram()
    private(set) var bytesIn: UInt64 = 0
    private(set) var bytesOut: UInt64 = 0
    private(set) var connectionsAccepted: UInt64 = 0
    private(set) var connectionsRefused: UInt64 = 0
    private(set) var tokenCacheHits: UInt64 = 0
    private(set) var tokenCacheMisses: UInt64 = 0
    /// A gauge: the core writes the present numbers into it before it hands the value out.
    package var connections = Connections()
    package private(set) var shadows: ShadowMetrics

    /// - Parameters:
    ///   - routeLabels: the routes as the configuration writes them (`DELETE /api/*`). Raw paths have no place here: a
    ///     client could make one series of its own for every request.
    ///   - upstreamNames: the upstreams by their names in the configuration.
    package init(routeLabels: [String], upstreamNames: [String] = [], shadowLines: [ShadowMetrics.Line] = []) {
        shadows = ShadowMetrics(lines: shadowLines)
        self.routeLabels = routeLabels
        self.upstreamNames = upstreamNames
        placeCounts = [UInt64](repeating: 0, count: (routeLabels.count + 2) * Self.statusClasses)
        upstreamCounts = [UInt64](repeating: 0, count: upstreamNames.count * UpstreamOutcome.allCases.count)
    }

    private static let statusClasses = 10

    /// One answered request. `status` 0 is a client that went away before its answer.
    package mutating func countRequest(
        _ place: Place, status: UInt16, microseconds: UInt64, bytesIn: UInt64, bytesOut: UInt64
    ) {
        let row =
            switch place {
            case .route(let index) where routeLabels.indices.contains(index): index
            case .accounts: routeLabels.count
            case .route, .none: routeLabels.count + 1
            }
        placeCounts[row * Self.statusClasses + Int(min(status / 100, 9))] &+= 1
        requestSeconds.add(microseconds: microseconds)
        self.bytesIn &+= bytesIn
        self.bytesOut &+= bytesOut
    }

    /// One decision of the gate; nil is "let through".
    package mutating func countDecision(_ refusal: Reason?) {
        if let refusal { refusals[refusal, default: 0] &+= 1 } else { allowed &+= 1 }
    }

    /// One request that a `shadow` line would decide about.
    package mutating func countShadow(_ line: Int, _ outcome: ShadowMetrics.Outcome) { shadows.count(line, outcome) }

    /// - Parameters:
    ///   - upstream: its place in `upstreamNames`.
    ///   - microseconds: until the head of its answer; nil when there was none.
    package mutating func countUpstream(_ upstream: Int, _ outcome: UpstreamOutcome, microseconds: UInt64? = nil) {
        let index = upstream * UpstreamOutcome.allCases.count + outcome.rawValue
        guard upstreamCounts.indices.contains(index) else { return }
        upstreamCounts[index] &+= 1
        if let microseconds { upstreamSeconds.add(microseconds: microseconds) }
    }

    /// One call of `/api/auth`; nil is "went well".
    package mutating func countAccounts(_ call: AccountsCall, refusal: Reason?) {
        accounts[AccountsKey(call: call, refusal: refusal), default: 0] &+= 1
    }

    package mutating func countConnectionAccepted() { connectionsAccepted &+= 1 }

    /// A connection that was closed at once, because there were too many or no descriptor was left.
    package mutating func countConnectionRefused() { connectionsRefused &+= 1 }

    package mutating func countTokenCache(isHit: Bool) {
        if isHit { tokenCacheHits &+= 1 } else { tokenCacheMisses &+= 1 }
    }

    /// Adds what another core counted, also under another configuration: routes meet by their label.
    package static func += (sum: inout CoreMetrics, other: CoreMetrics) {
        sum.addedRequests.merge(other.requests, uniquingKeysWith: &+)
        sum.allowed &+= other.allowed
        sum.refusals.merge(other.refusals, uniquingKeysWith: &+)
        sum.accounts.merge(other.accounts, uniquingKeysWith: &+)
        sum.addedUpstreams.merge(other.upstreams, uniquingKeysWith: &+)
        sum.shadows += other.shadows
        sum.requestSeconds += other.requestSeconds
        sum.upstreamSeconds += other.upstreamSeconds
        sum.bytesIn &+= other.bytesIn
        sum.bytesOut &+= other.bytesOut
        sum.connectionsAccepted &+= other.connectionsAccepted
        sum.connectionsRefused &+= other.connectionsRefused
        sum.tokenCacheHits &+= other.tokenCacheHits
        sum.tokenCacheMisses &+= other.tokenCacheMisses
        sum.connections.clientsActive &+= other.connections.clientsActive
        sum.connections.clientsIdle &+= other.connections.clientsIdle
        sum.connections.upstreamsActive &+= other.connections.upstreamsActive
        sum.connections.upstreamsIdle &+= other.connections.upstreamsIdle
    }
}

// What was counted, by name: for the pages that show it.
extension CoreMetrics {
    var requests: [RouteKey: UInt64] {
        var counts = addedRequests
        let labels = routeLabels + ["/api/auth/*", "none"]
        for (index, count) in placeCounts.enumerated() where count > 0 {
            let (row, statusClass) = index.quotientAndRemainder(dividingBy: Self.statusClasses)
            counts[RouteKey(route: labels[row], statusClass: UInt8(statusClass)), default: 0] &+= count
        }
        return counts
    }

    /// Nil is "let through".
    var decisions: [Reason?: UInt64] {
        var counts: [Reason?: UInt64] = allowed > 0 ? [nil: allowed] : [:]
        for (reason, count) in refusals { counts[reason] = count }
        return counts
    }

    var upstreams: [UpstreamKey: UInt64] {
        var counts = addedUpstreams
        let outcomes = UpstreamOutcome.allCases
        for (index, count) in upstreamCounts.enumerated() where count > 0 {
            let (upstream, outcome) = index.quotientAndRemainder(dividingBy: outcomes.count)
            let key = UpstreamKey(upstream: upstreamNames[upstream], outcome: outcomes[outcome])
            counts[key, default: 0] &+= count
        }
        return counts
    }
}
