import Testing

@testable import Storage

@Suite("transactions and values")
struct TransactionsTests {
    private struct Stop: Error {}

    @Test("whatever the body throws undoes everything and reaches the caller", arguments: Backend.allCases)
    func undone(_ backend: Backend) throws {
        let store = try backend.open()
        #expect(throws: Stop.self) {
            try store.transaction { transaction in
                _ = try transaction.makeUser("ann")
                throw Stop()
            }
        }
        #expect(try store.read { try $0.count("users") } == 0)
    }

    @Test("a failed statement that the body swallows cannot be committed", arguments: Backend.allCases)
    func poisoned(_ backend: Backend) throws {
        let store = try backend.open()
        let error = refusal {
            try store.transaction { transaction in
                _ = try transaction.makeUser("ann")
                _ = try? transaction.makeUser("ann")
                #expect(refusal { try transaction.now() } != nil)
            }
        }
        guard case .uniqueViolation = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try store.read { try $0.count("users") } == 0)
    }

    @Test("a read cannot write", arguments: Backend.allCases)
    func reading(_ backend: Backend) throws {
        let store = try backend.open()
        let error = refusal { try store.read { try $0.makeUser("ann") } }
        guard case .readOnly = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try store.ping()
        #expect(try store.read { try $0.count("users") } == 0)
    }

    @Test("text with a NUL byte is refused before it reaches the database", arguments: Backend.allCases)
    func nulBytes(_ backend: Backend) throws {
        let store = try backend.open()
        guard case .invalidValue = refusal({ try store.read { try $0.findUser(email: "a\0b") } }) else {
            Issue.record("accepted")
            return
        }
        try store.ping()
    }

    @Test("empty, long, foreign and extreme values come back as they went", arguments: Backend.allCases)
    func values(_ backend: Backend) throws {
        let store = try backend.open()
        let long = String(repeating: "é🦀", count: 50_000)
        try store.transaction { transaction in
            for text in ["", " ", "'; DROP TABLE users; --", "\u{1}\n\u{7f}", "\\x41", long] {
                try transaction.insertAudit(AuditEvent(kind: text, detail: text))
            }
        }
        try store.transaction { transaction in
            let details = try transaction.auditRecords(after: 0, limit: 10).map(\.event.detail)
            #expect(details == ["", " ", "'; DROP TABLE users; --", "\u{1}\n\u{7f}", "\\x41", long])

            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("s", of: "ann")
            let all = (0...255).map { UInt8($0) }
            for (bytes, integer) in [([], Int64.max), (all, .min), (all + all, 0), ([0], -1), ([0, 0], 255)] {
                try transaction.insertRefreshToken(hash: bytes, sessionId: "s", expiresAt: integer)
                let token = try #require(try transaction.findRefreshToken(hash: bytes))
                #expect(token.hash == bytes && token.expiresAt == integer)
            }
        }
    }

    @Test("values of the wrong type and rows without a parent are refused", arguments: Backend.allCases)
    func strictness(_ backend: Backend) throws {
        let store = try backend.open()
        #expect(
            refusal { try store.transaction { try $0.run("INSERT INTO throttle VALUES ('k', 'many', 1, 1, 0)") } }
                != nil)
        #expect(refusal { try store.transaction { try $0.makeSession("s", of: "nobody") } } != nil)
        #expect(refusal { try store.transaction { try $0.run("INSERT INTO nowhere VALUES (1)") } } != nil)
        try store.ping()
    }

    @Test("transactions that lock each other's rows crosswise both get through", arguments: Backend.allCases)
    func deadlock(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("a")
            _ = try transaction.makeUser("b")
        }
        _ = try onThreads(4) { index in
            for _ in 0..<5 {
                try store.transaction { transaction in
                    for id in index.isMultiple(of: 2) ? ["a", "b"] : ["b", "a"] {
                        _ = try transaction.lockUser(id: id)
                        try transaction.run("UPDATE users SET updated_at = updated_at + 1 WHERE id = $1", id)
                    }
                }
            }
        }
        let (a, b) = try store.read { transaction in
            (try transaction.findUser(id: "a"), try transaction.findUser(id: "b"))
        }
        #expect(a.map { $0.updatedAt - $0.createdAt } == 20)
        #expect(b.map { $0.updatedAt - $0.createdAt } == 20)
    }

    @Test("a closed store answers unavailable", arguments: Backend.allCases)
    func closed(_ backend: Backend) throws {
        let store = try backend.open()
        store.close()
        #expect(refusal { try store.ping() }?.isUnavailable == true)
    }
}
