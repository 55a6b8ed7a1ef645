import Testing

@testable import Accounts
@testable import Storage
@testable import Tokens

struct SessionTests {
    @Test("me is who the database says, not who the token says")
    func me() async throws {
        let house = try House()
        let grant = try await house.register()
        let claims = try house.claims(grant)
        #expect(try await house.accounts.me(claims).result.get() == grant.account)
        try house.administration.setRoles(["admin"], of: "ada@example.org")
        #expect(try await house.accounts.me(claims).result.get().roles == ["admin"])
        try house.administration.disable("ada@example.org")
        #expect(await house.accounts.me(claims).refusal?.reason == .tokenRevoked)
        try house.administration.delete("ada@example.org")
        #expect(await house.accounts.me(claims).refusal?.reason == .tokenInvalid)
    }

    @Test("the list shows the live sessions, with device and address, and which one asks")
    func list() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login(from: "198.51.100.9").result.get()
        let ended = try await house.login().result.get()
        _ = await house.logout(tokens: [ended.refreshToken])
        let sessions = try await house.accounts.sessions(try house.claims(first)).result.get()
        #expect(Set(sessions.map(\.id)) == [first.sessionID, second.sessionID])
        let current = try #require(sessions.first { $0.isCurrent })
        #expect(current.id == first.sessionID)
        #expect(current.ip == "192.0.2.7")
        #expect(current.userAgent == "tests/1")
        #expect(current.expiresAt == current.createdAt + 7 * 86_400_000)
        let other = try #require(sessions.first { !$0.isCurrent })
        #expect(other.ip == "198.51.100.9")
        #expect(other.userAgent == nil)
    }

    @Test("one session is ended by its owner, and only by its owner")
    func end() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login().result.get()
        let stranger = try await house.register("eve@example.org")
        let theirs = await house.accounts.endSession(
            second.sessionID, of: try house.claims(stranger), caller: House.caller)
        #expect(theirs.refusal == Refusal(.notFound))
        #expect(try !house.isRevoked(second))
        let ours = await house.accounts.endSession(
            second.sessionID, of: try house.claims(first), caller: House.caller)
        #expect(ours.revocations.map(\.value) == [second.sessionID])
        #expect(try house.isRevoked(second))
        #expect(try !house.isRevoked(first))
        let again = await house.accounts.endSession(
            second.sessionID, of: try house.claims(first), caller: House.caller)
        #expect(again.refusal == Refusal(.notFound))
    }

    @Test("a user agent is kept short and printable")
    func userAgent() {
        let hostile = Array("a\u{1B}[31mb\r\nc\u{E4}".utf8) + Array(repeating: UInt8(ascii: "x"), count: 5000)
        let caller = Caller(address: "192.0.2.7", userAgent: hostile)
        #expect(caller.userAgent?.hasPrefix("a[31mbcx") == true)
        #expect(caller.userAgent?.utf8.count == 256)
    }
}

struct PasswordChangeTests {
    private static let new = "quartz-lantern-57-river"

    @Test("a change needs the old password, ends every other session and keeps this one")
    func story() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login().result.get()
        let settled = await house.change(House.password, Self.new, first)
        #expect(try settled.result.get() == 1)
        #expect(settled.revocations.map(\.value) == [second.sessionID])
        #expect(try house.isRevoked(second))
        #expect(try !house.isRevoked(first))
        #expect(await house.refresh(first.refreshToken).refusal == nil)
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.login().refusal?.reason == .invalidCredentials)
        #expect(await house.login("ada@example.org", Self.new).refusal == nil)
    }

    @Test("a wrong current password is 400 with its member named, and changes nothing")
    func wrong() async throws {
        let house = try House()
        let first = try await house.register()
        let refusal = await house.change("wrong-password", Self.new, first).refusal
        #expect(refusal?.reason == .validationFailed)
        #expect(refusal?.details.keys.sorted() == ["currentPassword"])
        #expect(await house.login().refusal == nil)
    }

    @Test("the new password is held to the same rules", arguments: ["short", "password", "ada@example.org"])
    func weak(new: String) async throws {
        let house = try House()
        let first = try await house.register()
        let refusal = await house.change(House.password, new, first).refusal
        #expect(refusal?.reason == .validationFailed)
        #expect(refusal?.details.keys.sorted() == ["newPassword"])
    }

    @Test("guessing the current password counts like guessing at login")
    func throttle() async throws {
        let house = try House { $0.loginLimit = AttemptLimit(attempts: 2, windowSeconds: 900) }
        let first = try await house.register()
        for _ in 0..<2 { _ = await house.change("wrong-password", Self.new, first) }
        #expect(await house.change(House.password, Self.new, first).refusal?.reason == .tooManyAttempts)
        #expect(await house.login().refusal?.reason == .tooManyAttempts)
    }

    @Test("a session that was ended meanwhile changes nothing")
    func ended() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        let first = try await house.register()
        let session = try #require(try house.claims(first).sessionID)
        let administration = house.administration
        workers.afterPassword { try administration.endSession(session) }
        #expect(await house.change(House.password, Self.new, first).refusal?.reason == .tokenRevoked)
        workers.afterPassword {}
        #expect(await house.login().refusal == nil)
        #expect(await house.login("ada@example.org", Self.new).refusal?.reason == .invalidCredentials)
    }

    @Test("of two changes at once that know the old password one wins")
    func race() async throws {
        let house = try House(workers: ThreadWorkers())
        let first = try await house.register()
        async let one = house.change(House.password, Self.new, first)
        async let two = house.change(House.password, "marble-kitten-93-cloud", first)
        let refusals = await [one.refusal, two.refusal]
        #expect(refusals.count { $0 == nil } == 1)
    }
}

extension House {
    func change(_ current: String, _ new: String, _ grant: SessionGrant) async -> Settled<Int> {
        do {
            return await accounts.changePassword(
                current: current, new: new, bearer: try claims(grant), caller: Self.caller)
        } catch {
            return Settled(.failure(Refusal(.internalError)))
        }
    }
}
