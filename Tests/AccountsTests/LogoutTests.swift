import Testing

@testable import Accounts
@testable import Storage
@testable import Tokens

struct LogoutTests {
    @Test("logout ends the refresh token and the access token, and a second logout is harmless")
    func story() async throws {
        let house = try House()
        let grant = try await house.register()
        let settled = await house.logout(tokens: [grant.refreshToken])
        #expect(settled.refusal == nil)
        #expect(settled.revocations.map(\.value) == [grant.sessionID])
        #expect(settled.revocations.map(\.kind) == [.session])
        #expect(try house.isRevoked(grant))
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
        let again = await house.logout(tokens: [grant.refreshToken])
        #expect(again.refusal == nil)
        #expect(again.revocations.isEmpty)
        #expect(try house.audit() == ["register", "logout"])
    }

    @Test("the revocation lasts longer than the last access token of the session")
    func until() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let settled = await house.logout(tokens: [first.refreshToken])
        let until = try #require(settled.revocations.first?.until)
        #expect(try until > house.claims(second).expiresAt)
        #expect(try until < house.claims(second).expiresAt + 300)
    }

    @Test("any token of the family names the session, spent or not")
    func spent() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        _ = await house.logout(tokens: [first.refreshToken])
        #expect(try house.isRevoked(second))
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .invalidRefreshToken)
    }

    @Test("cookie and bearer may name two sessions, and both end")
    func both() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login().result.get()
        let settled = await house.logout(tokens: [first.refreshToken], bearer: try house.claims(second))
        #expect(Set(settled.revocations.map(\.value)) == [first.sessionID, second.sessionID])
        #expect(try house.isRevoked(first))
        #expect(try house.isRevoked(second))
    }

    @Test("the bearer alone ends its session, once")
    func bearer() async throws {
        let house = try House()
        let grant = try await house.register()
        let settled = await house.logout(bearer: try house.claims(grant))
        #expect(settled.revocations.map(\.value) == [grant.sessionID])
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.logout(bearer: try house.claims(grant)).revocations.isEmpty)
    }

    @Test("naming nothing, junk or the unknown is well too")
    func nothing() async throws {
        let house = try House()
        #expect(await house.logout().refusal == nil)
        #expect(await house.logout(tokens: [try RefreshToken.fresh()]).refusal == nil)
    }

    @Test("a token of another service is revoked by its session, or at least by itself")
    func foreign() async throws {
        let house = try House()
        let expiry = house.accounts.now() + 600
        let withSession = Claims(
            issuer: "http://localhost", subject: "legacy-7", sessionID: "legacy-session", tokenID: "t1",
            expiresAt: expiry)
        _ = await house.logout(bearer: withSession)
        #expect(try house.revoked().contains(sid: "legacy-session", jti: "t2", issuer: "http://localhost"))
        let bare = Claims(issuer: "http://localhost", subject: "legacy-7", tokenID: "t3", expiresAt: expiry)
        let settled = await house.logout(bearer: bare)
        #expect(settled.revocations.map(\.kind) == [.token])
        #expect(try house.revoked().contains(sid: nil, jti: "t3", issuer: "http://localhost"))
        let anonymous = Claims(issuer: "http://localhost", subject: "legacy-7", expiresAt: .max)
        #expect(await house.logout(bearer: anonymous).refusal == nil)
    }

    @Test("logout-all ends every session of the user and of nobody else")
    func all() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.login().result.get()
        let other = try await house.register("eve@example.org")
        let settled = await house.accounts.logoutAll(try house.claims(first), caller: House.caller)
        #expect(try settled.result.get() == 2)
        #expect(try house.isRevoked(first))
        #expect(try house.isRevoked(second))
        #expect(try !house.isRevoked(other))
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.refresh(other.refreshToken).refusal == nil)
    }

    @Test(
        "with a full database queue a logout is OVERLOADED, holds for the bearer here, and is whole at the second try")
    func overloaded() async throws {
        let workers = RecordingWorkers()
        let house = try House(workers: workers)
        let grant = try await house.register()
        let bearer = try house.claims(grant)
        workers.refuseStore(true)
        let now = house.accounts.now()
        let one = await house.logout(tokens: [grant.refreshToken], bearer: bearer)
        let all = await house.accounts.logoutAll(bearer, caller: House.caller)
        for (refusal, revocations) in [(one.refusal, one.revocations), (all.refusal, all.revocations)] {
            #expect(refusal?.reason == .overloaded)
            let revocation = try #require(revocations.first)
            #expect(revocation.kind == .session && revocation.value == grant.sessionID)
            #expect(revocation.until >= bearer.expiresAt && revocation.until <= now + 86_400 + 130)
        }
        let byCookie = await house.logout(tokens: [grant.refreshToken])
        #expect(byCookie.refusal?.reason == .overloaded && byCookie.revocations.isEmpty)

        workers.refuseStore(false)
        #expect(try !house.isRevoked(grant), "nothing was written")
        #expect(try house.audit() == ["register"])
        #expect(await house.logout(tokens: [grant.refreshToken], bearer: bearer).refusal == nil)
        #expect(try house.isRevoked(grant))
        #expect(try house.audit() == ["register", "logout"])
    }
}

extension House {
    func logout(tokens: [RefreshToken] = [], bearer: Claims? = nil) async -> Settled<Void> {
        await accounts.logout(tokens: tokens, bearer: bearer, caller: Self.caller)
    }
}
