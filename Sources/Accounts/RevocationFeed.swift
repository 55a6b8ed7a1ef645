import Storage

/// How a gateway learns what was revoked, by itself, by other gateways and by the command line: everything at start,
/// then the news every quarter of a second. Blocking; for the store pool.
///
/// It holds no state but the store. What was read, and up to when, is in the `Reading` that the caller keeps: after an
/// outage of any length the next poll reads on from there.
package struct RevocationFeed: Sendable {
    /// Rows become visible when their transaction commits, which is later than `recorded_at` says: by seconds, as long as the
    /// limits of statements cut it off, so each poll reads this much again. A hundred thousand sign-outs in a minute are
    /// then not read four times a second for two minutes.
    static let shortOverlapMilliseconds: Int64 = 15_000
    /// A gateway that stood still between statement and commit may take longer. So much is read again every ten seconds.
    package static let overlapMilliseconds: Int64 = 120_000
    static let wholeEveryMilliseconds: Int64 = 10_000
    static let pageRowsMax = 1000

    package struct Reading: Sendable {
        package let revocations: [Revocation]
        /// The database's clock when the reading began, in unix milliseconds.
        package let readAt: Int64
        /// When the whole overlap was last read again.
        fileprivate let wholeAt: Int64

        /// - Parameter wholeAt: by default never.
        init(revocations: [Revocation], readAt: Int64, wholeAt: Int64 = 0) {
            self.revocations = revocations
            self.readAt = readAt
            self.wholeAt = wholeAt
        }
    }

    private let store: Store
    private let bell: ChangeBell?

    package init(store: Store) {
        self.store = store
        bell = ChangeBell(store.location)
    }

    /// Whether the database can tell that there is news: PostgreSQL can.
    package var hasBell: Bool { bell != nil }

    /// Waits about a second for the database to tell that something was revoked; true when a poll is worth it now. For a
    /// thread of its own. Polling goes on beside it: what this misses is seen a quarter of a second later.
    package func waitForBell() -> Bool { bell?.wait() ?? false }

    /// One page of the revocations in force at the start.
    package struct Page: Sendable {
        package let reading: Reading
        /// Where the next page begins; nil after the last.
        fileprivate let last: Storage.Revocation?

        package var isLast: Bool { last == nil }
    }

    /// Reads the revocations in force page by page, so that a million of them are never held as rows: the first page, or
    /// what follows `previous`. The last must have been read before the first request is served.
    package func page(after previous: Page? = nil) throws -> Page {
        try store.read { transaction in
            // The clock of the first page: the polls go on from there.
            let readAt = try previous?.reading.readAt ?? transaction.now()
            let rows = try transaction.liveRevocations(after: previous?.last, limit: Self.pageRowsMax)
            return Page(
                reading: Reading(revocations: rows.map(Revocation.init), readAt: readAt, wholeAt: readAt),
                last: rows.count < Self.pageRowsMax ? nil : rows.last)
        }
    }

    /// What was revoked since `last`, and a little of what `last` held already.
    package func poll(after last: Reading) throws -> Reading {
        try store.read { transaction in
            let readAt = try transaction.now()
            let isWhole = !(last.wholeAt...(last.wholeAt + Self.wholeEveryMilliseconds)).contains(readAt)
            let overlap = isWhole ? Self.overlapMilliseconds : Self.shortOverlapMilliseconds
            // A clock set back must not make the poll skip what was recorded while it was ahead.
            let rows = try transaction.revocations(recordedSince: min(last.readAt, readAt) - overlap)
            return Reading(
                revocations: rows.map(Revocation.init), readAt: readAt, wholeAt: isWhole ? readAt : last.wholeAt)
        }
    }
}
