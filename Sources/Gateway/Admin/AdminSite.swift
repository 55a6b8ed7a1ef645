import EventLoop
import HTTP
import Policy
import Reasons
import Synchronization
import Telemetry

/// The pages of the admin listener: `/healthz`, `/readyz`, `/metrics`, `/status`, `/shadow`. For the operator's network only: there is
/// no sign-in.
final class AdminSite: AdminPages {
    private let version: String
    private let startedUnixSeconds: Int64
    private let state: ServerState
    private let pools: [WorkerPool]
    private let log: AccessLog?
    private let cores = Mutex<[Core]>([])
    /// What cores have counted that a reload has ended.
    private let ended = Mutex<CoreMetrics?>(nil)
    private let reload = Mutex<(@Sendable () async -> ReloadOutcome)?>(nil)

    init(version: String, startedUnixSeconds: Int64, state: ServerState, pools: [WorkerPool], log: AccessLog?) {
        self.version = version
        self.startedUnixSeconds = startedUnixSeconds
        self.state = state
        self.pools = pools
        self.log = log
    }

    /// The cores to ask for their counters, once they exist.
    func watch(_ cores: [Core]) { self.cores.withLock { $0 = cores } }

    /// A core has ended; its counts go on counting.
    func keep(_ counts: CoreMetrics) {
        ended.withLock { ended in
            if ended == nil { ended = counts } else { ended? += counts }
        }
    }

    /// What `PUT /reload` does.
    func offerReload(_ reload: @escaping @Sendable () async -> ReloadOutcome) { self.reload.withLock { $0 = reload } }

    func answer(path: [UInt8], query: [UInt8]?, method: Method?, isFromPage: Bool) async -> AuthAnswer {
        let isSafe = method == .get || method == .head
        switch String(decoding: path, as: UTF8.self) {
        // PUT, because no page of another site may send that without being asked first. One whose name has been bound anew to
        // our address need not ask, but its browser says that there is a page: with every PUT goes an `Origin`.
        case "/reload" where method == .put && isFromPage: return text(403, "a reload is not for pages in browsers\n")
        case "/reload" where method == .put:
            guard let reload = reload.withLock({ $0 }) else { return text(503, "not ready\n") }
            let outcome = await reload()
            return text(outcome.isWell ? 200 : outcome.isOutage || outcome.isBusy ? 503 : 409, outcome.text)
        case "/healthz" where isSafe: return text(200, "alive\n")
        case "/readyz" where isSafe: return readiness(requiring: query.map { String(decoding: $0, as: UTF8.self) })
        case "/metrics" where isSafe:
            let snapshots = await snapshots()
            return page(
                200, PrometheusText.contentType, PrometheusText.render(cores: snapshots, process: await process()))
        case "/status" where isSafe:
            let page = StatusPage(cores: await snapshots(), process: await process(), isReady: isReady)
            return self.page(200, "text/html; charset=utf-8", Array(page.html.utf8))
        case "/shadow" where isSafe:
            return page(200, "application/json", ShadowReport(triedNow, await snapshots()).json)
        case "/healthz", "/readyz", "/metrics", "/status", "/shadow":
            return text(405, "only GET is allowed here\n", allow: true)
        default: return text(404, "/healthz /readyz /metrics /status /shadow\n")
        }
    }

    /// The `shadow` lines in force: the newest cores are the last of those that are watched.
    private var triedNow: [CompiledRoute] { cores.withLock { $0.last?.site.shadow.map { Array($0.routes) } ?? [] } }

    private var isReady: Bool { state.isReady && !state.isDraining }

    /// Ready once routes and revocations are loaded. The database is named, but is part of the verdict only when the
    /// caller says so: proxied traffic goes on without it.
    private func readiness(requiring query: String?) -> AuthAnswer {
        let needsDatabase = query?.split(separator: "&").contains("require=database") ?? false
        let isWell = isReady && (!needsDatabase || state.isDatabaseUp)
        let verdict = state.isDraining ? "draining" : isReady ? "ready" : "starting"
        return text(isWell ? 200 : 503, "\(verdict)\ndatabase: \(state.isDatabaseUp ? "up" : "down")\n")
    }

    private func snapshots() async -> [CoreMetrics] {
        var snapshots: [CoreMetrics] = []
        for core in cores.withLock({ $0 }) { snapshots.append(await core.snapshot()) }
        if let ended = ended.withLock({ $0 }) { snapshots.append(ended) }
        return snapshots
    }

    private func process() async -> ProcessMetrics {
        let cores = cores.withLock { $0 }
        var process = ProcessMetrics(version: version, startedUnixSeconds: startedUnixSeconds, cores: cores.count)
        process.pools = pools.map { pool in
            ProcessMetrics.Pool(
                name: pool.name, workers: pool.threads, queued: pool.queueLength, queueMax: pool.queueMax,
                rejected: pool.rejected)
        }
        process.revocationStaleSeconds = state.revocationStaleSeconds
        process.revocationsHeld = await cores.first?.revocationCount ?? 0
        process.isDatabaseUp = state.isDatabaseUp
        process.isDraining = state.isDraining
        process.logLinesDropped = log?.linesDropped ?? 0
        return process
    }

    private func text(_ status: UInt16, _ body: String, allow: Bool = false) -> AuthAnswer {
        var answer = page(status, "text/plain; charset=utf-8", Array(body.utf8))
        if allow { answer.fields.append(AuthAnswer.Field(name: "Allow", value: "GET, HEAD")) }
        return answer
    }

    private func page(_ status: UInt16, _ type: String, _ body: [UInt8]) -> AuthAnswer {
        AuthAnswer(
            status: status,
            fields: [
                AuthAnswer.Field(name: "Content-Type", value: type),
                AuthAnswer.Field(name: "Cache-Control", value: "no-store"),
            ] + SecurityFields.all(isHTTPS: false), body: body)
    }
}
