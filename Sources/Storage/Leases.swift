extension Transaction {
    /// Takes or renews a lease, so that one gateway at a time does a job: true when `holder` has it until
    /// `milliseconds` from now. One that ends later than a lease taken now could (a clock was set back) is over; the margin
    /// is that of `takeSlots`.
    package func takeLease(_ name: String, holder: String, milliseconds: Int64) throws(StorageError) -> Bool {
        try row(
            """
            INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, {now} + $3)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            WHERE leases.holder = excluded.holder OR leases.expires_at <= {now}
                OR leases.expires_at > {now} + $3 + \(Bounds.statementsApartMilliseconds)
            RETURNING name
            """, name, holder, milliseconds) != nil
    }

    /// Gives the lease up early; nothing happens when another holds it.
    package func releaseLease(_ name: String, holder: String) throws(StorageError) {
        try run("DELETE FROM leases WHERE name = $1 AND holder = $2", name, holder)
    }
}
