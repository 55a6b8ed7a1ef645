import Testing

@testable import Accounts
@testable import Storage

struct RegisterTests {
    @Test("whoever registers is signed in as a user with an unverified email")
    func story() async throws {
        let house = try House()
        let grant = try await house.register(" Ada@Example.org ")
        #expect(grant.account.email == "ada@example.org")
        #expect(!grant.account.emailVerified)
        #expect(grant.account.roles == ["user"])
        #expect(grant.account.name == "Ada")
        #expect(grant.refreshSeconds == 7 * 86_400)
        let claims = try house.claims(grant)
        #expect(claims.subject == grant.account.id)
        #expect(claims.sessionID == grant.sessionID)
        #expect(claims.roles == ["user"])
        #expect(claims.email == "ada@example.org")
        #expect(claims.emailVerified == false)
        #expect(try house.audit() == ["register"])
    }

    @Test("the email in another spelling is taken")
    func taken() async throws {
        let house = try House()
        try await house.register("ada@example.org")
        let second = await house.accounts.register(
            email: "ADA@EXAMPLE.ORG\n", password: House.password, name: nil, presented: nil, caller: House.caller)
        #expect(second.refusal == Refusal(.emailTaken))
    }

    @Test("of many registrations of one email at once exactly one wins")
    func race() async throws {
        let house = try House(workers: ThreadWorkers())
        let reasons = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    await house.accounts.register(
                        email: "ada@example.org", password: House.password, name: nil, presented: nil,
                        caller: House.caller
                    ).refusal
                }
            }
            return await group.reduce(into: [Refusal?]()) { $0.append($1) }
        }
        #expect(reasons.count { $0 == nil } == 1)
        #expect(reasons.count { $0?.reason == .emailTaken } == 11)
        #expect(try house.administration.list(after: nil, limit: 10).count == 1)
    }

    @Test("a closed registration says so, whatever the email")
    func closed() async throws {
        let house = try House { $0.registrationIsOpen = false }
        let settled = await house.accounts.register(
            email: "nonsense", password: "", name: nil, presented: nil, caller: House.caller)
        #expect(settled.refusal?.reason == .registrationClosed)
    }

    @Test("every mistake is named at once, and nothing is written")
    func validation() async throws {
        let house = try House()
        let settled = await house.accounts.register(
            email: "ada", password: "short", name: "a\nb", presented: nil, caller: House.caller)
        #expect(settled.refusal?.reason == .validationFailed)
        #expect(settled.refusal?.details.keys.sorted() == ["email", "name", "password"])
        #expect(try house.administration.list(after: nil, limit: 10).isEmpty)
    }

    @Test("a weak password is refused by its strength", arguments: ["password", "ada@example.org", "12345678"])
    func weak(password: String) async throws {
        let house = try House()
        let settled = await house.accounts.register(
            email: "ada@example.org", password: password, name: nil, presented: nil, caller: House.caller)
        #expect(settled.refusal?.reason == .validationFailed)
        #expect(settled.refusal?.details.keys.sorted() == ["password"])
    }

    @Test("an empty name is no name")
    func emptyName() async throws {
        let house = try House()
        let settled = await house.accounts.register(
            email: "ada@example.org", password: House.password, name: "  ", presented: nil, caller: House.caller)
        #expect(try settled.result.get().account.name == nil)
    }

    @Test("registrations are counted per address, and a weak password costs nothing")
    func throttle() async throws {
        let house = try House { $0.registerLimit = AttemptLimit(attempts: 2, windowSeconds: 3600) }
        for _ in 0..<5 {
            let weak = await house.accounts.register(
                email: "x@example.org", password: "password", name: nil, presented: nil, caller: House.caller)
            #expect(weak.refusal?.reason == .validationFailed)
        }
        try await house.register("a@example.org")
        try await house.register("b@example.org")
        let third = await house.accounts.register(
            email: "c@example.org", password: House.password, name: nil, presented: nil, caller: House.caller)
        #expect(third.refusal?.reason == .tooManyAttempts)
        let wait = try #require(third.refusal?.retryAfterSeconds)
        #expect((1...3600).contains(wait))
        let elsewhere = await house.accounts.register(
            email: "c@example.org", password: House.password, name: nil, presented: nil,
            caller: Caller(address: "192.0.2.8"))
        #expect(elsewhere.refusal == nil)
    }

    @Test("registering ends the session of a cookie that came along")
    func replaced() async throws {
        let house = try House()
        let first = try await house.register("a@example.org")
        try await house.register("b@example.org", presented: first.refreshToken)
        #expect(try house.isRevoked(first))
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .invalidRefreshToken)
    }
}
