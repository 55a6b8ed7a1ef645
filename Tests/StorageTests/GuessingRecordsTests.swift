import Testing

@testable import Storage

@Suite("guessing: locks that grow, familiar addresses, kinds of hashes")
struct GuessingRecordsTests {
    @Test(
        "refusals make a lock longer, up to its longest, and are counted until the audit is told",
        arguments: Backend.allCases)
    func growing(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "k", count: 2, windowMilliseconds: 60_000, windowsMax: 3)
        let waits = try (0..<8).compactMap { _ -> Int64? in
            guard case .refused(_, let wait) = try store.transaction({ try $0.takeSlots([limit]) }) else { return nil }
            return wait
        }
        #expect(waits.count == 6)
        for (wait, expected) in zip(waits, [60_000, 90_000, 120_000, 150_000, 180_000, 180_000]) {
            #expect(wait <= Int64(expected) && wait > Int64(expected) - 5_000, "\(waits)")
        }
        try store.transaction { transaction in
            let untold = try transaction.untoldRefusals(limit: 10)
            #expect(untold == [RefusalCount(key: "k", count: 6)])
            // A success clears the count of failures, not what is to be told.
            try transaction.clearThrottle(key: "k")
            #expect(try transaction.deleteOldThrottles(limit: 10) == 0)
            for refusal in untold { try transaction.tell(refusal) }
            #expect(try transaction.untoldRefusals(limit: 10).isEmpty)
        }
        guard case .admitted(let slots) = try store.transaction({ try $0.takeSlots([limit]) }) else {
            Issue.record("the cleared limit still refuses")
            return
        }
        #expect(slots.first?.used == 1)
    }

    @Test("a slot that was lent goes back although refusals made the window longer", arguments: Backend.allCases)
    func lent(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "k", count: 1, windowMilliseconds: 60_000, windowsMax: 3)
        guard case .admitted(let slots) = try store.transaction({ try $0.takeSlots([limit]) }) else { return }
        _ = try store.transaction { try $0.takeSlots([limit]) }
        try store.transaction { transaction in for slot in slots { try transaction.giveBack(slot) } }
        guard case .admitted = try store.transaction({ try $0.takeSlots([limit]) }) else {
            Issue.record("the slot did not come back")
            return
        }
    }

    @Test("an account knows its addresses and its tokens, and no other's", arguments: Backend.allCases)
    func familiar(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            for name in ["ann", "bob"] { _ = try transaction.makeUser(name) }
            _ = try transaction.makeSession("s", of: "ann")
            try transaction.insertRefreshToken(hash: hash(1), sessionId: "s", expiresAt: 0)
            for _ in 0..<2 { try transaction.noteSignIn(userId: "ann", address: "192.0.2.1") }
            #expect(try transaction.knows("ann", "192.0.2.1"))
            #expect(try !transaction.knows("ann", "192.0.2.2"))
            #expect(try !transaction.knows("bob", "192.0.2.1"))
            #expect(try transaction.belongs(refreshTokenHash: hash(1), toEmail: "ann@example.org"))
            #expect(try !transaction.belongs(refreshTokenHash: hash(1), toEmail: "bob@example.org"))
            #expect(try !transaction.belongs(refreshTokenHash: hash(2), toEmail: "ann@example.org"))
            #expect(try transaction.deleteOldSignIns(keptMilliseconds: 60_000, limit: 5) == 0)
            try transaction.run("UPDATE sign_in_addresses SET last_at = last_at - 70000")
            #expect(try !transaction.knows("ann", "192.0.2.1"))
            #expect(try transaction.deleteOldSignIns(keptMilliseconds: 60_000, limit: 5) == 1)
        }
    }

    @Test("the kinds of hashes are those that accounts have", arguments: Backend.allCases)
    func kinds(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            for hash in ["$2b$12$abcdefghijklmnopqrstuu", "$6$rounds=9000$salt$digest", "$6$rounds=9000$other$digest"] {
                try transaction.setPassword(hash: hash, user: "ann")
            }
            #expect(try transaction.passwordKinds() == ["$2b$12$", "$6$rounds=9000$"])
            #expect(try transaction.deleteUnusedPasswordKinds() == 1)
            #expect(try transaction.passwordKinds() == ["$6$rounds=9000$"])
        }
    }

    @Test(
        "what stands before the salt is a hash's kind",
        arguments: [
            ("$2y$10$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvwxyzabcde", "$2y$10$"), ("$5$salt$digest", "$5$"),
            ("$6$rounds=5000$salt$digest", "$6$rounds=5000$"), ("$y$j9T$salt$digest", "$y$j9T$"),
            ("$gy$j9T$salt$digest", "$gy$j9T$"), ("$7$CU..../....salt$digest", "$7$CU..../...."), ("", nil),
            ("plain", nil), ("$6$x", nil), ("$7$short", nil),
        ] as [(String, String?)])
    func kind(hash: String, expected: String?) {
        #expect(Transaction.kind(ofHash: hash) == expected)
    }

    @Test("events of many at once follow each other without a gap, each told once", arguments: Backend.allCases)
    func chain(_ backend: Backend) throws {
        let sealing = Counting()
        let store = try Store.open(backend.makeLocation(), sealing: sealing)
        _ = try onThreads(8) { thread in
            for number in 0..<5 {
                try store.transaction { transaction in
                    try transaction.insertAudit(AuditEvent(kind: "\(thread).\(number)"))
                    try transaction.insertAudit(AuditEvent(kind: "\(thread).\(number)'"))
                }
            }
        }
        let records = try store.read { try $0.auditRecords(after: 0, limit: 100) }
        #expect(records.map(\.seq) == Array(1...80))
        var previous = ""
        for record in records {
            #expect(record.digest == sealing.digest(of: record, after: previous))
            previous = record.digest
        }
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.at <= $1.at })
        let head = try store.read { try $0.auditHead() }
        #expect(head?.seq == 80 && head?.digest == previous)
    }

    @Test("filters find what fits them all, the newest first", arguments: Backend.allCases)
    func filters(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            for (kind, outcome, user, email) in [
                ("login", "ok", "ann", nil), ("login", "refused", "ann", "ann@example.org"),
                ("login", "refused", nil, "bob@example.org"), ("logout", "ok", "ann", nil),
            ] as [(String, String, String?, String?)] {
                try transaction.insertAudit(
                    AuditEvent(kind: kind, outcome: outcome, userId: user, email: email, ip: "192.0.2.1"))
            }
        }
        func found(limit: Int = 10, _ adjust: (inout AuditFilter) -> Void) throws -> [Int64] {
            var filter = AuditFilter()
            adjust(&filter)
            return try store.read { try $0.auditRecords(filter, limit: limit).map(\.seq) }
        }
        #expect(try found { _ in } == [4, 3, 2, 1])
        #expect(try found(limit: 2) { _ in } == [4, 3])
        #expect(try found { $0.userId = "ann" } == [4, 2, 1])
        #expect(try found { $0.email = "bob@example.org" } == [3])
        #expect(try found { ($0.userId, $0.email) = ("ann", "bob@example.org") } == [4, 3, 2, 1])
        #expect(try found { ($0.kind, $0.outcome) = ("login", "refused") } == [3, 2])
        #expect(try found { ($0.kind, $0.ip) = ("login", "192.0.2.2") } == [])
        #expect(try found { $0.until = 0 } == [])
        #expect(try found { $0.since = 1 } == [4, 3, 2, 1])
    }
}

extension Transaction {
    fileprivate func knows(_ name: String, _ address: String) throws -> Bool {
        try hasSignedIn(email: "\(name)@example.org", address: address, withinMilliseconds: 60_000)
    }
}

/// A chain without a key: enough to see in which order records were written.
private struct Counting: AuditSealing {
    var keyId: String { "k" }
    func digest(of record: AuditRecord, after previous: String) -> String {
        "\(previous.suffix(40))|\(record.event.kind)"
    }
    func seal(_ end: AuditEnd, seq: Int64, digest: String) -> String { "\(end)\(seq)" }
    func announce(_ record: AuditRecord) {}
}
