extension Transaction {
    /// Writes an event in the transaction of what it tells, so that neither exists without the other.
    ///
    /// It is written just before the commit: all events of all gateways queue for one row, the head of the chain, so that is
    /// the last lock a transaction takes, and it is held for as short as can be.
    package func insertAudit(_ event: AuditEvent) throws(StorageError) {
        keep(event)
    }

    /// Appends the events to the chain: locks its head, writes the rows, moves the head.
    func append(_ events: [AuditEvent], sealing: any AuditSealing) throws(StorageError) -> [AuditRecord] {
        guard var head = try lockAuditHead() else { throw .internal("the audit has no head") }
        // Read after the lock was granted: `{now}` of the statement that waited for it is older than the record before.
        let now = try now()
        var records: [AuditRecord] = []
        for event in events {
            var record = AuditRecord(seq: head.seq + 1, at: now, event: event, keyId: sealing.keyId)
            record.digest = sealing.digest(of: record, after: head.digest)
            try insert(record)
            head.seq = record.seq
            head.digest = record.digest
            records.append(record)
        }
        try run(
            "UPDATE audit_head SET seq = $1, digest = $2, key_id = $3, seal = $4 WHERE id = 1", head.seq, head.digest,
            sealing.keyId, sealing.seal(.head, seq: head.seq, digest: head.digest))
        return records
    }

    private func lockAuditHead() throws(StorageError) -> AuditMark? {
        try row("UPDATE audit_head SET id = id WHERE id = 1 RETURNING seq, digest, key_id, seal").map(AuditMark.init)
    }

    private func insert(_ record: AuditRecord) throws(StorageError) {
        let event = record.event
        try run(
            """
            INSERT INTO audit_events (\(AuditRecord.columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """, record.seq, record.at, event.kind, event.outcome, event.times, event.userId, event.email,
            event.sessionId, event.ip, event.requestId, event.detail, record.keyId, record.digest)
    }

    /// Removes up to `limit` of the oldest records that are older than `keptMilliseconds`, and leaves a sealed mark of where
    /// the chain now begins. The newest record always stays. Returns how many went.
    package func removeOldAudit(
        keptMilliseconds: Int64, limit: Int, sealing: any AuditSealing
    ) throws(StorageError) -> Int {
        guard let head = try lockAuditHead() else { return 0 }
        let last = try row(
            """
            SELECT seq, digest FROM audit_events WHERE seq =
                (SELECT max(seq) FROM
                    (SELECT seq, at FROM audit_events WHERE seq < $1 ORDER BY seq LIMIT $2) AS oldest
                 WHERE at < {now} - $3)
            """, head.seq, limit, keptMilliseconds)
        guard var last else { return 0 }
        let (seq, digest) = (try last.integer(), try last.text())
        try run(
            """
            INSERT INTO audit_anchor (id, seq, digest, at, key_id, seal) VALUES (1, $1, $2, {now}, $3, $4)
            ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, digest = excluded.digest, at = excluded.at,
                key_id = excluded.key_id, seal = excluded.seal
            """, seq, digest, sealing.keyId, sealing.seal(.anchor, seq: seq, digest: digest))
        return try run("DELETE FROM audit_events WHERE seq <= $1", seq)
    }
}

extension AuditMark {
    init(_ row: Row) throws(StorageError) {
        var row = row
        seq = try row.integer()
        digest = try row.text()
        keyId = try row.text()
        seal = try row.text()
    }
}
