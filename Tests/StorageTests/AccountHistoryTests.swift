import Testing

@testable import Storage

@Suite("what the audit knows of an account")
struct AccountHistoryTests {
    @Test(
        "the last sign-in is that of this account, refused ones are none, and registering is one",
        arguments: Backend.allCases)
    func lastSignIn(_ backend: Backend) throws {
        let store = try backend.open()
        #expect(try store.read { try $0.lastSignIn(ofUser: "ann") } == nil)
        try store.transaction { transaction in
            for event in [
                AuditEvent(kind: "register", userId: "ann", ip: "192.0.2.1"),
                AuditEvent(kind: "login", userId: "bob", ip: "192.0.2.2"),
                AuditEvent(kind: "login", outcome: "refused", userId: "ann", ip: "192.0.2.3"),
                AuditEvent(kind: "logout", userId: "ann", ip: "192.0.2.4"),
            ] { try transaction.insertAudit(event) }
        }
        #expect(try store.read { try $0.lastSignIn(ofUser: "ann") }?.event.ip == "192.0.2.1")
        try store.transaction { transaction in
            try transaction.insertAudit(AuditEvent(kind: "login", userId: "ann", ip: "192.0.2.5"))
        }
        #expect(try store.read { try $0.lastSignIn(ofUser: "ann") }?.event.ip == "192.0.2.5")
    }

    @Test(
        "refused sign-ins are summed, those of limits by email, and old ones are left out", arguments: Backend.allCases)
    func refused(_ backend: Backend) throws {
        let store = try backend.open()
        let nothing = try store.read {
            try $0.refusedSignIns(ofUser: "ann", email: "ann@example.org", withinMilliseconds: 60_000)
        }
        #expect(nothing.count == 0 && nothing.last == nil)
        try store.transaction { transaction in
            for event in [
                AuditEvent(kind: "login", outcome: "refused", userId: "ann", email: "ann@example.org", ip: "192.0.2.1"),
                AuditEvent(
                    kind: "attempts-refused", outcome: "refused", times: 40, email: "ann@example.org", ip: "192.0.2.2"),
                AuditEvent(kind: "login", outcome: "refused", email: "bob@example.org", ip: "192.0.2.3"),
                AuditEvent(kind: "login", userId: "ann", ip: "192.0.2.4"),
            ] { try transaction.insertAudit(event) }
        }
        let some = try store.read {
            try $0.refusedSignIns(ofUser: "ann", email: "ann@example.org", withinMilliseconds: 60_000)
        }
        #expect(some.count == 41)
        #expect(some.last?.event.ip == "192.0.2.2")
        _ = try store.transaction { try $0.run("UPDATE audit_events SET at = at - 60001") }
        #expect(
            try store.read {
                try $0.refusedSignIns(ofUser: "ann", email: "ann@example.org", withinMilliseconds: 60_000)
            }.count == 0)
    }

    @Test("of several accounts that had an email and were deleted, the last is the one", arguments: Backend.allCases)
    func deleted(_ backend: Backend) throws {
        let store = try backend.open()
        #expect(try store.read { try $0.deletedUser(email: "ann@example.org") } == nil)
        try store.transaction { transaction in
            for id in ["first", "second"] {
                try transaction.insertAudit(AuditEvent(kind: "user-deleted", userId: id, email: "ann@example.org"))
            }
            try transaction.insertAudit(AuditEvent(kind: "user-disabled", userId: "third", email: "ann@example.org"))
        }
        #expect(try store.read { try $0.deletedUser(email: "ann@example.org") } == "second")
    }

    @Test(
        "sessions that begin while their user is deleted go too, and each has been ended", arguments: Backend.allCases)
    func deletionRace(_ backend: Backend) throws {
        let store = try backend.open()
        for round in 0..<10 {
            let user = "ann-\(round)"
            _ = try store.transaction { transaction in
                _ = try transaction.makeUser(user)
                _ = try transaction.makeSession("\(user)-first", of: user)
            }
            // As a login and a refresh do it, and as `user delete` does.
            let outcomes = try onThreads(9) { index -> (isDeletion: Bool, sessions: [String]) in
                try store.transaction { transaction in
                    if index == 4 {
                        #expect(try transaction.lockAnyUser(id: user) != nil)
                        let ended = try transaction.endAllSessions(ofUser: user, reason: "user-deleted")
                        #expect(try transaction.deleteUser(id: user))
                        return (true, ended)
                    }
                    if index % 2 == 0 {
                        guard try transaction.lockUser(id: user) != nil else { return (false, []) }
                        return (false, [try transaction.makeSession("\(user)-\(index)", of: user).id])
                    }
                    guard try transaction.lockSession(id: "\(user)-first") != nil else { return (false, []) }
                    try transaction.recordAccessToken(
                        jti: "\(user)-\(index)", sessionId: "\(user)-first", expiresAt: .max)
                    return (false, [])
                }
            }
            let begun = outcomes.filter { !$0.isDeletion }.flatMap(\.sessions) + ["\(user)-first"]
            let ended = outcomes.filter(\.isDeletion).flatMap(\.sessions)
            #expect(ended.sorted() == begun.sorted(), "whoever was let in before the deletion was ended by it")
        }
        try store.read { (transaction) throws in
            for table in ["users", "sessions", "access_tokens"] { #expect(try transaction.count(table) == 0) }
        }
    }
}
