/// What no longer opens the gate, and until when anybody could still present it.
package struct Revocation: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Every access token of a session.
        case session = "sid"
        /// One access token.
        case token = "jti"
    }

    package var kind: Kind
    /// `iss` of the tokens concerned.
    package var issuer: String
    /// The `sid` or `jti`.
    package var value: String
    /// Unix milliseconds: the latest expiry of any token concerned.
    package var until: Int64

    package init(kind: Kind, issuer: String, value: String, until: Int64) {
        self.kind = kind
        self.issuer = issuer
        self.value = value
        self.until = until
    }

    static let columns = "kind, issuer, value, until_at"

    init(_ row: Row) throws(StorageError) {
        var row = row
        let name = try row.text()
        guard let kind = Kind(rawValue: name) else { throw .internal("unknown kind of revocation: \(name)") }
        self.kind = kind
        issuer = try row.text()
        value = try row.text()
        until = try row.integer()
    }
}

extension Transaction {
    /// Writes revocations; one that exists already is kept as long as the later of the two, and counts as recorded anew.
    package func insertRevocations(_ revocations: [Revocation]) throws(StorageError) {
        if revocations.isEmpty { return }
        try ringBell()
        // Sorted, so that two transactions that revoke the same things wait for each other in one order.
        for one in revocations.sorted(by: {
            ($0.kind.rawValue, $0.issuer, $0.value) < ($1.kind.rawValue, $1.issuer, $1.value)
        }) {
            try run(
                """
                INSERT INTO revocations (kind, issuer, value, until_at, recorded_at) VALUES ($1, $2, $3, $4, {now})
                ON CONFLICT (kind, issuer, value) DO UPDATE SET recorded_at = excluded.recorded_at, until_at =
                    CASE WHEN excluded.until_at > revocations.until_at THEN excluded.until_at
                         ELSE revocations.until_at END
                """, one.kind.rawValue, one.issuer, one.value, one.until)
        }
    }

    /// Wakes the gateways that listen (`ChangeBell`) once this transaction is committed. On SQLite nobody does.
    package func ringBell() throws(StorageError) {
        try run("SELECT {ring}")
    }

    /// The revocations recorded after `since` (unix milliseconds). Rows commit later than they are recorded, so a reader
    /// asks again for everything since its last `now()` less two minutes, never only above the last it saw.
    package func revocations(recordedSince since: Int64) throws(StorageError) -> [Revocation] {
        try rows("SELECT \(Revocation.columns) FROM revocations WHERE recorded_at > $1", since).map(Revocation.init)
    }

    /// One page of all revocations that still matter, in the order of their keys, beginning after `after` (nil: from the
    /// start): for the load at start. A page shorter than `limit` is the last.
    package func liveRevocations(after: Revocation?, limit: Int) throws(StorageError) -> [Revocation] {
        // The sum keeps a planner without statistics from the index of `until_at`, which would need a sort for every page.
        try rows(
            """
            SELECT \(Revocation.columns) FROM revocations
            WHERE (kind, issuer, value) > ($1, $2, $3) AND until_at + 0 > {now}
            ORDER BY kind, issuer, value LIMIT $4
            """, after?.kind.rawValue ?? "", after?.issuer ?? "", after?.value ?? "", limit
        ).map(Revocation.init)
    }

    /// Deletes up to `limit` revocations that stopped mattering more than `slackMilliseconds` ago; the slack covers clocks
    /// of gateways that are behind the database's.
    package func deleteOldRevocations(slackMilliseconds: Int64, limit: Int) throws(StorageError) -> Int {
        // The condition again outside: a row may be prolonged between the two readings.
        try run(
            """
            DELETE FROM revocations WHERE (kind, issuer, value) IN
                (SELECT kind, issuer, value FROM revocations WHERE until_at < {now} - $1 LIMIT $2)
            AND until_at < {now} - $1
            """, slackMilliseconds, limit)
    }
}
