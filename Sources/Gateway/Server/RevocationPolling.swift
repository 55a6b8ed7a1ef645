import Accounts
import EventLoop

/// Keeps every core's revocations as fresh as the table: four times a second, on SQLite as on PostgreSQL.
struct RevocationPolling: Sendable {
    private static let everyMilliseconds: Milliseconds = 250

    let feed: RevocationFeed
    let workers: PooledWorkers
    let broadcast: RevocationBroadcast
    let state: ServerState
    let report: @Sendable (String) -> Void

    /// Reads everything once. Must have succeeded before the first request is served.
    func start() async throws -> RevocationFeed.Reading {
        let feed = feed
        let reading = try await workers.store { try feed.loadAll() }
        await apply(reading)
        return reading
    }

    /// Polls for as long as the process lives. After an outage of any length it reads on from where it was.
    func run(on loop: EventLoop, after first: RevocationFeed.Reading) async {
        var last = first
        while !Task.isCancelled {
            await loop.sleep(milliseconds: Self.everyMilliseconds)
            last = await poll(after: last)
        }
    }

    private func poll(after last: RevocationFeed.Reading) async -> RevocationFeed.Reading {
        let feed = feed
        do {
            let reading = try await workers.store { try feed.poll(after: last) }
            await apply(reading)
            return reading
        } catch {
            if state.notePoll(succeeded: false) {
                report("the database does not answer: \(error); going on with what is known")
            }
            return last
        }
    }

    private func apply(_ reading: RevocationFeed.Reading) async {
        await broadcast.applyRead(reading.revocations)
        if state.notePoll(succeeded: true) { report("the database answers again") }
    }
}
