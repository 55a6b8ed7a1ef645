import Storage

/// What `audit list` asks the database. Blocking.
package struct AuditReading: Sendable {
    private let store: Store

    package init(store: Store) {
        self.store = store
    }

    /// The newest records that fit, oldest first.
    ///
    /// - Parameter who: an email or an id; the records of that account, and the logins that were tried with that email.
    package func list(_ filter: AuditFilter, who: String?, limit: Int) throws -> [AuditRecord] {
        try store.read { transaction in
            try transaction.auditRecords(Self.narrowed(filter, to: who, in: transaction), limit: limit).reversed()
        }
    }

    private static func narrowed(
        _ filter: AuditFilter, to who: String?, in transaction: borrowing Transaction
    ) throws -> AuditFilter {
        guard let who else { return filter }
        var filter = filter
        if let email = EmailAddress(who) {
            filter.email = email.text
            filter.userId = try transaction.findUser(email: email.text)?.id
        } else {
            // Whoever was deleted is still found by id.
            filter.userId = who
            filter.email = try transaction.findUser(id: who)?.email
        }
        return filter
    }
}
