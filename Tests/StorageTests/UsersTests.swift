import Foundation
import Testing

@testable import Storage

@Suite("users")
struct UsersTests {
    @Test("a user is found as it was written, by id and by email", arguments: Backend.allCases)
    func roundTrip(_ backend: Backend) throws {
        let store = try backend.open()
        let before = try store.read { try $0.now() }
        let written = try store.transaction { transaction in
            try transaction.insertUser(
                id: "11111111-1111-4111-8111-111111111111", email: "zoë@example.org", emailVerified: true,
                name: "Zoë 🦀 'quoted' $1 {now}", passwordHash: "$2b$12$hash", roles: ["user", "admin", "user"])
        }
        #expect(written.roles == ["admin", "user"])
        #expect(written.createdAt >= before && written.createdAt == written.updatedAt)
        try store.read { (transaction) throws in
            #expect(try transaction.findUser(id: written.id) == written)
            #expect(try transaction.findUser(email: written.email) == written)
            #expect(try transaction.findUser(email: "ZOË@example.org") == nil)
            #expect(try transaction.findUser(id: "") == nil)
        }
    }

    @Test("the database's clock is the wall clock in milliseconds", arguments: Backend.allCases)
    func clock(_ backend: Backend) throws {
        let store = try backend.open()
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let here = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        let there = try store.read { try $0.now() }
        #expect(abs(there - here) < 2_000)
    }

    @Test("a second user with the same email is a typed refusal, and leaves nothing", arguments: Backend.allCases)
    func uniqueEmail(_ backend: Backend) throws {
        let store = try backend.open()
        _ = try store.transaction { try $0.makeUser("ann") }
        let error = refusal {
            try store.transaction { transaction in
                try transaction.insertAudit(AuditEvent(kind: "register"))
                _ = try transaction.insertUser(
                    id: "other", email: "ann@example.org", emailVerified: false, name: nil, passwordHash: "",
                    roles: ["user"])
            }
        }
        #expect(error == .uniqueViolation(constraint: "users_email"))
        #expect(refusal { try store.transaction { try $0.makeUser("ann") } } != nil)
        #expect(try store.read { try $0.count("audit_events") } == 0)
        #expect(try store.read { try $0.count("users") } == 1)
    }

    @Test("a key of several columns is named alike on both databases", arguments: Backend.allCases)
    func constraintNames(_ backend: Backend) throws {
        let store = try backend.open()
        _ = try store.transaction { try $0.makeUser("ann") }
        let error = refusal {
            try store.transaction {
                try $0.run("INSERT INTO user_roles (user_id, role) VALUES ($1, $2)", "ann", "user")
            }
        }
        #expect(error == .uniqueViolation(constraint: "user_roles_user_id_role"))
        let primary = refusal {
            try store.transaction { transaction in
                try transaction.insertUser(
                    id: "ann", email: "b@example.org", emailVerified: false, name: nil, passwordHash: "", roles: [])
            }
        }
        #expect(primary == .uniqueViolation(constraint: "users_id"))
    }

    @Test("of sixteen registrations of one email at once exactly one succeeds", arguments: Backend.allCases)
    func registrationRace(_ backend: Backend) throws {
        let store = try backend.open()
        let outcomes = try onThreads(16) { index in
            refusal {
                try store.transaction { transaction in
                    try transaction.insertUser(
                        id: "user-\(index)", email: "same@example.org", emailVerified: false, name: nil,
                        passwordHash: "", roles: ["user"])
                }
            }
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        #expect(outcomes.filter { $0 == .uniqueViolation(constraint: "users_email") }.count == 15)
    }

    @Test("pages of users follow the bytes of their emails, without gap or repetition", arguments: Backend.allCases)
    func listing(_ backend: Backend) throws {
        let store = try backend.open()
        let names = ["b", "a-b", "a.b", "B", "é", "ab", "a_b", "Z"]
        try store.transaction { transaction in for name in names { _ = try transaction.makeUser(name) } }
        var seen: [String] = []
        while true {
            let page = try store.read { try $0.listUsers(after: seen.last, limit: 3) }
            seen += page.map(\.email)
            if page.count < 3 { break }
        }
        #expect(
            seen
                == names.map { "\($0)@example.org" }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        )
    }

