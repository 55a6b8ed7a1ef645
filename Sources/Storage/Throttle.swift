/// A limit on how often something may happen: `count` times in a window that begins with the first.
package struct Limit: Sendable, Hashable {
    /// What is counted, for example `login:a@example.org:192.0.2.7`. At most a few hundred bytes, no NUL.
    package var key: String
    package var count: Int64
    package var windowMilliseconds: Int64
    /// How many windows long a lock may become. Above 1, every refused wish but the first makes the window longer by the
    /// time that one slot stands for (window / count), so that whoever goes on trying waits longer and longer.
    package var windowsMax: Int64

    package init(key: String, count: Int64, windowMilliseconds: Int64, windowsMax: Int64 = 1) {
        self.key = key
        self.count = count
        self.windowMilliseconds = windowMilliseconds
        self.windowsMax = windowsMax
    }

    fileprivate var longestMilliseconds: Int64 {
        let (longest, overflow) = windowMilliseconds.multipliedReportingOverflow(by: max(windowsMax, 1))
        return overflow ? windowMilliseconds : longest
    }

    fileprivate var stepMilliseconds: Int64 { windowsMax > 1 && count > 0 ? windowMilliseconds / count : 0 }
}

/// A slot that was taken under a limit; given back when what it was taken for turns out not to count.
package struct Slot: Sendable, Hashable {
    package var key: String
    /// How many of the window's slots are taken, this one included.
    package var used: Int64
    /// When the window began, in unix milliseconds of the database's clock.
    package var windowBeganAt: Int64
    /// How long the window still lasts.
    package var millisecondsLeft: Int64
}

/// What became of the wish for one slot under each of several limits.
package enum Admission: Sendable, Equatable {
    /// One slot of each limit, in the order of the limits asked for.
    case admitted([Slot])
    /// The limit that had none left, and how long until it has one again. No slot of any limit was kept.
    case refused(Limit, retryAfterMilliseconds: Int64)
}

/// How often a limit has refused since the audit was last told.
package struct RefusalCount: Sendable, Equatable {
    package let key: String
    package let count: Int64
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
            return .refused(limit, retryAfterMilliseconds: try refuse(limit))
        }
        return .admitted(limits.compactMap { slots[$0.key] })
    }

    /// A window that ends later than one begun now could (the database's clock was set back, or the limit was shortened) is
    /// over: nobody stays locked out because of a clock. With the margin of `Bounds`: a statement that waited for the row has
    /// an older `{now}` than the one that wrote it, and must not take that one's window for a mistake of the clock.
    private func takeSlot(_ limit: Limit) throws(StorageError) -> Slot? {
        guard limit.count > 0 else { return nil }
        let over = """
            (throttle.ends_at <= {now} OR throttle.ends_at > {now} + $4 + \(Bounds.statementsApartMilliseconds))
            """
        let taken = try row(
            """
            INSERT INTO throttle (key, used, began_at, ends_at, refused) VALUES ($1, 1, {now}, {now} + $3, 0)
            ON CONFLICT (key) DO UPDATE SET
                used = CASE WHEN \(over) THEN 1 ELSE throttle.used + 1 END,
                began_at = CASE WHEN \(over) THEN {now} ELSE throttle.began_at END,
                ends_at = CASE WHEN \(over) THEN {now} + $3 ELSE throttle.ends_at END
            WHERE throttle.used < $2 OR \(over)
            RETURNING used, began_at, ends_at - {now}
            """, limit.key, limit.count, limit.windowMilliseconds, limit.longestMilliseconds)
        guard var taken else { return nil }
        return try Slot(
            key: limit.key, used: taken.integer(), windowBeganAt: taken.integer(), millisecondsLeft: taken.integer())
    }

    /// Counts a refusal for the audit, makes the window longer if the limit says so, and answers how long it lasts now.
    private func refuse(_ limit: Limit) throws(StorageError) -> Int64 {
        let refused = try row(
            """
            UPDATE throttle SET refused = refused + 1, ends_at = CASE
                WHEN refused = 0 AND ends_at <= began_at + $4 THEN ends_at
                WHEN ends_at + $2 < began_at + $3 THEN ends_at + $2
                ELSE began_at + $3 END
            WHERE key = $1 RETURNING ends_at - {now}
            """, limit.key, limit.stepMilliseconds, limit.longestMilliseconds, limit.windowMilliseconds)
        guard var refused else { return limit.windowMilliseconds }
        return max(1, try refused.integer())
    }

    /// Gives a slot back; nothing happens when its window is over.
    package func giveBack(_ slot: Slot) throws(StorageError) {
        try run(
            "UPDATE throttle SET used = used - 1 WHERE key = $1 AND began_at = $2 AND used > 0", slot.key,
            slot.windowBeganAt)
    }

    /// Forgets what was counted under the key, but for refusals that the audit has not been told.
    package func clearThrottle(key: String) throws(StorageError) {
        if try run("DELETE FROM throttle WHERE key = $1 AND refused = 0", key) == 0 {
            try run("UPDATE throttle SET used = 0, ends_at = {now} WHERE key = $1", key)
        }
    }

    /// Up to `limit` keys with refusals that the audit has not been told, in the order of keys.
    package func untoldRefusals(limit: Int) throws(StorageError) -> [RefusalCount] {
        try rows("SELECT key, refused FROM throttle WHERE refused > 0 ORDER BY key LIMIT $1", limit)
            .map { (row: Row) throws(StorageError) in
                var row = row
                return try RefusalCount(key: row.text(), count: row.integer())
            }
    }

    /// Takes what the audit is told now off the count; what was refused since stays.
    package func tell(_ refusals: RefusalCount) throws(StorageError) {
        try run("UPDATE throttle SET refused = refused - $2 WHERE key = $1", refusals.key, refusals.count)
    }

    /// Deletes up to `limit` windows that are over and have nothing left to tell.
    package func deleteOldThrottles(limit: Int) throws(StorageError) -> Int {
        try run(
            """
            DELETE FROM throttle WHERE key IN
                (SELECT key FROM throttle WHERE ends_at < {now} AND refused = 0 LIMIT $1)
            AND ends_at < {now} AND refused = 0
            """, limit)
    }
}
