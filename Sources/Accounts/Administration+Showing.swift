import Reasons
import Storage

/// What an operator wants to know of one account before doing something about it. Times in unix milliseconds.
package struct AccountReport: Sendable {
    /// A time, and the address it came from; nil for what has none.
    package struct Sighting: Sendable, Equatable {
        package let at: Int64
        package let from: String?
    }

    package let account: Account
    package let disabledAt: Int64?
    package let passwordChangedAt: Int64
    /// What stands before the salt of the stored hash: `$2b$12$`, `$6$`; nil for what is no hash.
    package let passwordKind: String?
    /// The live ones, the newest first.
    package let sessions: [SessionSummary]
    /// As far back as the audit is kept.
    package let lastSignIn: Sighting?
    /// Wrong passwords, and tries that a limit refused, within `refusedMilliseconds`.
    package let refusedSignIns: Int64
    package let lastRefused: Sighting?

    /// How far back refused sign-ins are counted: a day.
    package static let refusedMilliseconds: Int64 = 86_400_000
}

extension Administration {
    /// All about one account. Throws `NOT_FOUND` when there is none.
    package func report(on emailOrID: String) throws -> AccountReport {
        try store.read { transaction in
            guard let user = try Self.find(emailOrID, in: transaction) else { throw Refusal(.notFound) }
            let refused = try transaction.refusedSignIns(
                ofUser: user.id, email: user.email, withinMilliseconds: AccountReport.refusedMilliseconds)
            return try AccountReport(
                account: Account(user), disabledAt: user.disabledAt, passwordChangedAt: user.passwordChangedAt,
                passwordKind: Transaction.kind(ofHash: user.passwordHash),
                sessions: transaction.liveSessions(ofUser: user.id).map { SessionSummary($0, current: nil) },
                lastSignIn: transaction.lastSignIn(ofUser: user.id).map(AccountReport.Sighting.init),
                refusedSignIns: refused.count, lastRefused: refused.last.map(AccountReport.Sighting.init))
        }
    }
}

extension AccountReport.Sighting {
    fileprivate init(_ record: AuditRecord) {
        at = record.at
        from = record.event.ip
    }
}
