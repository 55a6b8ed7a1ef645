import Crypto
import Reasons
import Storage

/// What an administrator does with accounts, through the command line. Blocking, and without pools: nobody else waits.
///
/// Throws `Refusal` for what is wrong with the request (`VALIDATION_FAILED` with details, `EMAIL_TAKEN`, `NOT_FOUND`)
/// and `StorageError` for what is wrong with the database. Running gateways learn of what is ended here by polling,
/// within a second.
package struct Administration: Sendable {
    /// An account after a change, and what the change revoked.
    package struct Changed: Sendable {
        package let account: Account
        package let revocations: [Revocation]
    }

    let settings: AccountSettings
    let store: Store
    var ending: SessionEnding { SessionEnding(issuer: settings.issuer) }

    package init(settings: AccountSettings, store: Store) {
        self.settings = settings
        self.store = store
    }

    /// Creates an account. Its email counts as verified: the administrator vouches for it.
    package func addUser(email: String, password: String, name: String?, roles: [String]) throws -> Account {
        let roles = try checked(roles)
        let new = try NewAccount(email: email, password: password, name: name)
        let hash = try new.hash(settings)
        let id = try AccountService.freshID()
        do {
            return try store.transaction { transaction in
                let user = try transaction.insertUser(
                    id: id, email: new.email.text, emailVerified: true, name: new.name?.text, passwordHash: hash,
                    roles: roles)
                try transaction.insertAudit(
                    AuditEvent(.userAdded, userId: id, detail: roles.joined(separator: " ")))
                return Account(user)
            }
        } catch StorageError.uniqueViolation(constraint: "users_email") {
            throw Refusal(.emailTaken)
        }
    }

    /// Throws as `addUser` would because of the email alone.
    package func checkNew(email: String) throws {
        if let complaint = EmailAddress.complaint(about: email) {
            throw Refusal(.validationFailed, details: ["email": complaint])
        }
        if try find(email) != nil { throw Refusal(.emailTaken) }
    }

    /// The account with this email (in any spelling of its letters) or this id; nil when there is none.
    package func find(_ emailOrID: String) throws -> Account? {
        try store.read { transaction in try Self.find(emailOrID, in: transaction).map { Account($0) } }
    }

    /// One page of accounts by email, beginning after `after` (nil: from the start). A shorter page is the last.
    package func list(after email: String?, limit: Int) throws -> [Account] {
        try store.read { transaction in try transaction.listUsers(after: email, limit: limit).map { Account($0) } }
    }

    /// Replaces the roles. Access tokens that say otherwise stop; sessions go on and get the new roles at their refresh.
    @discardableResult
    package func setRoles(_ roles: [String], of emailOrID: String) throws -> Changed {
        let roles = try checked(roles)
        return try change(emailOrID, kind: .userRoles, detail: roles.joined(separator: " ")) { user, transaction in
            if user.roles == roles { return [] }
            try transaction.setRoles(roles, ofUser: user.id)
            return try ending.revokeTokens(of: user.id, in: transaction)
        }
    }

    /// Ends every session of the user and refuses further logins.
    @discardableResult
    package func disable(_ emailOrID: String) throws -> Changed {
        try change(emailOrID, kind: .userDisabled) { user, transaction in
            try transaction.setDisabled(true, user: user.id)
            return try ending.endAll(of: user.id, cause: .userDisabled, in: transaction)
        }
    }

    /// Lets the user log in again. Sessions that were ended stay ended.
    @discardableResult
    package func enable(_ emailOrID: String) throws -> Changed {
        try change(emailOrID, kind: .userEnabled) { user, transaction in
            try transaction.setDisabled(false, user: user.id)
            return []
        }
    }

    /// Sets a password without knowing the old one, and ends every session: whoever had the old one is out.
    @discardableResult
    package func setPassword(_ password: String, of emailOrID: String) throws -> Changed {
        guard let account = try find(emailOrID) else { throw Refusal(.notFound) }
        let hash = try NewAccount(email: account.email, password: password, name: account.name).hash(settings)
        return try change(account.id, kind: .passwordSet) { user, transaction in
            try transaction.setPassword(hash: hash, user: user.id)
            return try ending.endAll(of: user.id, cause: .passwordSet, in: transaction)
        }
    }

    /// Removes the account with everything that belongs to it but its audit; the account as it was. Its email is free for a
    /// new account, which has another id.
    @discardableResult
    package func delete(_ emailOrID: String) throws -> Changed {
        // With the email: afterwards nothing else says whose id it was.
        try change(emailOrID, kind: .userDeleted, namesEmail: true) { user, transaction in
            let revocations = try ending.endAll(of: user.id, cause: .userDeleted, in: transaction)
            try transaction.deleteUser(id: user.id)
            return revocations
        }
    }

    /// Locks the user, changes, writes the audit event, reads the outcome.
    func change(
        _ emailOrID: String, kind: AuditEvent.Kind, namesEmail: Bool = false, detail: String? = nil,
        _ body: (User, borrowing Transaction) throws -> [Revocation]
    ) throws -> Changed {
        try store.transaction { transaction in
            guard let found = try Self.find(emailOrID, in: transaction),
                let user = try transaction.lockAnyUser(id: found.id)
            else { throw Refusal(.notFound) }
            let revocations = try body(user, transaction)
            try transaction.insertAudit(
                AuditEvent(kind, userId: user.id, email: namesEmail ? user.email : nil, detail: detail))
            return Changed(
                account: Account(try transaction.findUser(id: user.id) ?? user), revocations: revocations)
        }
    }

    static func find(_ emailOrID: String, in transaction: borrowing Transaction) throws -> User? {
        guard let email = EmailAddress(emailOrID) else { return try transaction.findUser(id: emailOrID) }
        return try transaction.findUser(email: email.text)
    }

    /// Sorted and without repetitions, as the store keeps them.
    private func checked(_ roles: [String]) throws(Refusal) -> [String] {
        let names = roles.compactMap { RoleName($0) }
        guard names.count == roles.count else {
            throw Refusal(
                .validationFailed,
                details: ["roles": "must have 1 to \(RoleName.bytesMax) of the characters A-Z a-z 0-9 . _ : - each"])
        }
        if let complaint = settings.complaint(aboutUnknownIn: names) {
            throw Refusal(.validationFailed, details: ["roles": complaint])
        }
        return Set(names).sorted().map(\.text)
    }
}

extension AccountSettings {
    /// Why these roles are refused though they are well formed: a typing mistake would give somebody a role that opens
    /// nothing, and be seen when it is needed. Nil when all of them are known.
    func complaint(aboutUnknownIn roles: [RoleName]) -> String? {
        guard let rolesKnown else { return nil }
        let unknown = roles.map(\.text).filter { $0 != RoleName.user && !rolesKnown.contains($0) }
        guard !unknown.isEmpty else { return nil }
        return "must be among those that `roles` in gateway.conf lists, and these are not: "
            + unknown.sorted().joined(separator: " ")
    }
}
