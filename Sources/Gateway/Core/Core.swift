import Accounts
import EventLoop
import HTTP
import Policy
import Reasons
import Telemetry
import Tokens

/// One CPU's share of the gateway: its connections, its upstream pools, its token verdicts, its log buffer. It lives on
/// its own event loop, which is its executor, so the compiler proves that cores share nothing and need no lock.
///
/// Read on in the order of a request: `Core+Connections` (accept, wake), `Core+Serve` (read, judge), `Core+Accounts`
/// (`/api/auth`), `Core+Forward` (to the backend and back), `Core+Answers` (refusals), `Core+Log`.
package actor Core: LoopResident {
    package nonisolated let loop: EventLoop
    package nonisolated let home: LoopHome

    nonisolated let index: Int
    let site: Site
    let clock: WallClock
    let admin: (any AdminPages)?

    var connections = Slab<ClientConnection>()
    var listeners: [Listener] = []
    /// They stay open while the gateway drains: `/readyz` has something to say then.
    var adminListeners: [Listener] = []
    var pools: [UpstreamPool]
    let tokens: TokenGate
    var identifiers: RequestIdentifiers
    let metrics: CoreMeter
    let log: LogBuffer?
    /// The log has a place for the user agent and the referer.
    let writesCombined: Bool
    var isDraining = false
    /// Takes what rests here after a reload.
    var successor: Core?
    /// Where the connections went that were handed over at rest: a wake-up may be under way to their old place.
    var movedIDs: [Int: (core: Core, id: Int)] = [:]
    /// Draining, or handed over: a connection does not stay for its next request.
    var isLeaving = false
    /// Nothing is left to do here.
    var isFinished = false
    /// Connections on which a request is being served.
    var activeCount = 0
    /// Connections whose task waits for the next request.
    var lingeringCount = 0
    /// When the revocations were last read from the database; nil before the first time.
    var revocationsReadAt: Milliseconds?
    /// The wall clock as of `wallTurn` of the loop.
    var wallNow: Int64 = 0
    var wallTurn: UInt64 = .max
    /// Exchanges whose memory waits for the next connection.
    private var spareExchanges: [Spare] = []
    private static let spareExchangesMax = 64

    init(
        index: Int, loop: EventLoop, site: Site, clock: WallClock, log: AccessLog?, admin: (any AdminPages)?,
        seed: UInt64
    ) {
        self.index = index
        self.loop = loop
        home = loop.asHome
        self.site = site
        self.clock = clock
        self.admin = admin
        self.log = log.map { LogBuffer($0) }
        pools = site.upstreams.indices.map { upstream in
            UpstreamPool(index: upstream, servers: site.upstreams[upstream].servers, offset: index)
        }
        tokens = TokenGate(verifier: site.verifier, identity: site.identity)
        identifiers = RequestIdentifiers(seed: seed, sequence: UInt64(index))
        metrics = CoreMeter(
            routeLabels: site.routes.routes.map(\.name), upstreamNames: site.upstreams.map(\.name),
            shadowLines: site.shadow?.routes.map { ShadowMetrics.Line(route: $0.name, rule: $0.ruleText) } ?? [])
        writesCombined = log?.format == .combined
    }

    /// An array holds only what can be copied.
    private final class Spare {
        var exchange: Exchange?

        init(_ exchange: consuming Exchange) { self.exchange = consume exchange }
    }

    func takeExchange() -> Exchange {
        if let spare = spareExchanges.popLast()?.exchange.take() { return spare }
        return Exchange()
    }

    func giveBack(_ exchange: consuming Exchange) {
        guard spareExchanges.count < Self.spareExchangesMax else { return }
        exchange.input.removeAll()
        exchange.input.resize(capacityBytes: Exchange.bufferBytes)
        spareExchanges.append(Spare(exchange))
    }

    // MARK: For the server

    /// Applies revocations on this core; a token they name is refused from the return of this call on.
    func apply(_ revocations: [Revocation]) { tokens.revoke(revocations) }

    /// As `apply`, for rows that were just read from the database, which thereby is known to answer.
    func applyRead(_ revocations: [Revocation]) {
        tokens.revoke(revocations)
        revocationsReadAt = MonotonicClock.milliseconds
    }

    /// Verifies every token anew; one whose key is gone is refused from the return of this call on.
    func forgetVerdicts() { tokens.forgetVerdicts() }

    /// For as long as the process lives: hands over log lines that wait, and forgets revocations that no longer
    /// matter.
    func keepTidy() async {
        while !Task.isCancelled, !isFinished {
            await loop.sleep(milliseconds: Self.tidyMilliseconds)
            flushLog()
            tokens.prune(now: clock.seconds)
        }
    }

    private static let tidyMilliseconds: Milliseconds = 200

    func flushLog() { log?.flush() }

    /// The core's counters with the present number of connections.
    func snapshot() -> CoreMetrics {
        var copy = metrics.counted
        copy.connections.clientsActive = UInt64(activeCount)
        copy.connections.clientsIdle = UInt64(max(connections.count - activeCount, 0))
        copy.connections.upstreamsActive = UInt64(pools.reduce(0) { $0 + $1.active })
        copy.connections.upstreamsIdle = UInt64(pools.reduce(0) { $0 + $1.idleCount })
        return copy
    }

    var revocationCount: Int { tokens.revoked.count }

    /// Takes no new connections, lets go of the idle ones, and ends the others after their present request.
    func drain() {
        isDraining = true
        isLeaving = true
        for listener in listeners { listener.close() }
        listeners.removeAll()
        for connection in connections.all where connection.isIdle && connection.purpose == .gate {
            close(connection)
        }
        for pool in pools { pool.closeIdle() }
    }

    /// Requests of clients that are still being served.
    var openRequests: Int { connections.all.count { $0.purpose == .gate && !$0.isIdle } }
}

/// What the admin listener shows; asked on the core that has it.
package protocol AdminPages: Sendable {
    /// - Parameter isFromPage: whether a browser sent it for a page, of whatever site.
    func answer(path: [UInt8], query: [UInt8]?, method: Method?, isFromPage: Bool) async -> AuthAnswer
}
