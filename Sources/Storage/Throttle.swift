/// A limit on how often something may happen: `count` times in a window that begins with the first.
package struct Limit: Sendable, Hashable {
    /// What is counted, for example `login:pair:a@example.org:192.0.2.7`. At most a few hundred bytes, no NUL.
    package var key: String
    package var count: Int64
    package var windowMilliseconds: Int64

    package init(key: String, count: Int64, windowMilliseconds: Int64) {
        self.key = key
        self.count = count
        self.windowMilliseconds = windowMilliseconds
    }
}

/// A slot that was taken under a limit; given back when what it was taken for turns out not to count.
package struct Slot: Sendable, Hashable {
    package var key: String
    /// How many of the window's slots are taken, this one included.
    package var used: Int64
    /// When the window ends, in unix milliseconds of the database's clock.
    package var windowEndsAt: Int64
}

/// What became of the wish for one slot under each of several limits.
package enum Admission: Sendable, Equatable {
    /// One slot of each limit, in the order of the limits asked for.
    case admitted([Slot])
    /// The limit that had none left, and how long until it has one again. No slot of any limit was kept.
    case refused(Limit, retryAfterMilliseconds: Int64)
}

extension Transaction {
    /// Takes one slot under every limit, or none. Each is one atomic statement, so forty guesses at once do not slip past.
    ///
    /// Run it in a transaction of its own: its rows are contended, and a slot must stay taken when the attempt fails.
    package func takeSlots(_ limits: [Limit]) throws(StorageError) -> Admission {
        var slots: [String: Slot] = [:]
        // In the order of keys, so that two calls never wait for each other crosswise.
        for limit in limits.sorted(by: { $0.key < $1.key }) {
            if let slot = try takeSlot(limit) {
                slots[limit.key] = slot
                continue
            }
            for slot in slots.values { try giveBack(slot) }
            return .refused(limit, retryAfterMilliseconds: try millisecondsUntilFree(limit))
        }
        return .admitted(limits.compactMap { slots[$0.key] })
    }

    /// A window that ends later than one begun now would (the database's clock was set back, or the limit was shortened) is
    /// over: nobody stays locked out because of a clock. With the margin of `Bounds`: a statement that waited for the row has
    /// an older `{now}` than the one that wrote it, and must not take that one's window for a mistake of the clock.
    private func takeSlot(_ limit: Limit) throws(StorageError) -> Slot? {
        guard limit.count > 0 else { return nil }
        let over = """
            (throttle.ends_at <= {now} OR throttle.ends_at > {now} + $3 + \(Bounds.statementsApartMilliseconds))
            """
        let taken = try row(
            """
            INSERT INTO throttle (key, used, ends_at) VALUES ($1, 1, {now} + $3)
            ON CONFLICT (key) DO UPDATE SET
                used = CASE WHEN \(over) THEN 1 ELSE throttle.used + 1 END,
                ends_at = CASE WHEN \(over) THEN {now} + $3 ELSE throttle.ends_at END
            WHERE throttle.used < $2 OR \(over)
            RETURNING used, ends_at
            """, limit.key, limit.count, limit.windowMilliseconds)
        guard var taken else { return nil }
        return try Slot(key: limit.key, used: taken.integer(), windowEndsAt: taken.integer())
    }

    private func millisecondsUntilFree(_ limit: Limit) throws(StorageError) -> Int64 {
        guard var row = try row("SELECT ends_at - {now} FROM throttle WHERE key = $1", limit.key) else {
            return limit.windowMilliseconds
        }
        return max(1, try row.integer())
    }

    /// Gives a slot back; nothing happens when its window is over.
    package func giveBack(_ slot: Slot) throws(StorageError) {
        try run(
            "UPDATE throttle SET used = used - 1 WHERE key = $1 AND ends_at = $2 AND used > 0", slot.key,
            slot.windowEndsAt)
    }

    /// Forgets what was counted under the key.
    package func clearThrottle(key: String) throws(StorageError) {
        try run("DELETE FROM throttle WHERE key = $1", key)
    }

    /// Deletes up to `limit` windows that are over.
    package func deleteOldThrottles(limit: Int) throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM throttle
            WHERE key IN (SELECT key FROM throttle WHERE ends_at < {now} LIMIT $1) AND ends_at < {now}
            """, limit)
    }
}
