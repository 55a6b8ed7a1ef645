import Storage

/// Deletes what can no longer matter, in small transactions, one gateway at a time. Blocking; for the store pool, about
/// once a minute.
package struct Housekeeper: Sendable {
    /// Rows a transaction deletes at most, so that a login never waits long for the writer's lock.
    static let batchRowsMax = 500
    /// Batches of one kind in one sweep at most; the next sweep goes on.
    static let batchesMax = 20
    /// Outlives the slowest sweep; a gateway that dies in one holds the others up no longer than this.
    static let leaseMilliseconds: Int64 = 120_000
    /// How long an ended or expired session is still told from an unknown one, and from a reused one.
    static let sessionsKeptMilliseconds: Int64 = 7 * 86_400_000

    /// How many rows went.
    package struct Swept: Sendable, Equatable {
        package var accessTokens = 0
        package var refreshTokens = 0
        package var sealedSuccessors = 0
        package var sessions = 0
        package var revocations = 0
        package var throttles = 0
        package var signIns = 0
        package var audit = 0

        package var total: Int {
            accessTokens + refreshTokens + sealedSuccessors + sessions + revocations + throttles + signIns + audit
        }
    }

    private let settings: AccountSettings
    private let store: Store
    /// Who holds the lease: another text in every process.
    private let holder: String
    private let clock = ClockWatch()

    package init(settings: AccountSettings, store: Store, holder: String) {
        self.settings = settings
        self.store = store
        self.holder = holder
    }

    /// One sweep; nil when another gateway is at it, or when the database's clock cannot be believed (`ClockWatch`).
    package func sweep() throws -> Swept? {
        let now = try store.read { transaction in try transaction.now() }
        guard clock.allowsDeleting(at: now) else { return nil }
        let hasLease = try store.transaction { transaction in
            try transaction.takeLease("housekeeping", holder: holder, milliseconds: Self.leaseMilliseconds)
        }
        guard hasLease else { return nil }
        var swept = Swept()
        let batch = Self.batchRowsMax
        swept.sealedSuccessors = try inBatches { transaction in
            try transaction.wipeSealedSuccessors(
                graceMilliseconds: settings.refreshGraceSeconds * 1000, limit: batch)
        }
        swept.accessTokens = try inBatches { transaction in try transaction.deleteExpiredAccessTokens(limit: batch) }
        // Spent tokens stay as long as their session may live: without the row nobody could tell reuse from junk.
        swept.refreshTokens = try inBatches { transaction in
            try transaction.deleteOldRefreshTokens(
                keptMilliseconds: settings.refreshAbsoluteSeconds * 1000, limit: batch)
        }
        swept.sessions = try inBatches { transaction in
            try transaction.deleteOldSessions(keptMilliseconds: Self.sessionsKeptMilliseconds, limit: batch)
        }
        swept.revocations = try inBatches { transaction in
            try transaction.deleteOldRevocations(
                slackMilliseconds: RevocationFeed.overlapMilliseconds, limit: batch)
        }
        try sumRefusals()
        swept.throttles = try inBatches { transaction in try transaction.deleteOldThrottles(limit: batch) }
        swept.signIns = try inBatches { transaction in
            try transaction.deleteOldSignIns(keptMilliseconds: AccountService.familiarMilliseconds, limit: batch)
        }
        if let kept = settings.auditKeptSeconds {
            swept.audit = try repeating {
                try store.removeOldAudit(keptMilliseconds: kept * 1000, limit: batch)
            }
        }
        return swept
    }

    /// Tells the audit of the guesses that were refused since the last sweep: one row for each limit that refused any, because
    /// a row for each guess would let a flood fill the database.
    private func sumRefusals() throws {
        for _ in 0..<Self.batchesMax {
            let refusals = try store.transaction { transaction in
                let refusals = try transaction.untoldRefusals(limit: Self.batchRowsMax)
                for refusal in refusals {
                    try transaction.tell(refusal)
                    let key = ThrottleKey(refusal.key)
                    try transaction.insertAudit(
                        AuditEvent(
                            .attemptsRefused, outcome: "refused", times: refusal.count, email: key.email,
                            ip: key.address, detail: key.policy))
                }
                return refusals.count
            }
            if refusals < Self.batchRowsMax { return }
        }
    }

    /// Forgets kinds of password hashes that no account has any more, so that logins stop doing their work. It reads every
    /// account: once at the start is often enough.
    package func forgetPasswordKinds() throws {
        _ = try store.transaction { transaction in try transaction.deleteUnusedPasswordKinds() }
    }

    /// Ends this gateway's turn early, at shutdown.
    package func stop() throws {
        try store.transaction { transaction in try transaction.releaseLease("housekeeping", holder: holder) }
    }

    private func inBatches(_ delete: (borrowing Transaction) throws -> Int) throws -> Int {
        try repeating { try store.transaction(delete) }
    }

    private func repeating(_ delete: () throws -> Int) throws -> Int {
        var total = 0
        for _ in 0..<Self.batchesMax {
            let count = try delete()
            total += count
            if count < Self.batchRowsMax { break }
        }
        return total
    }
}
