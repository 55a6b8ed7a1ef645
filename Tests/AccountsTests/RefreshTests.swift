import Foundation
import Testing

@testable import Accounts
@testable import Encoding
@testable import Storage
@testable import Tokens

struct RefreshTests {
    @Test("a refresh carries the session on with a new token of each kind")
    func rotation() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        #expect(second.sessionID == first.sessionID)
        #expect(second.refreshToken.text != first.refreshToken.text)
        #expect(try house.claims(second).tokenID != house.claims(first).tokenID)
        #expect(second.refreshSeconds == 7 * 86_400)
        #expect(await house.refresh(second.refreshToken).refusal == nil)
    }

    @Test("within the grace the same token gets the same successor, also after a restart")
    func grace() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let again = try await house.refresh(first.refreshToken).result.get()
        #expect(again.refreshToken.text == second.refreshToken.text)
        #expect(again.accessToken != second.accessToken)
        let restarted = try house.reopened { _ in }
        let elsewhere = try await restarted.refresh(first.refreshToken, caller: House.caller).result.get()
        #expect(elsewhere.refreshToken.text == second.refreshToken.text)
        #expect(try !house.audit().contains("refresh-reused"))
    }

    @Test("one token presented by sixteen threads at once has one successor", arguments: 0..<5)
    func sixteen(round: Int) async throws {
        let house = try House(workers: ThreadWorkers())
        let first = try await house.register()
        let results = await withTaskGroup(of: Settled<SessionGrant>.self) { group in
            for _ in 0..<16 { group.addTask { await house.refresh(first.refreshToken) } }
            return await group.reduce(into: [Settled<SessionGrant>]()) { $0.append($1) }
        }
        let grants = try results.map { try $0.result.get() }
        #expect(grants.count == 16)
        #expect(Set(grants.map(\.refreshToken.text)).count == 1)
        let heads = try house.store.read { transaction in
            try transaction.rows("SELECT hash FROM refresh_tokens WHERE spent_at IS NULL").count
        }
        #expect(heads == 1)
    }

    @Test("a second refresh with the same token after the grace ends the session")
    func reuse() async throws {
        let house = try House { $0.refreshGraceSeconds = 0 }
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let reused = await house.refresh(first.refreshToken)
        #expect(reused.refusal == Refusal(.refreshTokenReused))
        #expect(reused.revocations.map(\.value) == [first.sessionID])
        #expect(try house.isRevoked(second))
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .invalidRefreshToken)
        #expect(try house.audit().filter { $0 == "refresh-reused" }.count == 1)
    }

    @Test("the grace ends by the database's clock")
    func graceByClock() async throws {
        let house = try House { $0.refreshGraceSeconds = 30 }
        let first = try await house.register()
        _ = try await house.refresh(first.refreshToken).result.get()
        try house.age("refresh_tokens", "spent_at", seconds: 29)
        #expect(await house.refresh(first.refreshToken).refusal == nil)
        try house.age("refresh_tokens", "spent_at", seconds: 1)
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenReused)
    }

    @Test("once the successor was used the grace is over")
    func successorSpent() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let third = try await house.refresh(second.refreshToken).result.get()
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenReused)
        #expect(await house.refresh(third.refreshToken).refusal?.reason == .invalidRefreshToken)
    }

    @Test("a spent token in its grace still works when its successor does, after the seal was wiped it is reuse")
    func wiped() async throws {
        let house = try House()
        let first = try await house.register()
        _ = try await house.refresh(first.refreshToken).result.get()
        _ = try house.store.transaction { transaction in
            try transaction.run("UPDATE refresh_tokens SET successor_sealed = NULL")
        }
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenReused)
    }

    @Test("a token that nobody issued is refused and ends nothing")
    func unknown() async throws {
        let house = try House()
        let first = try await house.register()
        #expect(await house.refresh(try RefreshToken.fresh()).refusal == Refusal(.invalidRefreshToken))
        #expect(await house.refresh(first.refreshToken).refusal == nil)
    }

    @Test("a session that was not used for its idle lifetime has expired, spent tokens and all")
    func idle() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        try house.age("sessions", "idle_expires_at", seconds: 7 * 86_400)
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .refreshTokenExpired)
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .refreshTokenExpired)
    }

    @Test("each use begins the idle lifetime anew, and the absolute one cuts it")
    func lifetimes() async throws {
        let house = try House { settings in
            settings.refreshIdleSeconds = 1000
            settings.refreshAbsoluteSeconds = 1500
        }
        let first = try await house.register()
        #expect(first.refreshSeconds == 1000)
        try house.age("sessions", "idle_expires_at", "absolute_expires_at", seconds: 900)
        try house.age("refresh_tokens", "expires_at", seconds: 900)
        let second = try await house.refresh(first.refreshToken).result.get()
        #expect((598...600).contains(second.refreshSeconds))
        try house.age("sessions", "idle_expires_at", "absolute_expires_at", seconds: 600)
        #expect(await house.refresh(second.refreshToken).refusal?.reason == .refreshTokenExpired)
    }

    @Test("a refresh says what the roles are now")
    func rolesNow() async throws {
        let house = try House()
        let first = try await house.register()
        try house.administration.setRoles(["admin", "user"], of: "ada@example.org")
        let second = try await house.refresh(first.refreshToken).result.get()
        #expect(try house.claims(second).roles == ["admin", "user"])
        #expect(second.account.roles == ["admin", "user"])
    }

    @Test("refreshes are counted per address")
    func throttle() async throws {
        let house = try House { $0.refreshLimit = AttemptLimit(attempts: 2, windowSeconds: 60) }
        for _ in 0..<2 {
            #expect(await house.refresh(try RefreshToken.fresh()).refusal?.reason == .invalidRefreshToken)
        }
        let refused = await house.refresh(try RefreshToken.fresh()).refusal
        #expect(refused?.reason == .tooManyAttempts)
        #expect(refused?.retryAfterSeconds != nil)
    }

    @Test("the files of the database hold no refresh token in the clear")
    func storedForm() async throws {
        let house = try House()
        let first = try await house.register()
        let second = try await house.refresh(first.refreshToken).result.get()
        let bytes = try house.databaseBytes()
        #expect(bytes.range(of: Data(first.refreshToken.digest)) != nil)
        #expect(bytes.range(of: Data(second.refreshToken.digest)) != nil)
        for token in [first.refreshToken, second.refreshToken] {
            let plain = Base64URL.decode(Array(token.text.utf8).span) ?? Array(token.text.utf8)
            #expect(plain.count == 32)
            #expect(bytes.range(of: Data(plain)) == nil)
            #expect(bytes.range(of: Data(token.text.utf8)) == nil)
        }
        #expect(bytes.range(of: Data(House.password.utf8)) == nil)
    }

    @Test("a logout during a refresh leaves nothing alive: either order ends the session", arguments: 0..<5)
    func logoutRace(round: Int) async throws {
        let house = try House(workers: ThreadWorkers())
        let first = try await house.register()
        async let refreshed = house.refresh(first.refreshToken)
        async let ended = house.accounts.logout(tokens: [first.refreshToken], bearer: nil, caller: House.caller)
        let (refresh, logout) = await (refreshed, ended)
        #expect(logout.refusal == nil)
        if let grant = try? refresh.result.get() {
            #expect(try house.isRevoked(grant))
            #expect(await house.refresh(grant.refreshToken).refusal?.reason == .invalidRefreshToken)
        }
        #expect(await house.refresh(first.refreshToken).refusal?.reason == .invalidRefreshToken)
    }

    @Test("a role change during a refresh leaves no good token with the old roles", arguments: 0..<5)
    func roleRace(round: Int) async throws {
        let house = try House(workers: ThreadWorkers())
        let first = try await house.register()
        try house.administration.setRoles(["admin"], of: "ada@example.org")
        let second = try await house.refresh(first.refreshToken).result.get()
        async let refreshed = house.refresh(second.refreshToken)
        async let changed = ThreadWorkers().store { try house.administration.setRoles(["user"], of: "ada@example.org") }
        let grant = try await refreshed.result.get()
        _ = try await changed
        let isOld = try house.claims(grant).roles == ["admin"]
        #expect(try house.isRevoked(grant) == isOld)
        #expect(try house.isRevoked(second))
    }
}

extension House {
    /// Everything that lies on the disk: the database and its write-ahead log.
    func databaseBytes() throws -> Data {
        guard case .sqlite(let path) = store.location else { return Data() }
        return try [path, path + "-wal"].filter(FileManager.default.fileExists).reduce(into: Data()) { data, file in
            data += try Data(contentsOf: URL(fileURLWithPath: file))
        }
    }

    /// Moves columns of times back, as if that much time had passed.
    func age(_ table: String, _ columns: String..., seconds: Int64) throws {
        let changes = columns.map { "\($0) = \($0) - $1" }.joined(separator: ", ")
        _ = try store.transaction { transaction in
            try transaction.run("UPDATE \(table) SET \(changes)", seconds * 1000)
        }
    }
}