    @Test("roles, password and disabling are changed, and say whether they were", arguments: Backend.allCases)
    func changes(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            #expect(try transaction.setRoles(["owner", "admin"], ofUser: "ann"))
            #expect(try transaction.setRoles(["x"], ofUser: "nobody") == false)
            #expect(try transaction.lockUser(id: "ann")?.roles == ["admin", "owner"])
            #expect(try transaction.setRoles([], ofUser: "ann"))
            #expect(try transaction.findUser(id: "ann")?.roles == [])

            #expect(try transaction.setPassword(hash: "new", user: "ann"))
            #expect(try transaction.rehashPassword(from: "$2b$", to: "lost", user: "ann") == false)
            #expect(try transaction.rehashPassword(from: "new", to: "newer", user: "ann"))
            #expect(try transaction.findUser(id: "ann")?.passwordHash == "newer")

            #expect(try transaction.setDisabled(true, user: "ann"))
            #expect(try transaction.setDisabled(true, user: "ann") == false)
            #expect(try transaction.lockUser(id: "ann") == nil)
            #expect(try transaction.lockAnyUser(id: "ann")?.disabledAt != nil)
            #expect(try transaction.setDisabled(false, user: "ann"))
            #expect(try transaction.lockUser(id: "ann")?.disabledAt == nil)
            #expect(try transaction.lockUser(id: "nobody") == nil)
        }
    }

    @Test("a role that would read as two is not stored", arguments: Backend.allCases)
    func roleWithComma(_ backend: Backend) throws {
        let store = try backend.open()
        #expect(refusal { try store.transaction { try $0.makeUser("ann", roles: ["user,admin"]) } } != nil)
        #expect(refusal { try store.transaction { try $0.makeUser("ann", roles: [""]) } } != nil)
        #expect(try store.read { try $0.count("users") } == 0)
    }

    @Test("whoever waited for a locked user sees the roles it was given meanwhile", arguments: Backend.allCases)
    func freshRoles(_ backend: Backend) throws {
        let store = try backend.open()
        _ = try store.transaction { try $0.makeUser("ann", roles: ["0"]) }
        // Each round reads the number it finds and writes the next: a stale read loses a count.
        _ = try onThreads(8) { _ in
            for _ in 0..<5 {
                try store.transaction { transaction in
                    let user = try #require(try transaction.lockUser(id: "ann"))
                    let count = try #require(user.roles.first.flatMap { Int($0) })
                    try transaction.setRoles(["\(count + 1)"], ofUser: "ann")
                }
            }
        }
        #expect(try store.read { try $0.findUser(id: "ann")?.roles } == ["40"])
    }

    @Test("a deleted user takes roles, sessions and tokens along, and leaves the audit", arguments: Backend.allCases)
    func deletion(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("s", of: "ann")
            try transaction.insertRefreshToken(hash: hash(1), sessionId: "s", expiresAt: .max)
            try transaction.recordAccessToken(jti: "j", sessionId: "s", expiresAt: .max)
            try transaction.insertAudit(AuditEvent(kind: "user-deleted", userId: "ann"))
            #expect(try transaction.deleteUser(id: "ann"))
            #expect(try transaction.deleteUser(id: "ann") == false)
        }
        try store.read { (transaction) throws in
            for table in ["users", "user_roles", "sessions", "refresh_tokens", "access_tokens"] {
                #expect(try transaction.count(table) == 0, "\(table)")
            }
            #expect(try transaction.auditRecords(after: 0, limit: 10).map(\.event.userId) == ["ann"])
        }
    }
}
