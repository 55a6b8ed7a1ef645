import Config
import EventLoop
import Telemetry

/// How a reload ended.
package struct ReloadOutcome: Sendable {
    /// Whether the new configuration is in force.
    package let isWell: Bool
    /// What changed, or why nothing did: for the operator, with a newline at its end.
    package let text: String
    /// Nothing is wrong with the file: the database is away, or the gateway is about to end. It may go well later.
    var isOutage = false
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
        guard isFirst else {
            return ReloadOutcome(isWell: false, text: "another reload is under way\n", isBusy: true)
        }
        defer { isReloading.withLock { $0 = false } }
        do throws(StartProblem) {
            if state.isDraining { throw .failed("the gateway is draining") }
            let loaded: LoadedConfiguration
            do { loaded = try LoadedConfiguration.load(path) } catch { throw .configuration(error) }
            let before = running.withLock { $0.loaded }
            let lasting = Self.lastingChanges(before.configuration, loaded.configuration)
            guard lasting.isEmpty else {
                return Self.refused("a restart is needed for what has changed in \(lasting.joined(separator: ", "))\n")
            }
            await handOver(to: try await successor(for: loaded), loaded)
            let warnings = loaded.warnings.withoutNotes
            let changes = loaded.warnings.changes(since: before.warnings)
            return ReloadOutcome(
                isWell: true,
                text: warnings.report() + (changes.isEmpty ? "no line has changed\n" : changes) + "reloaded\n")
        } catch {
            return switch error {
            case .configuration(let problems): Self.refused(problems.withoutNotes.report())
            case .failed(let words): Self.refused(words + "\n", isOutage: true)
            }
        }
    }

    private static func refused(_ words: String, isOutage: Bool = false) -> ReloadOutcome {
        ReloadOutcome(isWell: false, text: words + "the running configuration stays in force\n", isOutage: isOutage)
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
                tell(outcome)
                let isDone = reloadsWanted.withLock { wanted in
                    wanted = wanted == before ? 0 : 1
                    return wanted == 0
                }
                if isDone { return }
            }
        }
    }

    private func tell(_ outcome: ReloadOutcome) {
        for line in outcome.text.split(separator: "\n") { report(String(line)) }
    }

    /// Lets `PUT /reload` of the admin listener read this file.
    package func offerReload(of path: String) {
        admin.offerReload { [weak self] in
            guard let self else { return ReloadOutcome(isWell: false, text: "stopping\n") }
            let outcome = await reload(path)
            // Also here: the log is read when whoever asked is gone.
            report("a reload was asked for by the admin listener")
            tell(outcome)
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
    private static func lastingChanges(_ old: Configuration, _ new: Configuration) -> [String] {
        var changed: [String] = []
        if old.listen.map(\.value) != new.listen.map(\.value) { changed.append("`listen`") }
        if old.admin?.value != new.admin?.value { changed.append("`admin`") }
        if old.database != new.database { changed.append("`database`") }
        if old.accessLog != new.accessLog { changed.append("`access-log`") }
        if old.workers != new.workers { changed.append("`workers`") }
        if old.ioEngine != new.ioEngine { changed.append("`io-engine`") }
        return changed
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
