import Accounts
import EventLoop
import Tokens

/// Keeps the keys as the database says, four times a second: a new key verifies before it signs anywhere, and one that was
/// taken out is trusted nowhere within a second.
struct KeyRingPolling: Sendable {
    private static let everyMilliseconds: Milliseconds = 250
    private static let turnsPerSweep = 240

    let vault: KeyVault
    let keys: LiveKeys
    let workers: PooledWorkers
    let broadcast: RevocationBroadcast
    let report: @Sendable (String) -> Void

    /// Polls for as long as the process lives. While the database does not answer, the keys stay as they are; the poll of the
    /// revocations reports that.
    func run(on loop: EventLoop, _ first: KeyFollower) async {
        var follower = first
        var trouble = ""
        var turns = 0
        while !Task.isCancelled {
            await loop.sleep(milliseconds: Self.everyMilliseconds)
            let vault = vault
            turns += 1
            if turns % Self.turnsPerSweep == 0 { _ = try? await workers.store { try vault.sweep() } }
            guard let reading = try? await workers.store({ try vault.read() }) else { continue }
            do throws(KeyRingProblem) {
                if let news = try follower.take(reading) {
                    await apply(news)
                    trouble = ""
                }
            } catch {
                let words = "\(error)"
                if words != trouble { report("the key ring is left as it was: \(words)") }
                trouble = words
            }
        }
    }

    private func apply(_ news: KeyFollower.News) async {
        // First the keys, then the verdicts: what is verified in between is verified with the new keys already.
        if keys.replace(news.ring) { await broadcast.forgetVerdicts() }
        report("the key ring has changed: \(news.ring.keys.count) keys, \(news.signing) signs")
        if !news.sealedOtherwise.isEmpty {
            report("\(KeyRingProblem.sealedOtherwise(kids: news.sealedOtherwise)) It is left out.")
        }
    }
}
