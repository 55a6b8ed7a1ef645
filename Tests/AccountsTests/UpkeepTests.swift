import Testing

@testable import Accounts
@testable import Storage

struct RevocationFeedTests {
    @Test("a poll brings what was revoked since the last one, by whomever")
    func poll() async throws {
        let house = try House()
        let grant = try await house.register()
        let feed = RevocationFeed(store: house.store)
        let start = try feed.loadAll()
        #expect(start.revocations.isEmpty)
        try house.administration.disable("ada@example.org")
        let news = try feed.poll(after: start)
        #expect(news.revocations.map(\.value) == [grant.sessionID])
        // And again: rows commit late, so a poll reads some seconds twice.
        #expect(try feed.poll(after: news).revocations == news.revocations)
    }

    @Test("a row that was committed a minute late is read within ten seconds, and not with every poll")
    func late() async throws {
        let house = try House()
        try await house.register()
        let feed = RevocationFeed(store: house.store)
        let now = try feed.loadAll().readAt
        try house.administration.disable("ada@example.org")
        try house.age("revocations", "recorded_at", seconds: 60)
        let soon = RevocationFeed.Reading(revocations: [], readAt: now, wholeAt: now)
        #expect(try feed.poll(after: soon).revocations.isEmpty)
        let later = RevocationFeed.Reading(revocations: [], readAt: now, wholeAt: now - 11_000)
        let whole = try feed.poll(after: later)
        #expect(whole.revocations.count == 1)
        #expect(try feed.poll(after: whole).revocations.isEmpty)
    }

    @Test("after an outage of any length the poll reads on from where it was")
    func outage() async throws {
        let house = try House()
        try await house.register()
        let feed = RevocationFeed(store: house.store)
        let start = try feed.loadAll()
        try house.administration.disable("ada@example.org")
        try house.age("revocations", "recorded_at", seconds: 600)
        let late = RevocationFeed.Reading(revocations: [], readAt: start.readAt - 900_000)
        #expect(try feed.poll(after: late).revocations.count == 1)
        #expect(try feed.poll(after: start).revocations.isEmpty)
    }

    @Test("everything in force is loaded, whatever the number of pages")
    func pages() throws {
        let house = try House()
        let rows = (0..<2500).map {
            Storage.Revocation(kind: .session, issuer: "us", value: "s\($0)", until: 4_000_000_000_000)
        }
        try house.store.transaction { transaction in try transaction.insertRevocations(rows) }
        let loaded = try RevocationFeed(store: house.store).loadAll()
        #expect(Set(loaded.revocations.map(\.value)).count == 2500)
    }

    @Test("milliseconds of the store become seconds, never a moment less")
    func units() {
        let row = Storage.Revocation(kind: .token, issuer: "us", value: "t", until: 10_999)
        #expect(Accounts.Revocation(row).until == 11)
        #expect(Accounts.Revocation(row).kind == .token)
    }
}

struct HousekeeperTests {
    @Test("what still matters stays: a fresh house has nothing to sweep")
    func nothing() async throws {
        let house = try House()
        let grant = try await house.register()
        let second = try await house.refresh(grant.refreshToken).result.get()
        _ = try await house.login().result.get()
        _ = await house.logout(bearer: try house.claims(second))
        #expect(try house.sweep()?.total == 0)
        #expect(try house.isRevoked(second))
    }

    @Test("sealed successors go after the grace, and then the spent token is reuse")
    func sealed() async throws {
        let house = try House()
        let grant = try await house.register()
        _ = try await house.refresh(grant.refreshToken).result.get()
        try house.age("refresh_tokens", "spent_at", seconds: 31)
        #expect(try house.sweep()?.sealedSuccessors == 1)
        #expect(await house.refresh(grant.refreshToken).refusal?.reason == .refreshTokenReused)
    }

    @Test("ended sessions, expired tokens, old revocations and throttle windows go in the end")
    func everything() async throws {
        let house = try House { $0.registerLimit = AttemptLimit(attempts: 9, windowSeconds: 60) }
        let grant = try await house.register()
        _ = await house.logout(bearer: try house.claims(grant))
        let year: Int64 = 365 * 86_400
        for (table, column) in [
            ("access_tokens", "expires_at"), ("refresh_tokens", "expires_at"), ("sessions", "ended_at"),
            ("sessions", "idle_expires_at"), ("revocations", "until_at"), ("throttle", "ends_at"),
        ] {
            try house.age(table, column, seconds: year)
        }
        let swept = try #require(try house.sweep())
        #expect(swept.accessTokens == 1)
        #expect(swept.refreshTokens == 1)
        #expect(swept.sessions == 1)
        #expect(swept.revocations == 1)
        #expect(swept.throttles == 1)
        #expect(try house.sweep()?.total == 0)
        #expect(await house.login().refusal == nil)
    }

    @Test("a spent token is remembered for as long as its session may live")
    func spentStays() async throws {
        let house = try House { $0.refreshGraceSeconds = 0 }
        let first = try await house.register()
        _ = try await house.refresh(first.refreshToken).result.get()
        try house.age("refresh_tokens", "expires_at", seconds: 30 * 86_400)
        _ = try house.sweep()
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenReused)
    }

    @Test("one gateway sweeps at a time")
    func lease() throws {
        let house = try House()
        let one = Housekeeper(settings: house.settings, store: house.store, holder: "one")
        let two = Housekeeper(settings: house.settings, store: house.store, holder: "two")
        #expect(try one.sweep() != nil)
        #expect(try two.sweep() == nil)
        #expect(try one.sweep() != nil)
        try one.stop()
        #expect(try two.sweep() != nil)
    }
}

extension House {
    func sweep() throws -> Housekeeper.Swept? {
        try Housekeeper(settings: settings, store: store, holder: "tests").sweep()
    }
}
