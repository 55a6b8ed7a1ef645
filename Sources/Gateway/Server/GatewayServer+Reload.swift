import Config
import EventLoop
import Telemetry

/// How a reload ended.
package struct ReloadOutcome: Sendable {
    /// Whether the new configuration is in force.
    package let isWell: Bool
    /// What changed, or why nothing did: for the operator, with a newline at its end.
    package let text: String
    /// Another reload was under way; this one has not begun.
    var isBusy = false
}

/// All or nothing: everything that can fail happens before the first core changes hands.
extension GatewayServer {
    /// Reads a file and puts it in force; the connections of clients stay as they are.
    package func reload(_ path: String) async -> ReloadOutcome {
        let isFirst = isReloading.withLock { isReloading in
            defer { isReloading = true }
            return !isReloading
        }
        guard isFirst else { return ReloadOutcome(isWell: false, text: "another reload is under way\n", isBusy: true) }
        defer { isReloading.withLock { $0 = false } }
        do throws(StartProblem) {
            if state.isDraining { throw .failed("the gateway is draining") }
            let loaded: LoadedConfiguration
            do { loaded = try LoadedConfiguration.load(path) } catch { throw .configuration(error) }
            let before = running.withLock { $0.loaded }
            try Self.refuseLasting(before.configuration, loaded.configuration)
            await handOver(to: try await successor(for: loaded), loaded)
            let warnings = loaded.warnings.withoutNotes
            let changes = loaded.warnings.changes(since: before.warnings)
            return ReloadOutcome(
                isWell: true,
                text: warnings.report() + (changes.isEmpty ? "no line has changed\n" : changes) + "reloaded\n")
        } catch {
            let words =
                switch error {
                case .configuration(let problems): problems.report()
                case .failed(let words): words + "\n"
                }
            return ReloadOutcome(isWell: false, text: words + "the running configuration stays in force\n")
        }
    }

    /// HUP: reloads beside the main thread and reports how it went. A signal that comes meanwhile has the file read once more.
    package func startReloading(_ path: String) {
        let mustStart = reloadsWanted.withLock { wanted in
            wanted += 1
            return wanted == 1
        }
        guard mustStart else { return }
        Task {
            while true {
                let before = reloadsWanted.withLock { $0 }
                var outcome = await reload(path)
                while outcome.isBusy {
                    await cores.first?.loop.sleep(milliseconds: 20)
                    outcome = await reload(path)
                }
                for line in outcome.text.split(separator: "\n") { report(String(line)) }
                let isDone = reloadsWanted.withLock { wanted in
                    wanted = wanted == before ? 0 : 1
                    return wanted == 0
                }
                if isDone { return }
            }
        }
    }

    /// Lets `PUT /reload` of the admin listener read this file.
    package func offerReload(of path: String) {
        admin.offerReload { [weak self] in
            guard let self else { return ReloadOutcome(isWell: false, text: "stopping\n") }
            let outcome = await reload(path)
            report(outcome.isWell ? "reloaded on request" : "a reload was asked for and refused")
            return outcome
        }
    }

    private func handOver(to successor: Successor, _ loaded: LoadedConfiguration) async {
        for core in successor.cores { core.start { await $0.keepTidy() } }
        let (present, earlier) = running.withLock { running in
            let before = (running.cores, running.leaving)
            running.leaving += running.cores
            running.cores = successor.cores
            running.site = successor.site
            running.loaded = loaded
            running.housekeeper = successor.housekeeper
            // Revocations reach old and new from now on, so that none falls between them.
            reach(running)
            return before
        }
        for (core, newest) in zip(present, successor.cores) {
            await core.handOver(to: newest, with: earlier.filter { $0.index == core.index })
        }
        sealAudit(as: loaded)
        guard let first = successor.cores.first else { return }
        successor.site.keys.run(on: first)
        first.start { core in await self.endLeaving(on: core.loop) }
    }

    private func reach(_ running: Running) {
        broadcast.reach(running.leaving + running.cores)
        admin.watch(running.leaving + running.cores)
    }

    /// Lets go of the cores that have served what they began.
    private func endLeaving(on loop: EventLoop) async {
        while !running.withLock({ $0.leaving.isEmpty }) {
            await loop.sleep(milliseconds: 100)
            for core in running.withLock({ $0.leaving }) {
                guard let counts = await core.ended() else { continue }
                running.withLock { running in
                    running.leaving.removeAll { $0 === core }
                    if !running.leaving.contains(where: { $0.site === core.site }) { core.site.keys.end() }
                    admin.keep(counts)
                    reach(running)
                }
            }
        }
        // Two configurations were there at once, and a thread read the file that will not read another one soon.
        FreeMemory.giveBack()
    }

    /// What is made once in the life of a process: a changed file that changes it is refused whole, rather than half done.
    private static func refuseLasting(_ old: Configuration, _ new: Configuration) throws(StartProblem) {
        var changed: [String] = []
        if old.listen.map(\.value) != new.listen.map(\.value) { changed.append("listen") }
        if old.admin?.value != new.admin?.value { changed.append("admin") }
        if old.database != new.database { changed.append("database") }
        if old.accessLog != new.accessLog { changed.append("access-log") }
        if old.workers != new.workers { changed.append("workers") }
        if old.ioEngine != new.ioEngine { changed.append("io-engine") }
        if changed.isEmpty { return }
        throw .failed(
            "a restart is needed for what has changed in \(changed.map { "`\($0)`" }.joined(separator: ", "))")
    }
}

extension Core {
    /// The counts of a core on which nothing is left to do, which ends it; nil while something is.
    fileprivate func ended() -> CoreMetrics? {
        guard hasHandedOver, !isFinished else { return nil }
        finish()
        return snapshot()
    }
}
