import Storage

/// What the rows of the key ring mean at one moment. Everything follows from the times in them, so that gateways which read the
/// same rows agree, and one that was away finds out by reading.
package struct KeyPlan: Sendable, Equatable {
    package enum State: String, Sendable {
        /// Published, verifies, never signs unless somebody rotates to it.
        case standby
        /// Published; signs when its time comes.
        case waiting
        case signing
        /// Another signs; verifies until its last token has expired.
        case leaving
    }

    package struct Entry: Sendable, Equatable {
        package let id: String
        package let state: State
        /// Unix milliseconds: when a waiting key signs, or a leaving one is gone.
        package let until: Int64?
    }

    /// How long a key is published before it signs: the 300 s for which clients may keep the key set, and a minute for
    /// clocks that differ and readers that are slow.
    package static let publishedMilliseconds: Int64 = 360_000
    /// Added to the last token's life: clocks differ, and another gateway may have signed a moment longer.
    static let slackMilliseconds: Int64 = 60_000

    /// The signing one first, then in the order of the rows.
    package let entries: [Entry]
    /// Rows whose time is over.
    package let gone: [String]

    /// - Parameter now: unix milliseconds of the database's clock.
    package init(_ rows: [StoredKey], now: Int64) {
        // Those that sign or have signed, the newest last.
        let turns = rows.filter { $0.signsAt.map { $0 <= now } ?? false }
            .sorted { ($0.signsAt ?? 0, $0.createdAt, $0.id) < ($1.signsAt ?? 0, $1.createdAt, $1.id) }
        var entries: [Entry] = []
        var gone: [String] = []
        for row in rows {
            guard let signsAt = row.signsAt else {
                entries.append(Entry(id: row.id, state: .standby, until: nil))
                continue
            }
            guard let turn = turns.firstIndex(where: { $0.id == row.id }) else {
                entries.append(Entry(id: row.id, state: .waiting, until: signsAt))
                continue
            }
            guard turn + 1 < turns.count, let supersededAt = turns[turn + 1].signsAt else {
                entries.insert(Entry(id: row.id, state: .signing, until: nil), at: 0)
                continue
            }
            let leavesAt = supersededAt + row.tokenSeconds * 1000 + Self.slackMilliseconds
            if leavesAt <= now {
                gone.append(row.id)
            } else {
                entries.append(Entry(id: row.id, state: .leaving, until: leavesAt))
            }
        }
        self.entries = entries
        self.gone = gone
    }

    package var signing: String? { entries.first { $0.state == .signing }?.id }
}
