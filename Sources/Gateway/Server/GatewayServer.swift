import Accounts
import Config
import EventLoop
import Synchronization
import Telemetry

/// The running gateway: cores, pools, database, logs, and what keeps them going.
package final class GatewayServer: Sendable {
    /// What a reload replaces.
    struct Running: Sendable {
        var cores: [Core]
        /// Cores of earlier configurations that still serve what they began.
        var leaving: [Core] = []
        var site: Site
        var loaded: LoadedConfiguration
        var housekeeper: Housekeeper
    }

    let running: Mutex<Running>
    let admin: AdminSite
    let broadcast = RevocationBroadcast()
    let report: @Sendable (String) -> Void
    let state = ServerState()
    private let log: AccessLog?
    private let database: AccountDatabase
    private let clock: WallClock
    private let workers: PooledWorkers
    private let polling: RevocationPolling
    /// Waits for PostgreSQL to tell of revocations; SQLite has nothing to tell.
    private let listener: WorkerPool?
    private let keyTools: KeyKeeping.Tools
    /// Who this process is when it keeps house.
    private let holder: String
    /// One reload at a time.
    let isReloading = Mutex(false)
    /// Signals that asked for one since it began.
    let reloadsWanted = Mutex(0)

    /// Starts everything and opens the ports, in the order in which one stands on the other: database, revocations, then
    /// the first connection.
    ///
    /// - Parameters:
    ///   - report: gets lines for the operator.
    ///   - version: for `/metrics` and `/status`.
    package static func start(
        _ loaded: LoadedConfiguration, version: String, report: @escaping @Sendable (String) -> Void
    ) async throws(StartProblem) -> GatewayServer {
        let server = try GatewayServer(loaded, version: version, report: report)
        try await server.open(loaded.configuration)
        return server
    }

    private init(
        _ loaded: LoadedConfiguration, version: String, report: @escaping @Sendable (String) -> Void
    ) throws(StartProblem) {
        let configuration = loaded.configuration
        self.report = report
        let isNew = if case .sqlite(let path) = configuration.database { !FileSystem.exists(path) } else { false }
        database = try Self.open(configuration.database, audit: AuditChain(keys: loaded.auditKeys, log: report))
        // Expected once; any other time somebody has lost a file.
        if isNew { report("there was no database \(configuration.database.name): made one, without any account") }
        log = try Self.openLog(configuration.accessLog, report: report)
        clock = WallClock { jump in
            report(
                jump < 0
                    ? "the system clock was set back by \(-jump) ms: followed by a second a minute, at once by a restart"
                    : "the system clock jumped forward by \(jump) ms")
        }
        let pools = try Self.startPools(configuration.database)
        // What the gateway does for itself has no client that waits.
        workers = PooledWorkers(store: pools.store, passwords: pools.passwords)
        holder = try Self.randomName()
        admin = AdminSite(
            version: version, startedUnixSeconds: clock.seconds, state: state, pools: [pools.store, pools.passwords],
            log: log)
        polling = RevocationPolling(
            feed: database.revocations, workers: workers, broadcast: broadcast, state: state, report: report)
        listener = database.revocations.hasBell ? try Self.pool("bell", threads: 1, queueMax: 1) : nil
        keyTools = KeyKeeping.Tools(
            database: database, workers: workers,
            calls: PooledWorkers(
                store: pools.store, passwords: pools.passwords, storeWaitMax: Self.storeWaitMilliseconds),
            fetching: try Self.pool("fetch", threads: 1, queueMax: 8, nice: 5), broadcast: broadcast,
            report: report)
        let settings = AccountSettings(configuration)
        let site = try Self.site(
            loaded, settings, keys: try KeyKeeping(loaded, after: nil, keyTools), clock: clock, tools: keyTools)
        let loops = try Self.startLoops(
            configuration.workers ?? Processors.count,
            engine: try EngineChoice.make(configuration.ioEngine, report: report))
        var cores: [Core] = []
        for (index, loop) in loops.enumerated() {
            cores.append(try Self.core(index, loop, site, clock: clock, log: log, admin: admin))
        }
        running = Mutex(
            Running(
                cores: cores, site: site, loaded: loaded,
                housekeeper: database.housekeeper(settings: settings, holder: holder)))
        admin.watch(cores)
        broadcast.reach(cores)
    }

    private func open(_ configuration: Configuration) async throws(StartProblem) {
        do { try await polling.start() } catch {
            throw .failed("the revocations cannot be read from the database: \(error)")
        }
        await keys.fetchMissing()
        let listening = Listening(cores: cores, report: report)
        if let admin = configuration.admin { try await listening.openAdmin(admin) }
        try await listening.open(configuration.listen)
        startBackground()
        state.isReady = true
    }

    /// Those of the configuration in force.
    var cores: [Core] { running.withLock { $0.cores } }

    private var keys: KeyKeeping { running.withLock { $0.site.keys } }

    /// What is to take over from the present cores, on their loops.
    struct Successor {
        let cores: [Core]
        let site: Site
        let housekeeper: Housekeeper
    }

    /// Cores for another configuration.
    ///
    /// - Throws: what is wrong with it; nothing has changed by then.
    func successor(for loaded: LoadedConfiguration) async throws(StartProblem) -> Successor {
        let settings = AccountSettings(loaded.configuration)
        let keys = try await successor(of: keys, for: loaded)
        let site = try Self.site(loaded, settings, keys: keys, clock: clock, tools: keyTools)
        await keys.fetchMissing()
        var successors: [Core] = []
        for core in cores {
            successors.append(try Self.core(core.index, core.loop, site, clock: clock, log: log, admin: admin))
        }
        return Successor(
            cores: successors, site: site, housekeeper: database.housekeeper(settings: settings, holder: holder))
    }

    private func successor(
        of former: KeyKeeping, for loaded: LoadedConfiguration
    ) async throws(StartProblem) -> KeyKeeping {
        let tools = keyTools
        do {
            return try await workers.store { try KeyKeeping(loaded, after: former, tools) }
        } catch let problem as StartProblem {
            throw problem
        } catch {
            throw .failed("the database has no time for the keys: \(error)")
        }
    }

    /// Has the audit chained by the keys of a configuration.
    func sealAudit(as loaded: LoadedConfiguration) {
        database.audit(with: AuditChain(keys: loaded.auditKeys, log: report))
    }

    // MARK: While it runs

    private func startBackground() {
        for core in cores { core.start { await $0.keepTidy() } }
        guard let first = cores.first else { return }
        let polling = polling
        first.start { await polling.run(on: $0.loop) }
        if let listener { first.start { await polling.listen(on: $0.loop, listener: listener) } }
        first.start { await self.keepHouse(on: $0.loop) }
        keys.run(on: first)
    }

    /// Deletes what can no longer matter, once a minute.
    private func keepHouse(on loop: EventLoop) async {
        let housekeeper = running.withLock { $0.housekeeper }
        _ = try? await workers.store { try housekeeper.forgetPasswordKinds() }
        while !Task.isCancelled {
            await loop.sleep(milliseconds: 60_000)
            let housekeeper = running.withLock { $0.housekeeper }
            // An outage is reported by the poll; the next sweep makes up for this one.
            _ = try? await workers.store { try housekeeper.sweep() }
        }
    }

    /// As long as a call may wait for a connection.
    private static let storeWaitMilliseconds: Milliseconds = 2_000

    /// USR1: after a rotation, write to the file that now has the log's name.
    package func reopenLogs() { log?.reopen() }

    /// TERM: takes nothing new, lets requests in flight finish within the grace, and writes out the logs. Returns at once;
    /// `completion` is told, on a core, whether every request could finish.
    package func startDraining(_ completion: @escaping @Sendable (Bool) -> Void) {
        guard let core = cores.first else { return completion(true) }
        core.start { _ in completion(await self.drain()) }
    }

    private func drain() async -> Bool {
        state.isDraining = true
        let (cores, grace, housekeeper) = running.withLock {
            ($0.cores + $0.leaving, $0.loaded.configuration.drainGraceMs, $0.housekeeper)
        }
        for core in cores { await core.drain() }
        let deadline = MonotonicClock.milliseconds + Milliseconds(clamping: grace)
        var open = await openRequests()
        while open > 0, MonotonicClock.milliseconds < deadline {
            await cores.first?.loop.sleep(milliseconds: 10)
            open = await openRequests()
        }
        for core in cores { await core.flushLog() }
        log?.close()
        // A lease that is not given back runs out by itself; an outage must not hold up the end.
        if state.isDatabaseUp { _ = try? await workers.store { try housekeeper.stop() } }
        database.close()
        return open == 0
    }

    private func openRequests() async -> Int {
        var sum = 0
        for core in running.withLock({ $0.cores + $0.leaving }) { sum += await core.openRequests }
        return sum
    }
}
