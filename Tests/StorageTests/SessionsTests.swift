import Testing

@testable import Storage

@Suite("sessions and tokens")
struct SessionsTests {
    @Test("a session ends once, and no longer can be locked or used", arguments: Backend.allCases)
    func ending(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            let session = try transaction.makeSession("s", of: "ann")
            #expect(session.idleExpiresAt == session.createdAt + 60_000)
            #expect(try transaction.lockSession(id: "s") == session)
            #expect(try transaction.lockSession(id: "none") == nil)
            let ended = try transaction.endSession(id: "s", reason: "logout")
            #expect(ended?.endReason == "logout" && ended?.endedAt != nil)
            #expect(try transaction.endSession(id: "s", reason: "again") == nil)
            #expect(try transaction.lockSession(id: "s") == nil)
            #expect(try transaction.touchSession(id: "s", idleMilliseconds: 1) == nil)
            #expect(try transaction.findSession(id: "s")?.endReason == "logout")
            #expect(try transaction.liveSessions(ofUser: "ann") == [])
        }
    }

    @Test("idle time never reaches beyond the absolute end", arguments: Backend.allCases)
    func lifetimes(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            let cut = try transaction.makeSession("cut", of: "ann", idle: 900, absolute: 300)
            #expect(cut.idleExpiresAt == cut.absoluteExpiresAt)
            let long = try transaction.makeSession("long", of: "ann", idle: 1_000, absolute: 100_000)
            let touched = try #require(try transaction.touchSession(id: "long", idleMilliseconds: 50_000))
            #expect(touched.idleExpiresAt == touched.lastUsedAt + 50_000)
            let capped = try #require(try transaction.touchSession(id: "long", idleMilliseconds: 500_000))
            #expect(capped.idleExpiresAt == long.absoluteExpiresAt)
            _ = try transaction.makeSession("gone", of: "ann", idle: -1, absolute: 1_000)
            #expect(try transaction.liveSessions(ofUser: "ann").map(\.id).contains("gone") == false)
        }
    }

    @Test("ending all sessions spares the one named and tells which it ended", arguments: Backend.allCases)
    func endingAll(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeUser("bob")
            for id in ["a", "b", "c"] { _ = try transaction.makeSession(id, of: "ann") }
            _ = try transaction.makeSession("d", of: "bob")
            try transaction.endSession(id: "a", reason: "logout")
            #expect(try transaction.endAllSessions(ofUser: "ann", except: "b", reason: "password") == ["c"])
            #expect(try transaction.endAllSessions(ofUser: "ann", reason: "all") == ["b"])
            #expect(try transaction.liveSessions(ofUser: "bob").map(\.id) == ["d"])
        }
    }

    @Test(
        "one refresh token, spent by sixteen at once, has one winner; the others read its row",
        arguments: Backend.allCases)
    func spendRace(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("s", of: "ann")
        }
        for round in 1...10 {
            let token = hash(round)
            try store.transaction { try $0.insertRefreshToken(hash: token, sessionId: "s", expiresAt: .max) }
            let outcomes = try onThreads(16) { index in
                try store.transaction { transaction in
                    let won = try transaction.spendRefreshToken(
                        hash: token, successorHash: hash(1000 + index), successorSealed: hash(2000 + index))
                    return (index, won, try transaction.findRefreshToken(hash: token))
                }
            }
            let winners = outcomes.filter { $0.1 }
            #expect(winners.count == 1)
            let winner = try #require(winners.first).0
            #expect(outcomes.allSatisfy { $0.2?.successorHash == hash(1000 + winner) })
            #expect(outcomes.allSatisfy { $0.2?.successorSealed == hash(2000 + winner) })
        }
    }

    @Test("an expired or unknown refresh token cannot be spent", arguments: Backend.allCases)
    func expiredToken(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("s", of: "ann")
            let now = try transaction.now()
            try transaction.insertRefreshToken(hash: hash(1), sessionId: "s", expiresAt: now - 1)
            #expect(try transaction.spendRefreshToken(hash: hash(1), successorHash: [], successorSealed: []) == false)
            #expect(try transaction.spendRefreshToken(hash: [], successorHash: [], successorSealed: []) == false)
            #expect(try transaction.findRefreshToken(hash: hash(1))?.spentAt == nil)
        }
    }

    @Test("a logout that races rotations leaves no token behind it", arguments: Backend.allCases)
    func logoutRace(_ backend: Backend) throws {
        let store = try backend.open()
        _ = try store.transaction { try $0.makeUser("ann") }
        for round in 0..<10 {
            let session = "s\(round)"
            _ = try store.transaction { try $0.makeSession(session, of: "ann") }
            // Seven rotate; the eighth ends the session and counts the tokens it ends with it.
            let counts = try onThreads(8) { index in
                try store.transaction { transaction -> Int64? in
                    guard try transaction.lockSession(id: session) != nil else { return nil }
                    guard index == 7 else {
                        try transaction.insertRefreshToken(
                            hash: hash(round * 10 + index + 1), sessionId: session, expiresAt: .max)
                        return nil
                    }
                    try transaction.endSession(id: session, reason: "logout")
                    return try transaction.tokens(of: session)
                }
            }
            let atLogout = try #require(counts.compactMap { $0 }.first)
            #expect(try store.read { try $0.tokens(of: session) } == atLogout)
        }
    }

    @Test("sealed successors are wiped past the grace, the hashes stay", arguments: Backend.allCases)
    func wiping(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("s", of: "ann")
            for seed in 1...5 {
                try transaction.insertRefreshToken(hash: hash(seed), sessionId: "s", expiresAt: .max)
                _ = try transaction.spendRefreshToken(
                    hash: hash(seed), successorHash: hash(seed + 1), successorSealed: hash(seed + 100))
            }
            #expect(try transaction.wipeSealedSuccessors(graceMilliseconds: 60_000, limit: 10) == 0)
            #expect(try transaction.wipeSealedSuccessors(graceMilliseconds: -1_000, limit: 3) == 3)
            #expect(try transaction.wipeSealedSuccessors(graceMilliseconds: -1_000, limit: 3) == 2)
            let token = try #require(try transaction.findRefreshToken(hash: hash(1)))
            #expect(token.successorSealed == nil && token.successorHash == hash(2))
        }
    }

    @Test("access tokens are listed by session and by user until they expire", arguments: Backend.allCases)
    func accessTokens(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            _ = try transaction.makeSession("a", of: "ann")
            _ = try transaction.makeSession("b", of: "ann")
            let now = try transaction.now()
            #expect(try transaction.latestAccessExpiry(ofSession: "a") == nil)
            try transaction.recordAccessToken(jti: "old", sessionId: "a", expiresAt: now - 1)
            #expect(try transaction.latestAccessExpiry(ofSession: "a") == nil)
            try transaction.recordAccessToken(jti: "a1", sessionId: "a", expiresAt: now + 60_000)
            try transaction.recordAccessToken(jti: "a2", sessionId: "a", expiresAt: now + 90_000)
            try transaction.recordAccessToken(jti: "b1", sessionId: "b", expiresAt: now + 70_000)
            #expect(try transaction.latestAccessExpiry(ofSession: "a") == now + 90_000)
            #expect(try transaction.accessTokens(ofSession: "a").map(\.jti).sorted() == ["a1", "a2"])
            #expect(try transaction.accessTokens(ofUser: "ann").map(\.jti).sorted() == ["a1", "a2", "b1"])
            // An ended session's access tokens are still out there.
            try transaction.endSession(id: "b", reason: "logout")
            #expect(try transaction.accessTokens(ofUser: "ann").count == 3)
            #expect(try transaction.deleteExpiredAccessTokens(limit: 10) == 1)
        }
    }
}

extension Transaction {
    fileprivate func tokens(of session: String) throws -> Int64 {
        var row = try #require(try row("SELECT count(*) FROM refresh_tokens WHERE session_id = $1", session))
        return try row.integer()
    }
}
