import Testing

@testable import Accounts
@testable import Crypto
@testable import Reasons
@testable import Storage

struct LoginTests {
    @Test("the right password opens a session, in any spelling of the email")
    func story() async throws {
        let house = try House()
        let registered = try await house.register()
        let grant = try await house.login(" ADA@example.org").result.get()
        #expect(grant.account.id == registered.account.id)
        #expect(grant.sessionID != registered.sessionID)
        #expect(grant.refreshToken.text != registered.refreshToken.text)
        #expect(try house.audit() == ["register", "login"])
    }

    @Test("eight logins give eight different tokens of every kind")
    func unique() async throws {
        let house = try House()
        try await house.register()
        var refresh: Set<String> = []
        var access: Set<String> = []
        var ids: Set<String?> = []
        for _ in 0..<8 {
            let grant = try await house.login().result.get()
            refresh.insert(grant.refreshToken.text)
            access.insert(grant.accessToken)
            ids.insert(try house.claims(grant).tokenID)
        }
        #expect(refresh.count == 8)
        #expect(access.count == 8)
        #expect(ids.count == 8)
    }

    @Test("an unknown email, a wrong password and a disabled user get the same refusal")
    func indistinguishable() async throws {
        let house = try House()
        try await house.register("known@example.org")
        try await house.register("disabled@example.org")
        try house.administration.disable("disabled@example.org")
        let unknown = await house.login("unknown@example.org").refusal
        let wrong = await house.login("known@example.org", "wrong-password").refusal
        let disabled = await house.login("disabled@example.org").refusal
        #expect(unknown?.reason == .invalidCredentials)
        #expect(unknown?.allowance?.remaining == 9)
        #expect(wrong == unknown)
        #expect(disabled == unknown)
    }

