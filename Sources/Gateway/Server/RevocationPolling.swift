import Accounts
import EventLoop
import Synchronization

/// Keeps every core's revocations as fresh as the table: read four times a second, on SQLite as on PostgreSQL, and on
/// PostgreSQL also as soon as another gateway, or the command line, has written one.
final class RevocationPolling: Sendable {
    private static let everyMilliseconds: Milliseconds = 250
    /// After the bell: whatever else is ended meanwhile is read together.
    private static let bellPauseMilliseconds: Milliseconds = 100

    private let feed: RevocationFeed
    private let workers: PooledWorkers
    private let broadcast: RevocationBroadcast
    private let state: ServerState
    private let report: @Sendable (String) -> Void
    private let last = Mutex<RevocationFeed.Reading?>(nil)

    init(
        feed: RevocationFeed, workers: PooledWorkers, broadcast: RevocationBroadcast, state: ServerState,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.feed = feed
        self.workers = workers
        self.broadcast = broadcast
        self.state = state
        self.report = report
    }

    /// Reads everything once. Must have succeeded before the first request is served.
    func start() async throws {
        let feed = feed
        var page = try await workers.store { try feed.page() }
        while !page.isLast {
            await broadcast.applyRead(page.reading.revocations)
            let previous = page
            page = try await workers.store { try feed.page(after: previous) }
        }
        await apply(page.reading)
    }

    /// Polls for as long as the process lives. After an outage of any length it reads on from where it was.
    func run(on loop: EventLoop) async {
        while !Task.isCancelled {
            await loop.sleep(milliseconds: Self.everyMilliseconds)
            await poll()
        }
    }

    /// Waits for the database's bell for as long as the process lives, on the one thread of `listener`, and polls when it
    /// rings. The other poll minds what goes wrong.
    func listen(on loop: EventLoop, listener: WorkerPool) async {
        let feed = feed
        while !Task.isCancelled {
            if let rang = try? await listener.run({ feed.waitForBell() }), rang { await poll() }
            await loop.sleep(milliseconds: Self.bellPauseMilliseconds)
        }
    }

    private func poll() async {
        guard let last = last.withLock({ $0 }) else { return }
        let feed = feed
        do {
            await apply(try await workers.store { try feed.poll(after: last) })
        } catch {
            if state.notePoll(succeeded: false) {
                report("the database does not answer: \(error); going on with what is known")
            }
        }
    }

    private func apply(_ reading: RevocationFeed.Reading) async {
        await broadcast.applyRead(reading.revocations)
        // Two polls may overlap, and the earlier one end later: reading a little more again does no harm.
        last.withLock { $0 = reading }
        if state.notePoll(succeeded: true) { report("the database answers again") }
    }
}
