import Testing

@testable import Accounts
@testable import Crypto
@testable import Reasons
@testable import Storage

struct AuditTests {
    @Test("a failed login is one row and one line: who, what, from where, outcome and request, and no password")
    func failedLogin() async throws {
        let house = try House()
        let id = try await house.register().account.id
        _ = await house.accounts.login(
            email: "Ada@example.org", password: "wrong-password", presented: nil, caller: House.caller)
        _ = await house.login("nobody@example.org", "wrong-password")
        let events = try house.events()
        #expect(events.map(\.kind) == ["register", "login", "login"])
        #expect(
            events[1]
                == AuditEvent(
                    kind: "login", outcome: "refused", userId: id, email: "ada@example.org", ip: "192.0.2.7",
                    requestId: "request-1", detail: "wrong password"))
        #expect(events[2].userId == nil && events[2].email == "nobody@example.org")
        let lines = house.lines.all
        #expect(lines.count == 3)
        #expect(
            lines[1] == "audit 2 login user=\(id) email=ada@example.org from=192.0.2.7 outcome=refused "
                + "request=request-1 detail=\"wrong password\"")
        #expect(!lines.contains { $0.contains("wrong-password") })
    }

    @Test("refused guesses are summed: one row for each limit that refused, at the next sweep")
    func refused() async throws {
        let house = try House { $0.loginLimit = AttemptLimit(attempts: 1, windowSeconds: 900) }
        for _ in 0..<6 { _ = await house.login("ada@example.org", "wrong-password", from: "2001:db8::1") }
        #expect(try house.audit() == ["login"])
        _ = try house.sweep()
        _ = try house.sweep()
        let events = try house.events()
        #expect(
            events.dropFirst()
                == [
                    AuditEvent(
                        kind: "attempts-refused", outcome: "refused", times: 5, email: "ada@example.org",
                        ip: "2001:db8:0:0::/64", detail: "login")
                ])
    }

    @Test("an untouched audit is whole, and its head is the last record")
    func whole() async throws {
        let house = try await Self.lived()
        let verdict = try house.verify()
        #expect(verdict.problems.isEmpty)
        #expect(verdict.records == 6 && verdict.headSeq == 6 && verdict.headDigest.utf8.count == 64)
        let noted = try #require(AuditVerification.Noted("6:\(verdict.headDigest)"))
        _ = await house.login()
        #expect(try house.verify(noted: noted).problems.isEmpty)
    }

    @Test(
        "whatever is done to the rows shows",
        arguments: [
            "UPDATE audit_events SET ip = '203.0.113.1' WHERE seq = 3",
            "UPDATE audit_events SET detail = 'x' WHERE seq = 6",
            "UPDATE audit_events SET at = at + 1 WHERE seq = 1",
            "UPDATE audit_events SET user_id = NULL WHERE seq = 1",
            "DELETE FROM audit_events WHERE seq = 3",
            "DELETE FROM audit_events WHERE seq = 1",
            "DELETE FROM audit_events WHERE seq > 4",
            "DELETE FROM audit_events",
            "UPDATE audit_events SET seq = 7 WHERE seq = 6",
            "UPDATE audit_events SET key_id = '', digest = ''",
            "UPDATE audit_head SET seq = 4, digest = (SELECT digest FROM audit_events WHERE seq = 4)",
            "UPDATE audit_head SET seq = 0, digest = '', seal = ''",
            "UPDATE audit_head SET seal = ''",
            "DELETE FROM audit_head",
            "INSERT INTO audit_anchor SELECT 1, seq, digest, at, key_id, digest FROM audit_events WHERE seq = 3",
        ])
    func tampered(sql: String) async throws {
        let house = try await Self.lived()
        let head = try #require(AuditVerification.Noted("6:\(house.verify().headDigest)"))
        _ = try house.store.transaction { try $0.run(sql) }
        let verdict = try house.verify()
        // Without rows or head nothing inside the database shows that there was ever more: that is what `--head` is for.
        if sql != "UPDATE audit_head SET seq = 0, digest = '', seal = ''" {
            #expect(!verdict.problems.isEmpty, "\(verdict)")
        }
        #expect(try !house.verify(noted: head).problems.isEmpty)
    }

    @Test("rows and head of an earlier time are whole by themselves, and the head that was noted tells")
    func setBack() async throws {
        let house = try await Self.lived()
        let before = try #require(house.store.read { try $0.auditHead() })
        _ = await house.login()
        let noted = try #require(AuditVerification.Noted("7:\(house.verify().headDigest)"))
        _ = try house.store.transaction { transaction in
            try transaction.run("DELETE FROM audit_events WHERE seq > 6")
            try transaction.run(
                "UPDATE audit_head SET seq = 6, digest = $1, seal = $2", before.digest, before.seal)
        }
        #expect(try house.verify().problems.isEmpty)
        #expect(try house.verify(noted: noted).problems.first?.contains("record 7") == true)
    }

    @Test("a chain that another key made is found out")
    func otherKey() async throws {
        let house = try await Self.lived()
        let others = AuditKeys([Secret(Array("another secret of thirty-two bytes".utf8))])
        #expect(try !AuditVerification(keys: others, store: house.store).verify().problems.isEmpty)
    }

    @Test("what is too old goes, and the anchor that it leaves is as safe as the rest")
    func retention() async throws {
        let house = try await Self.lived()
        let head = try house.verify().headDigest
        _ = try house.store.transaction { transaction in
            try transaction.run("UPDATE audit_events SET at = at")
        }
        #expect(try house.store.removeOldAudit(keptMilliseconds: -60_000, limit: 3) == 3)
        var verdict = try house.verify()
        #expect(verdict.problems.isEmpty && verdict.removedUpTo == 3 && verdict.records == 3, "\(verdict)")
        // The newest stays, so that there is something to go on from.
        #expect(try house.store.removeOldAudit(keptMilliseconds: -60_000, limit: 30) == 2)
        #expect(try house.store.removeOldAudit(keptMilliseconds: -60_000, limit: 30) == 0)
        verdict = try house.verify(noted: AuditVerification.Noted("6:\(head)"))
        #expect(verdict.problems.isEmpty && verdict.records == 1, "\(verdict)")
        _ = try house.store.transaction { try $0.run("UPDATE audit_anchor SET seq = 4") }
        #expect(try !house.verify().problems.isEmpty)
    }

    @Test("nothing of a transaction that failed is in the audit, and no line tells of it")
    func undone() throws {
        struct Undone: Error {}
        let house = try House()
        #expect(throws: Undone.self) {
            try house.store.transaction { transaction in
                try transaction.insertAudit(AuditEvent(kind: "never"))
                throw Undone()
            }
        }
        #expect(try house.audit().isEmpty)
        #expect(house.lines.all.isEmpty)
    }

    @Test("a line is one line of printable ASCII, whatever was sent")
    func line() {
        let event = AuditEvent(kind: "x\n", email: "a b\"c\\", ip: "\u{1B}[2J", detail: "é\r\ny")
        let line = AuditRecord(seq: 1, at: 0, event: event).line
        #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(line.contains(#"email="a b\"c\\""#))
    }

    /// Six events.
    private static func lived() async throws -> House {
        let house = try House()
        let grant = try await house.register()
        _ = await house.login("ada@example.org", "wrong-password")
        _ = await house.login()
        _ = await house.logout(bearer: try house.claims(grant))
        try house.administration.setRoles(["user", "admin"], of: "ada@example.org")
        try house.administration.disable("ada@example.org")
        return house
    }
}

extension House {
    func verify(noted: AuditVerification.Noted? = nil) throws -> AuditVerification.Verdict {
        try AuditVerification(keys: House.auditKeys, store: store).verify(noted: noted)
    }
}
