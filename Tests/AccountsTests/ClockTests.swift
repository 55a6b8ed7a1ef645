import Testing

@testable import Accounts
@testable import Storage

@Suite("clocks that jump")
struct ClockTests {
    private let start: Int64 = 1_800_000_000_000

    @Test("behind a jump of the database's clock nothing is deleted for a day; a clock that only goes is believed")
    func forward() {
        let watch = ClockWatch()
        #expect(watch.allowsDeleting(at: start, passed: 0))
        #expect(watch.allowsDeleting(at: start + 60_500, passed: 60_000))
        #expect(!watch.allowsDeleting(at: start + 3_720_000, passed: 120_000))
        #expect(!watch.allowsDeleting(at: start + 3_780_000, passed: 180_000))
        #expect(watch.allowsDeleting(at: start + 90_120_000, passed: 86_520_000))
    }

    @Test("a jump that was taken back is forgotten at once")
    func takenBack() {
        let watch = ClockWatch()
        #expect(watch.allowsDeleting(at: start, passed: 0))
        #expect(!watch.allowsDeleting(at: start + 90_060_000, passed: 60_000))
        #expect(watch.allowsDeleting(at: start + 120_000, passed: 120_000))
    }

    @Test("a database that was away for long is no jump")
    func outage() {
        let watch = ClockWatch()
        #expect(watch.allowsDeleting(at: start, passed: 0))
        #expect(watch.allowsDeleting(at: start + 7_200_000, passed: 7_200_000))
    }

    @Test("the database's clock set back lets no spent token live: its grace is over")
    func backward() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        #expect(
            try await house.refresh(first.refreshToken).result.get().refreshToken.digest == second.refreshToken.digest)
        // As if the token had been spent an hour from now.
        try house.age("refresh_tokens", "spent_at", seconds: -3600)
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenReused)
        #expect(try house.isRevoked(second))
    }

    @Test("the database's clock set back a little, or two statements out of order, cost nobody the session")
    func order() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        try house.age("refresh_tokens", "spent_at", seconds: -5)
        #expect(
            try await house.refresh(first.refreshToken).result.get().refreshToken.digest == second.refreshToken.digest)
    }

    @Test("the database's clock set back, then on: the feed misses nothing that was revoked in between")
    func feed() async throws {
        let house = try House()
        let grant = try await house.register()
        let feed = RevocationFeed(store: house.store)
        let start = try feed.loadAll()
        // Read while the clock was an hour ahead.
        let ahead = RevocationFeed.Reading(revocations: [], readAt: start.readAt + 3_600_000)
        try house.administration.disable("ada@example.org")
        #expect(try feed.poll(after: ahead).revocations.map(\.value) == [grant.sessionID])
    }
}
