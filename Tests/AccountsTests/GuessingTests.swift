import Testing

@testable import Accounts
@testable import Crypto
@testable import Reasons
@testable import Storage

struct GuessingTests {
    private static func house(_ attempts: Int = 2, workers: any AccountWorkers = InlineWorkers()) throws -> House {
        try House(workers: workers) { $0.loginLimit = AttemptLimit(attempts: attempts, windowSeconds: 900) }
    }

    /// Wrong passwords for one email, each from an address of its own, until one is refused for another reason.
    private static func guess(
        _ house: House, _ email: String, times: Int, from block: Int = 1
    ) async -> [Reason?] {
        var reasons: [Reason?] = []
        for number in 1...times {
            let refusal = await house.login(email, "wrong-password", from: "198.51.\(block).\(number)").refusal
            reasons.append(refusal?.reason)
        }
        return reasons
    }

    @Test(
        "guessing at one account from many addresses ends at ten times the limit, whether or not it exists",
        arguments: ["ada@example.org", "nobody@example.org"])
    func perAccount(email: String) async throws {
        let house = try Self.house()
        try await house.register()
        let reasons = await Self.guess(house, email, times: 22)
        #expect(reasons == Array(repeating: .invalidCredentials, count: 20) + [.tooManyAttempts, .tooManyAttempts])
        let refused = await house.login(email, from: "203.0.113.9").refusal
        #expect(refused?.reason == .tooManyAttempts)
        #expect(refused?.allowance?.policy == "login-account")
    }

    @Test("strangers cannot lock the owner out, neither where they signed in before nor with a cookie of theirs")
    func ownerStays() async throws {
        let house = try Self.house()
        let grant = try await house.register()
        #expect(await Self.guess(house, "ada@example.org", times: 21).last == .tooManyAttempts)
        // The address of the registration.
        #expect(await house.login().refusal == nil)
        // Another device, with a cookie that is spent.
        let next = try await house.refresh(grant.refreshToken).result.get()
        let away = await house.login(presented: grant.refreshToken, from: "203.0.113.9")
        #expect(away.refusal == nil)
        _ = next
        // And from then on without one.
        #expect(await house.login(from: "203.0.113.9").refusal == nil)
        #expect(await house.login(from: "203.0.113.10").refusal?.reason == .tooManyAttempts)
    }

    @Test("somebody else's cookie, and an address that was used a month ago, make nobody familiar")
    func notFamiliar() async throws {
        let house = try Self.house()
        try await house.register()
        let other = try await house.register("bob@example.org")
        #expect(await Self.guess(house, "ada@example.org", times: 21).last == .tooManyAttempts)
        let with = await house.login(presented: other.refreshToken, from: "203.0.113.9")
        #expect(with.refusal?.reason == .tooManyAttempts)
        try house.age("sign_in_addresses", "last_at", seconds: 31 * 86_400)
        #expect(await house.login().refusal?.reason == .tooManyAttempts)
    }

    @Test("a stolen cookie does not lift the limit: those who know the account have ten times the limit too")
    func familiarLimit() async throws {
        let house = try Self.house()
        let grant = try await house.register()
        var reasons: [Reason?] = []
        for number in 1...21 {
            reasons.append(
                await house.login(
                    "ada@example.org", "wrong-password", presented: grant.refreshToken, from: "198.51.100.\(number)"
                ).refusal?.reason)
        }
        #expect(reasons.dropLast().allSatisfy { $0 == .invalidCredentials })
        #expect(reasons.last == .tooManyAttempts)
    }

    @Test("one address that tries many accounts ends at ten times the limit; others go on")
    func perAddress() async throws {
        let house = try Self.house()
        try await house.register()
        for number in 1...20 {
            let refusal = await house.login("u\(number)@example.org", "wrong-password", from: "203.0.113.9").refusal
            #expect(refusal?.reason == .invalidCredentials)
        }
        let refused = await house.login("u21@example.org", "wrong-password", from: "203.0.113.9").refusal
        #expect(refused?.reason == .tooManyAttempts)
        #expect(refused?.allowance?.policy == "login-address")
        #expect(await house.login(from: "203.0.113.10").refusal == nil)
    }

    @Test("a success clears what was counted for that email from that address, and nothing else")
    func clearsOnlyThePair() async throws {
        let house = try Self.house()
        try await house.register()
        _ = await house.login("bob@example.org", "wrong-password")
        _ = await house.login("ada@example.org", "wrong-password", from: "203.0.113.9")
        _ = await house.login("ada@example.org", "wrong-password")
        #expect(await house.login().refusal == nil)
        func left(_ email: String, from address: String) async -> Int64? {
            await house.login(email, "wrong-password", from: address).refusal?.allowance?.remaining
        }
        #expect(await left("ada@example.org", from: "192.0.2.7") == 1)
        #expect(await left("bob@example.org", from: "192.0.2.7") == 0)
        #expect(await left("ada@example.org", from: "203.0.113.9") == 0)
    }

    @Test("whoever goes on trying waits longer and longer, up to four windows")
    func growing() async throws {
        let house = try Self.house()
        for _ in 0..<2 { _ = await house.login() }
        var waits: [Int64] = []
        for _ in 0..<8 { waits.append(try #require(await house.login().refusal?.retryAfterSeconds)) }
        for (earlier, later) in zip(waits.prefix(6), waits.dropFirst()) { #expect(later > earlier + 400, "\(waits)") }
        #expect((3590...3600).contains(waits[6]) && (3590...3600).contains(waits[7]), "\(waits)")
    }

    @Test("a login with the right password costs the address and the account nothing")
    func successIsFree() async throws {
        let house = try Self.house(1)
        try await house.register()
        for _ in 0..<25 { #expect(await house.login().refusal == nil) }
    }

    @Test("a hash of another scheme lets its owner in, and is renewed as bcrypt")
    func foreign() async throws {
        let house = try House()
        let account = try await house.register().account
        let password = Array(House.password.utf8)
        let made = PasswordHash.crypt(password.span, "$6$rounds=1000$abcdefghijklmnop")
        let hash = try #require(made)
        _ = try house.store.transaction { try $0.setPassword(hash: hash, user: account.id) }
        #expect(await house.login("ada@example.org", "wrong-password").refusal?.reason == .invalidCredentials)
        #expect(await house.login().refusal == nil)
        #expect(try house.store.read { try $0.findUser(id: account.id)?.passwordHash.hasPrefix("$2b$04$") } == true)
        #expect(await house.login().refusal == nil)
    }

    @Test("an account with a dear hash does the same work as one without any")
    func sameKinds() async throws {
        let house = try House { $0.bcryptCost = 4 }
        let account = try await house.register().account
        let dear = try PasswordHash.hash(Array(House.password.utf8).span, cost: 6)
        _ = try house.store.transaction { try $0.setPassword(hash: dear, user: account.id) }
        #expect(try house.store.read { try $0.passwordKinds() } == ["$2b$04$", "$2b$06$"])
        #expect(await house.login("ada@example.org", "wrong-password").refusal?.reason == .invalidCredentials)
        #expect(await house.login().refusal == nil)
        // Renewed at the login: nobody has the dear kind any more.
        try Housekeeper(settings: house.settings, store: house.store, holder: "tests").forgetPasswordKinds()
        #expect(try house.store.read { try $0.passwordKinds() } == ["$2b$04$"])
    }
}
