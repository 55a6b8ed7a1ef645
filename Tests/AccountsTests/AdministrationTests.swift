import Testing

@testable import Accounts
@testable import Reasons
@testable import Storage
@testable import Tokens

struct AdministrationTests {
    @Test("an added user has a verified email, the roles named, and logs in")
    func add() async throws {
        let house = try House { $0.registrationIsOpen = false }
        let account = try house.administration.addUser(
            email: " Root@Example.org", password: House.password, name: nil, roles: ["user", "admin", "user"])
        #expect(account.email == "root@example.org")
        #expect(account.emailVerified)
        #expect(account.roles == ["admin", "user"])
        #expect(await house.login("root@example.org").refusal == nil)
        #expect(throws: Refusal(.emailTaken)) {
            try house.administration.addUser(
                email: "root@example.org", password: House.password, name: nil, roles: [])
        }
    }

    @Test("bad emails, weak passwords and roles with commas are refused with their names")
    func refused() throws {
        let house = try House()
        for (email, password, roles, member) in [
            ("nobody", House.password, ["user"], "email"), ("a@b.c", "password", ["user"], "password"),
            ("a@b.c", House.password, ["user,admin"], "roles"),
        ] {
            #expect {
                try house.administration.addUser(email: email, password: password, name: nil, roles: roles)
            } throws: { error in
                (error as? Refusal)?.details.keys.sorted() == [member]
            }
        }
        #expect(try house.administration.list(after: nil, limit: 10).isEmpty)
    }

    @Test("users are found by email in any spelling and by id, and listed in pages")
    func find() async throws {
        let house = try House()
        for name in ["b", "a", "c"] { try await house.register("\(name)@example.org") }
        let found = try #require(try house.administration.find("B@example.org"))
        #expect(try house.administration.find(found.id) == found)
        #expect(try house.administration.find("x@example.org") == nil)
        #expect(try house.administration.find("no such id") == nil)
        let page = try house.administration.list(after: nil, limit: 2)
        #expect(page.map(\.email) == ["a@example.org", "b@example.org"])
        #expect(try house.administration.list(after: "b@example.org", limit: 2).map(\.email) == ["c@example.org"])
    }

    @Test("a role change stops every current access token of the user and leaves refreshing alone")
    func roles() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login().result.get()
        let third = try await house.refresh(second.refreshToken).result.get()
        let other = try await house.register("eve@example.org")
        let changed = try house.administration.setRoles(["admin"], of: "ada@example.org")
        #expect(changed.account.roles == ["admin"])
        #expect(changed.revocations.count == 3)
        #expect(changed.revocations.allSatisfy { $0.kind == .token })
        for grant in [first, second, third] { #expect(try house.isRevoked(grant)) }
        #expect(try !house.isRevoked(other))
        let next = try await house.refresh(first.refreshToken).result.get()
        #expect(try !house.isRevoked(next))
        #expect(try house.claims(next).roles == ["admin"])
    }

    @Test("setting the roles that a user has already stops nothing")
    func sameRoles() async throws {
        let house = try House()
        let grant = try await house.register()
        #expect(try house.administration.setRoles(["user"], of: "ada@example.org").revocations.isEmpty)
        #expect(try !house.isRevoked(grant))
    }

    @Test("a disabled user is out at once and stays out until enabled")
    func disable() async throws {
        let house = try House()
        let grant = try await house.register()
        let changed = try house.administration.disable("ada@example.org")
        #expect(changed.account.isDisabled)
        #expect(try house.isRevoked(grant))
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.login().refusal?.reason == .invalidCredentials)
        #expect(try house.administration.disable("ada@example.org").revocations.isEmpty)
        #expect(try !house.administration.enable("ada@example.org").account.isDisabled)
        #expect(await house.login().refusal == nil)
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
    }

    @Test("a password set by an administrator ends every session")
    func setPassword() async throws {
        let house = try House()
        let grant = try await house.register()
        try house.administration.setPassword("quartz-lantern-57-river", of: "ada@example.org")
        #expect(try house.isRevoked(grant))
        #expect(await house.login().refusal?.reason == .invalidCredentials)
        #expect(await house.login("ada@example.org", "quartz-lantern-57-river").refusal == nil)
    }

    @Test("a deleted user's tokens are revoked though the sessions are gone")
    func delete() async throws {
        let house = try House()
        let grant = try await house.register()
        let changed = try house.administration.delete("ada@example.org")
        #expect(changed.account.id == grant.account.id)
        #expect(try house.isRevoked(grant))
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.login().refusal?.reason == .invalidCredentials)
        #expect(try await house.register().account.id != grant.account.id)
    }

    @Test("what a deleted user did stays on record, and is found by the email until somebody else has it")
    func deletedOnRecord() async throws {
        let house = try House()
        let id = try await house.register().account.id
        try house.administration.delete("Ada@example.org")
        let last = try #require(try house.events().last)
        #expect(last == AuditEvent(kind: "user-deleted", userId: id, email: "ada@example.org"))
        let reading = AuditReading(store: house.store)
        #expect(
            try reading.list(AuditFilter(), who: "ada@example.org", limit: 10).map(\.event.kind)
                == ["register", "user-deleted"])
        let next = try await house.register().account.id
        let records = try reading.list(AuditFilter(), who: "ada@example.org", limit: 10)
        #expect(records.map(\.event.userId) == [id, next], "the deletion leads to the id that it was")
        #expect(try reading.list(AuditFilter(), who: id, limit: 10).count == 2)
    }

    @Test("a login or a password change that a deletion overtakes is refused as if there had been nobody")
    func deletedMeanwhile() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        let grant = try await house.register()
        let bearer = try house.claims(grant)
        let administration = house.administration
        workers.afterPassword { try? administration.delete("ada@example.org") }
        let overtaken = await house.login().refusal
        let unknown = await house.login("eve@example.org").refusal
        #expect(overtaken == unknown && overtaken?.reason == .invalidCredentials)
        #expect(try house.events().contains { $0.kind == "login" && $0.detail == "changed meanwhile" })

        workers.afterPassword {}
        let second = try await house.register()
        workers.afterPassword { try administration.delete("ada@example.org") }
        let changed = await house.accounts.changePassword(
            current: House.password, new: "quartz-lantern-57-river", bearer: try house.claims(second),
            caller: House.caller)
        #expect(changed.refusal?.reason == .tokenInvalid)
        #expect(try house.isRevoked(grant) && house.isRevoked(second))
        #expect(await house.accounts.me(bearer).refusal?.reason == .tokenInvalid)
        #expect(await house.accounts.logoutAll(bearer, caller: House.caller).refusal == nil)
    }

    @Test("the report has the state, the sign-ins and the sessions of one account")
    func report() async throws {
        let house = try House()
        let id = try await house.register().account.id
        try await house.register("eve@example.org")
        _ = await house.login(from: "198.51.100.9")
        _ = await house.login("ada@example.org", "wrong-password", from: "203.0.113.1")
        let report = try house.administration.report(on: "ADA@example.org")
        #expect(report.account.id == id && report.disabledAt == nil)
        #expect(report.passwordKind == "$2b$04$")
        #expect(report.sessions.count == 2)
        #expect(report.lastSignIn?.from == "198.51.100.9")
        #expect(report.refusedSignIns == 1 && report.lastRefused?.from == "203.0.113.1")
        try house.administration.disable(id)
        let disabled = try house.administration.report(on: id)
        #expect(disabled.disabledAt != nil && disabled.sessions.isEmpty)
        #expect(throws: Refusal(.notFound)) { try house.administration.report(on: "x@example.org") }
    }

    @Test("there is nothing to change about nobody")
    func nobody() throws {
        let house = try House()
        #expect(throws: Refusal(.notFound)) { try house.administration.disable("x@example.org") }
        #expect(throws: Refusal(.notFound)) { try house.administration.delete("x@example.org") }
        #expect(throws: Refusal(.notFound)) { try house.administration.setRoles([], of: "x@example.org") }
        #expect(throws: Refusal(.notFound)) {
            try house.administration.setPassword(House.password, of: "x@example.org")
        }
    }
}
