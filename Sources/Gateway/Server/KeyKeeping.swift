import Accounts
import Config
import EventLoop
import Synchronization
import Tokens

/// The keys of one configuration, kept as the database and the other issuers say for as long as a core of it serves.
///
/// A reload makes a new one beside it (`docs/decisions/0013-reload.md`), which begins with what this one knows of issuers
/// that are in both.
final class KeyKeeping: Sendable {
    /// What all of them work with.
    struct Tools: Sendable {
        let database: AccountDatabase
        let workers: PooledWorkers
        /// One thread: fetching may take as long as its limit, and nothing else waits for it.
        let fetching: WorkerPool
        let broadcast: RevocationBroadcast
        let report: @Sendable (String) -> Void
    }

    let keys: LiveKeys
    private let ring: (polling: KeyRingPolling, follower: KeyFollower)?
    private let issuers: IssuerPolling
    /// As the first fetch left them.
    private let sources: Mutex<[IssuerPolling.Source]>
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// Reads the keys to begin with: those of the configuration, or the ring in the database, which gets its first key here.
    /// Blocks.
    ///
    /// - Parameter former: of the configuration before this one.
    init(_ loaded: LoadedConfiguration, after former: KeyKeeping?, _ tools: Tools) throws(StartProblem) {
        (keys, ring) = try Self.open(loaded, tools)
        issuers = IssuerPolling(keys: keys, pool: tools.fetching, broadcast: tools.broadcast, report: tools.report)
        sources = Mutex(Self.sources(loaded, keys, after: former))
    }

    private static func open(
        _ loaded: LoadedConfiguration, _ tools: Tools
    ) throws(StartProblem) -> (keys: LiveKeys, ring: (polling: KeyRingPolling, follower: KeyFollower)?) {
        let tokens = loaded.configuration.tokens
        do {
            guard let source = tokens.keyRing else { return (LiveKeys(try KeyRing(loaded.keys)), nil) }
            let vault = tools.database.keyVault(
                secret: source.value.secret.bytes, tokenSeconds: Int64(tokens.accessSeconds),
                hasOtherSigner: loaded.keys.first?.canSign == true)
            var follower = KeyFollower(vault: vault, fixed: loaded.keys)
            let reading = try vault.prepare()
            guard let news = try follower.take(reading) else { throw KeyRingProblem.noSigningKey }
            let keys = LiveKeys(news.ring)
            let polling = KeyRingPolling(
                vault: vault, keys: keys, workers: tools.workers, broadcast: tools.broadcast, report: tools.report)
            return (keys, (polling, follower))
        } catch {
            throw .failed("the keys cannot be used: \(error)")
        }
    }

    /// The issuers whose keys come from a URL; those of files are put in place.
    private static func sources(
        _ loaded: LoadedConfiguration, _ keys: LiveKeys, after former: KeyKeeping?
    ) -> [IssuerPolling.Source] {
        for (index, ring) in loaded.issuerKeys { _ = keys.replaceForeign(index, ring) }
        let known = former?.sources.withLock { $0 } ?? []
        return loaded.configuration.issuers.indices.compactMap { index in
            guard case .url(let url) = loaded.configuration.issuers[index].keySet.value else { return nil }
            var source = IssuerPolling.Source(index: index, issuer: loaded.issuers[index], url: url)
            let same = known.first { $0.url == url && $0.issuer.algorithms == source.issuer.algorithms }
            if let same, let ring = former?.keys.foreign(same.index) {
                _ = keys.replaceForeign(index, ring)
                source.isKnown = true
                source.startedAt = MonotonicClock.milliseconds
            }
            return source
        }
    }

    /// The first fetch from issuers of whom nothing is known yet.
    func fetchMissing() async {
        let after = await issuers.start(sources.withLock { $0 })
        sources.withLock { $0 = after }
    }

    /// - Parameter core: one of those that serve with these keys.
    func run(on core: Core) {
        var started: [Task<Void, Never>] = []
        if let ring { started.append(core.start { await ring.polling.run(on: $0.loop, ring.follower) }) }
        let sources = sources.withLock { $0 }
        let issuers = issuers
        if !sources.isEmpty { started.append(core.start { await issuers.run(on: $0.loop, sources) }) }
        tasks.withLock { $0 += started }
    }

    /// No core serves with these keys any more.
    func end() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }
}
