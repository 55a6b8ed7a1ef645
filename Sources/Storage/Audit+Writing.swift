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
        guard head.seq < .max - Int64(events.count) - 1 else { throw .internal("the audit has no number left") }
        let alarm = sealing.isSealed(.head, head) ? [] : [AuditEvent.unsealed(head)]
        var records: [AuditRecord] = []
        for event in alarm + events {
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
    ///
    /// What goes is looked at once more: the mark vouches for it, and whoever makes records look old, or forges the mark before
    /// them, would have the gateway do so. It goes all the same, and a record tells.
    package func removeOldAudit(
        keptMilliseconds: Int64, limit: Int, sealing: any AuditSealing
    ) throws(StorageError) -> Int {
        guard let head = try lockAuditHead() else { return 0 }
        let anchor = try auditAnchor()
        let oldest = try rows(
            "SELECT \(AuditRecord.columns) FROM audit_events WHERE seq < $1 ORDER BY seq LIMIT $2", head.seq, limit
        ).map(AuditRecord.init)
        let limitAt = try now() - keptMilliseconds
        guard let count = oldest.lastIndex(where: { $0.at < limitAt }).map({ $0 + 1 }) else { return 0 }
        var isWhole = anchor.map { sealing.isSealed(.anchor, $0) } ?? true
        var last = (seq: anchor?.seq ?? 0, digest: anchor?.digest ?? "")
        for record in oldest.prefix(count) {
            isWhole = isWhole && record.seq == last.seq &+ 1 && sealing.isWhole(record, after: last.digest)
            last = (record.seq, record.digest)
        }
        if !isWhole { try insertAudit(.removedBroken(upTo: last.seq)) }
        try run(
            """
            INSERT INTO audit_anchor (id, seq, digest, at, key_id, seal) VALUES (1, $1, $2, {now}, $3, $4)
            ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, digest = excluded.digest, at = excluded.at,
                key_id = excluded.key_id, seal = excluded.seal
            """, last.seq, last.digest, sealing.keyId, sealing.seal(.anchor, seq: last.seq, digest: last.digest))
        return try run("DELETE FROM audit_events WHERE seq <= $1", last.seq)
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
