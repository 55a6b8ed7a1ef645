import Testing

@testable import Storage

@Suite("revocations, limits, leases, audit, housekeeping")
struct GateRecordsTests {
    private func revocation(_ value: String, _ until: Int64) -> Revocation {
        Revocation(kind: .session, issuer: "https://gate", value: value, until: until)
    }

    @Test("a revocation is kept as long as the longest of its recordings", arguments: Backend.allCases)
    func longest(_ backend: Backend) throws {
        let store = try backend.open()
        let until: Int64 = 99_999_999_999_999
        try store.transaction { transaction in
            try transaction.insertRevocations([revocation("a", until)])
            try transaction.insertRevocations([revocation("a", until - 5), revocation("b", until)])
            try transaction.insertRevocations([
                revocation("b", until + 5), Revocation(kind: .token, issuer: "https://gate", value: "b", until: until),
            ])
        }
        let live = try store.read { try $0.liveRevocations(after: nil, limit: 10) }
        #expect(
            live == [
                Revocation(kind: .token, issuer: "https://gate", value: "b", until: until), revocation("a", until),
                revocation("b", until + 5),
            ])
    }

    @Test("readers find what was recorded since, and pages at start hold everything once", arguments: Backend.allCases)
    func reading(_ backend: Backend) throws {
        let store = try backend.open()
        let start = try store.read { try $0.now() }
        try store.transaction { transaction in
            try transaction.insertRevocations((0..<25).map { revocation("\($0)", start + 60_000) })
            try transaction.insertRevocations([revocation("past", start - 60_000)])
        }
        try store.read { transaction in
            #expect(try transaction.revocations(recordedSince: start - 1).count == 26)
            #expect(try transaction.revocations(recordedSince: transaction.now() + 1_000) == [])
            var seen: [Revocation] = []
            while true {
                let page = try transaction.liveRevocations(after: seen.last, limit: 10)
                seen += page
                if page.count < 10 { break }
            }
            #expect(seen.count == 25 && Set(seen).count == 25)
        }
        try store.transaction { (transaction) throws in
            #expect(try transaction.deleteOldRevocations(slackMilliseconds: 120_000, limit: 10) == 0)
            #expect(try transaction.deleteOldRevocations(slackMilliseconds: 1_000, limit: 10) == 1)
        }
    }

    @Test("forty guesses at once do not slip past a limit of ten", arguments: Backend.allCases)
    func throttleRace(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "login", count: 10, windowMilliseconds: 900_000)
        let admissions = try onThreads(40) { _ in try store.transaction { try $0.takeSlots([limit]) } }
        let numbers = admissions.compactMap { admission -> Int64? in
            if case .admitted(let slots) = admission { slots.first?.used } else { nil }
        }
        #expect(numbers.sorted() == Array(1...10))
        for case .refused(let by, let wait) in admissions {
            #expect(by == limit && wait > 890_000 && wait <= 900_000)
        }
    }

    @Test("a slot given back is free again, a cleared limit starts anew", arguments: Backend.allCases)
    func givingBack(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "k", count: 2, windowMilliseconds: 60_000)
        try store.transaction { transaction in
            let first = try transaction.takeSlots([limit])
            guard case .admitted(let slots) = first, let slot = slots.first else {
                Issue.record("not admitted")
                return
            }
            _ = try transaction.takeSlots([limit])
            #expect(try transaction.takeSlots([limit]) != first)
            try transaction.giveBack(slot)
            guard case .admitted = try transaction.takeSlots([limit]) else {
                Issue.record("the slot given back is not free")
                return
            }
            var stale = slot
            stale.windowBeganAt -= 1
            try transaction.giveBack(stale)
            guard case .refused = try transaction.takeSlots([limit]) else {
                Issue.record("a slot of another window was given back")
                return
            }
            try transaction.clearThrottle(key: "k")
            #expect(try transaction.takeSlots([limit]) == first || slots.count == 1)
            #expect(try transaction.count("throttle") == 1)
        }
    }

    @Test("of several limits all or none give a slot", arguments: Backend.allCases)
    func allOrNone(_ backend: Backend) throws {
        let store = try backend.open()
        let pair = Limit(key: "b-pair", count: 1, windowMilliseconds: 60_000)
        let address = Limit(key: "a-address", count: 10, windowMilliseconds: 60_000)
        let closed = Limit(key: "c", count: 0, windowMilliseconds: 60_000)
        try store.transaction { transaction in
            guard case .admitted(let slots) = try transaction.takeSlots([pair, address]) else {
                Issue.record("not admitted")
                return
            }
            #expect(slots.map(\.key) == ["b-pair", "a-address"])
            for _ in 0..<20 {
                guard case .refused(pair, _) = try transaction.takeSlots([pair, address]) else {
                    Issue.record("not refused by the pair")
                    return
                }
            }
            guard case .admitted(let rest) = try transaction.takeSlots([address]) else {
                Issue.record("the refused ones kept slots of the address")
                return
            }
            #expect(rest.first?.used == 2)
            guard case .refused = try transaction.takeSlots([closed]) else {
                Issue.record("a limit of none admitted one")
                return
            }
        }
    }

    @Test("a window that is over, or that a clock set back has put far ahead, begins anew", arguments: Backend.allCases)
    func windows(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "k", count: 1, windowMilliseconds: 60_000)
        for end in ["{now} - 1", "{now} + 86400000"] {
            try store.transaction { transaction in
                _ = try transaction.takeSlots([limit])
                try transaction.run("UPDATE throttle SET ends_at = \(end)")
                guard case .admitted = try transaction.takeSlots([limit]) else {
                    Issue.record("still refused with the end at \(end)")
                    return
                }
                try transaction.run("UPDATE throttle SET ends_at = {now} - 1")
            }
        }
        #expect(try store.transaction { try $0.deleteOldThrottles(limit: 10) } == 1)
    }

    /// Two calls at once: the second has an older `{now}` than the first, for whose row it has waited.
    @Test("what a statement a moment ahead has written is in force", arguments: Backend.allCases)
    func statementsApart(_ backend: Backend) throws {
        let store = try backend.open()
        let limit = Limit(key: "k", count: 1, windowMilliseconds: 60_000)
        try store.transaction { transaction in
            _ = try transaction.takeSlots([limit])
            try transaction.run("UPDATE throttle SET began_at = {now} + 3000, ends_at = {now} + 63000")
            guard case .refused = try transaction.takeSlots([limit]) else {
                Issue.record("the window of a statement a moment ahead was begun anew")
                return
            }
            #expect(try transaction.takeLease("l", holder: "a", milliseconds: 60_000))
            try transaction.run("UPDATE leases SET expires_at = {now} + 63000")
            #expect(try transaction.takeLease("l", holder: "b", milliseconds: 60_000) == false)
        }
    }

    @Test("a lease has one holder, who may renew it", arguments: Backend.allCases)
    func leases(_ backend: Backend) throws {
        let store = try backend.open()
        let holders = try onThreads(8) { index in
            try store.transaction { try $0.takeLease("housekeeping", holder: "\(index)", milliseconds: 60_000) }
                ? index : nil
        }.compactMap { $0 }
        #expect(holders.count == 1)
        let holder = try #require(holders.first)
        try store.transaction { transaction in
            #expect(try transaction.takeLease("housekeeping", holder: "\(holder)", milliseconds: 60_000))
            #expect(try transaction.takeLease("housekeeping", holder: "other", milliseconds: 60_000) == false)
            try transaction.releaseLease("housekeeping", holder: "other")
            #expect(try transaction.takeLease("housekeeping", holder: "other", milliseconds: 60_000) == false)
            try transaction.run("UPDATE leases SET expires_at = {now} - 1")
            #expect(try transaction.takeLease("housekeeping", holder: "other", milliseconds: 60_000))
            try transaction.releaseLease("housekeeping", holder: "other")
            #expect(try transaction.count("leases") == 0)
        }
    }

    @Test("audit records come in their order, with what is absent absent", arguments: Backend.allCases)
    func audit(_ backend: Backend) throws {
        let store = try backend.open()
        let full = AuditEvent(
            kind: "login", userId: "u", sessionId: "s", ip: "2001:db8::1", requestId: "r", detail: "")
        try store.transaction { transaction in
            try transaction.insertAudit(full)
            try transaction.insertAudit(AuditEvent(kind: "bare"))
        }
        try store.read { transaction in
            let records = try transaction.auditRecords(after: 0, limit: 10)
            #expect(records.map(\.event) == [full, AuditEvent(kind: "bare")])
            #expect(try transaction.auditRecords(after: records[0].seq, limit: 10).count == 1)
            #expect(try transaction.auditRecords(after: 0, limit: 1).count == 1)
        }
    }

    @Test("housekeeping deletes in batches what can no longer matter, and nothing else", arguments: Backend.allCases)
    func housekeeping(_ backend: Backend) throws {
        let store = try backend.open()
        try store.transaction { transaction in
            _ = try transaction.makeUser("ann")
            for index in 0..<7 {
                let id = "ended-\(index)"
                _ = try transaction.makeSession(id, of: "ann")
                try transaction.insertRefreshToken(hash: hash(index), sessionId: id, expiresAt: .max)
                try transaction.endSession(id: id, reason: "logout")
            }
            for index in 0..<3 { _ = try transaction.makeSession("expired-\(index)", of: "ann", idle: -1_000) }
            _ = try transaction.makeSession("live", of: "ann")
            try transaction.run("UPDATE sessions SET ended_at = {now} - 10000 WHERE ended_at IS NOT NULL")

            let now = try transaction.now()
            for index in 0..<5 {
                try transaction.insertRefreshToken(hash: hash(100 + index), sessionId: "live", expiresAt: now - 10)
                try transaction.recordAccessToken(jti: "old-\(index)", sessionId: "live", expiresAt: now - 10)
            }
            try transaction.insertRefreshToken(hash: hash(200), sessionId: "live", expiresAt: now + 60_000)
            try transaction.recordAccessToken(jti: "good", sessionId: "live", expiresAt: now + 60_000)
        }
        func batches(_ delete: (borrowing Transaction) throws -> Int) throws -> [Int] {
            var sizes: [Int] = []
            repeat { sizes.append(try store.transaction(delete)) } while sizes.last != 0
            return sizes
        }
        #expect(try batches { try $0.deleteOldSessions(keptMilliseconds: 60_000, limit: 4) } == [0])
        #expect(try batches { try $0.deleteOldSessions(keptMilliseconds: 500, limit: 4) } == [4, 4, 2, 0])
        #expect(try batches { try $0.deleteOldRefreshTokens(keptMilliseconds: 0, limit: 3) } == [3, 2, 0])
        #expect(try batches { try $0.deleteExpiredAccessTokens(limit: 3) } == [3, 2, 0])
        try store.read { (transaction) throws in
            #expect(try transaction.liveSessions(ofUser: "ann").map(\.id) == ["live"])
            #expect(try transaction.count("refresh_tokens") == 1)
            #expect(try transaction.accessTokens(ofSession: "live").map(\.jti) == ["good"])
        }
    }
}