    @Test("all three do one hash of the configured cost on the password pool, and none on the store pool")
    func sameWork() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        try await house.register("known@example.org")
        try await house.register("disabled@example.org")
        try house.administration.disable("disabled@example.org")
        var traces: Set<[String]> = []
        for email in ["unknown@example.org", "known@example.org", "disabled@example.org"] {
            workers.clear()
            _ = await house.login(email, "wrong-password")
            traces.insert(workers.trace)
        }
        workers.clear()
        _ = await house.login("disabled@example.org", House.password)
        traces.insert(workers.trace)
        #expect(traces == [["store", "password", "store"]])
    }

    @Test(
        "shape is complained about alike for known and unknown emails, before any work",
        arguments: [String(repeating: "x", count: 73), String(repeating: "x", count: 9000), "", "abc\0defgh"])
    func shape(password: String) async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        try await house.register("known@example.org")
        workers.clear()
        let known = await house.login("known@example.org", password).refusal
        let unknown = await house.login("unknown@example.org", password).refusal
        #expect(known?.reason == .validationFailed)
        #expect(known == unknown)
        #expect(workers.trace.isEmpty)
    }

    @Test("guessing runs into the limit, per email and address, whether or not the account exists")
    func throttle() async throws {
        let house = try House { $0.loginLimit = AttemptLimit(attempts: 3, windowSeconds: 900) }
        try await house.register("known@example.org")
        for email in ["known@example.org", "unknown@example.org"] {
            for _ in 0..<3 {
                #expect(await house.login(email, "wrong-password").refusal?.reason == .invalidCredentials)
            }
            let refused = await house.login(email.uppercased(), House.password).refusal
            #expect(refused?.reason == .tooManyAttempts)
            let wait = try #require(refused?.retryAfterSeconds)
            #expect((1...900).contains(wait))
        }
        #expect(await house.login("known@example.org", from: "198.51.100.1").refusal == nil)
    }

    @Test("one IPv6 client does not get a new count with every address of its /64")
    func prefix() async throws {
        let house = try House { $0.loginLimit = AttemptLimit(attempts: 1, windowSeconds: 900) }
        #expect(await house.login(from: "2001:db8:1:2::1").refusal?.reason == .invalidCredentials)
        #expect(await house.login(from: "2001:db8:1:2:ffff::2").refusal?.reason == .tooManyAttempts)
        #expect(await house.login(from: "2001:db8:1:3::1").refusal?.reason == .invalidCredentials)
    }

    @Test("a success clears the count, so a typo now and then locks nobody out")
    func cleared() async throws {
        let house = try House { $0.loginLimit = AttemptLimit(attempts: 3, windowSeconds: 900) }
        try await house.register()
        for _ in 0..<4 {
            for _ in 0..<2 { _ = await house.login("ada@example.org", "wrong-password") }
            #expect(await house.login().refusal == nil)
        }
    }

    @Test("many guesses at once take as many slots: no more get through than the limit says")
    func parallelGuesses() async throws {
        let house = try House(workers: ThreadWorkers()) {
            $0.loginLimit = AttemptLimit(attempts: 5, windowSeconds: 900)
        }
        try await house.register()
        let reasons = await withTaskGroup(of: Reason?.self) { group in
            for _ in 0..<20 {
                group.addTask { await house.login("ada@example.org", "wrong-password").refusal?.reason }
            }
            return await group.reduce(into: [Reason?]()) { $0.append($1) }
        }
        #expect(reasons.count { $0 == .invalidCredentials } == 5)
        #expect(reasons.count { $0 == .tooManyAttempts } == 15)
    }

    @Test("a full password queue answers OVERLOADED and costs no attempt")
    func overloaded() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers) { $0.loginLimit = AttemptLimit(attempts: 1, windowSeconds: 900) }
        try await house.register()
        workers.refusePasswords(true)
        for _ in 0..<3 { #expect(await house.login().refusal?.reason == .overloaded) }
        workers.refusePasswords(false)
        #expect(await house.login().refusal == nil)
    }

    @Test(
        "hashes of other systems log in unchanged and are rehashed as configured",
        arguments: ["$2a$", "$2y$", "$2b$"])
    func imported(prefix: String) async throws {
        let house = try House { $0.bcryptCost = 5 }
        let account = try await house.register().account
        let cheap = try PasswordHash.hash(Array(House.password.utf8).span, cost: 4)
        let foreign = prefix + cheap.dropFirst(4)
        _ = try house.store.transaction { transaction in
            try transaction.setPassword(hash: foreign, user: account.id)
        }
        #expect(await house.login("ada@example.org", "wrong-password").refusal?.reason == .invalidCredentials)
        #expect(await house.login().refusal == nil)
        let stored = try house.store.read { transaction in try transaction.findUser(id: account.id)?.passwordHash }
        #expect(stored?.hasPrefix("$2b$05$") == true)
        #expect(await house.login().refusal == nil)
    }

    @Test("two logins that both rehash both succeed")
    func rehashRace() async throws {
        let house = try House(workers: ThreadWorkers()) { $0.bcryptCost = 6 }
        let account = try await house.register().account
        let cheap = try PasswordHash.hash(Array(House.password.utf8).span, cost: 4)
        _ = try house.store.transaction { transaction in try transaction.setPassword(hash: cheap, user: account.id) }
        let refusals = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<8 { group.addTask { await house.login().refusal } }
            return await group.reduce(into: [Refusal?]()) { $0.append($1) }
        }
        #expect(refusals.allSatisfy { $0 == nil })
    }

    @Test("a login ends the session of a cookie that came along, spent token or not")
    func replaced() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let settled = await house.login(presented: first.refreshToken)
        #expect(settled.refusal == nil)
        #expect(settled.revocations.map(\.value) == [first.sessionID])
        #expect(try house.isRevoked(second))
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .invalidRefreshToken)
    }

    @Test("a failed login ends nothing")
    func failedEndsNothing() async throws {
        let house = try House()
        let first = try await house.register()
        let settled = await house.login("ada@example.org", "wrong-password", presented: first.refreshToken)
        #expect(settled.revocations.isEmpty)
        #expect(try !house.isRevoked(first))
        #expect(await house.refresh(first.refreshToken).refusal == nil)
    }

    @Test("beyond max-sessions the session that began first ends, however recently it was used")
    func maxSessions() async throws {
        let house = try House { $0.sessionsPerUserMax = 3 }
        let first = try await house.register()
        let second = try await house.login().result.get()
        let third = try await house.login().result.get()
        // Apart by the database's clock, so that "first" means something.
        _ = try house.store.transaction { transaction in
            try transaction.run(
                "UPDATE sessions SET created_at = created_at - 5000, last_used_at = {now} + 1 WHERE id = $1",
                second.sessionID)
        }
        let settled = await house.login()
        #expect(settled.revocations.map(\.value) == [second.sessionID])
        #expect(try house.isRevoked(second))
        #expect(try !house.isRevoked(first))
        #expect(try !house.isRevoked(third))
        let sessions = await house.accounts.sessions(try house.claims(first))
        #expect(try sessions.result.get().count == 3)
    }

    @Test("a user disabled while the password is hashed does not get in")
    func disabledMeanwhile() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        try await house.register()
        let administration = house.administration
        workers.afterPassword { try administration.disable("ada@example.org") }
        #expect(await house.login().refusal == Refusal(.invalidCredentials))
    }

    @Test("a password changed while the old one is hashed does not let the old one in")
    func changedMeanwhile() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        try await house.register()
        let administration = house.administration
        workers.afterPassword { try administration.setPassword("another-plum-harbor-82", of: "ada@example.org") }
        #expect(await house.login().refusal == Refusal(.invalidCredentials))
    }
}
