import EventLoop
import Fetch
import Tokens

/// Keeps the key sets of other issuers: fetched at start, every five minutes, and when a token names a key that is not known.
/// What was known last stays while an issuer does not answer, or answers with something that is no key set.
struct IssuerPolling: Sendable {
    struct Source: Sendable {
        /// The issuer's place in the verifier's list.
        let index: Int
        let issuer: TrustedIssuer
        let url: String
        /// Monotonic milliseconds. Not set by the fetch at start, so that a key that is new then is found at once.
        var fetchedAt: Milliseconds?
        var startedAt: Milliseconds = 0
        var isKnown = false
        var isFailing = false
    }

    private static let everyMilliseconds: Milliseconds = 250
    /// Strangers choose when a key is unknown; an issuer must not be asked at their pace.
    private static let wantedMilliseconds: Milliseconds = 60_000
    private static let renewMilliseconds: Milliseconds = 300_000

    let keys: LiveKeys
    /// One thread: fetching may take as long as its limit, and nothing else waits for it.
    let pool: WorkerPool
    let broadcast: RevocationBroadcast
    let report: @Sendable (String) -> Void

    /// The first fetch from issuers of whom nothing is known, before the first request: at most 5 s for each. One that does not
    /// answer is reported, and its tokens are refused until it does.
    func start(_ sources: [Source]) async -> [Source] {
        var sources = sources
        for index in sources.indices where !sources[index].isKnown {
            await fetch(&sources[index])
            sources[index].startedAt = MonotonicClock.milliseconds
        }
        return sources
    }

    func run(on loop: EventLoop, _ first: [Source]) async {
        var sources = first
        while !Task.isCancelled {
            await loop.sleep(milliseconds: Self.everyMilliseconds)
            let wanted = keys.takeWanted()
            for index in sources.indices where isDue(sources[index], wanted) {
                sources[index].fetchedAt = MonotonicClock.milliseconds
                await fetch(&sources[index])
            }
        }
    }

    private func isDue(_ source: Source, _ wanted: Set<Int>) -> Bool {
        let now = MonotonicClock.milliseconds
        let isWanted = wanted.contains(source.index) || !source.isKnown
        guard let fetchedAt = source.fetchedAt else {
            return isWanted || now >= source.startedAt + Self.renewMilliseconds
        }
        return now >= fetchedAt + (isWanted ? Self.wantedMilliseconds : Self.renewMilliseconds)
    }

    private func fetch(_ source: inout Source) async {
        let (url, issuer) = (source.url, source.issuer)
        do {
            let ring = try await pool.run {
                let body = try Fetch.get(url)
                return try KeyRing(keySet: body.span, algorithms: issuer.algorithms)
            }
            if keys.replaceForeign(source.index, ring) { await broadcast.forgetVerdicts() }
            if source.isFailing { report("the keys of the issuer \(issuer.name) can be fetched again") }
            source.isKnown = true
            source.isFailing = false
        } catch {
            if !source.isFailing {
                let now = source.isKnown ? "the keys known last stay" : "its tokens are refused"
                report("the keys of the issuer \(issuer.name) cannot be fetched from \(url): \(error); \(now)")
            }
            source.isFailing = true
        }
    }
}
