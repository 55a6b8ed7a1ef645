/// An account.
package struct User: Sendable, Equatable {
    /// UUID text.
    package var id: String
    /// As normalised by the caller; unique.
    package var email: String
    package var emailVerified: Bool
    package var name: String?
    /// Sorted, without duplicates.
    package var roles: [String]
    /// `$2b$…`, or another scheme of crypt(3) for imported users.
    package var passwordHash: String
    /// Unix milliseconds, like every time here; nil while the user may sign in.
    package var disabledAt: Int64?
    package var createdAt: Int64
    package var updatedAt: Int64
    package var passwordChangedAt: Int64

    static let columns = """
        id, email, email_verified, name, password_hash, disabled_at, created_at, updated_at, password_changed_at
        """
    static let roleList = "(SELECT {concat}(role, ',') FROM user_roles WHERE user_id = users.id)"

    init(_ row: inout Row, roles: [String]) throws(StorageError) {
        id = try row.text()
        email = try row.text()
        emailVerified = try row.bool()
        name = try row.optionalText()
        passwordHash = try row.text()
        disabledAt = try row.optionalInteger()
        createdAt = try row.integer()
        updatedAt = try row.integer()
        passwordChangedAt = try row.integer()
        self.roles = roles
    }

    /// Reads `columns`, then `roleList`. No role name holds a comma: the table's CHECK sees to that.
    init(withRoles row: inout Row) throws(StorageError) {
        try self.init(&row, roles: [])
        roles = try row.optionalText()?.split(separator: ",").map(String.init).sorted() ?? []
    }
}

extension Transaction {
    /// Creates a user; the times are the database's now. Throws `.uniqueViolation("users_email")` when the email is taken:
    /// the constraint, not a look beforehand, decides between two registrations at once.
    package func insertUser(
        id: String, email: String, emailVerified: Bool, name: String?, passwordHash: String, roles: [String]
    ) throws(StorageError) -> User {
        let inserted = try row(
            """
            INSERT INTO users
                (id, email, email_verified, name, password_hash, created_at, updated_at, password_changed_at)
            VALUES ($1, $2, $3, $4, $5, {now}, {now}, {now})
            RETURNING \(User.columns)
            """, id, email, emailVerified, name, passwordHash)
        try notePasswordKind(of: passwordHash)
        guard var inserted else { throw .internal("the insert of a user returned no row") }
        return try User(&inserted, roles: insertRoles(roles, of: id))
    }

    /// Creates a user unless the email or the id is taken: false then, and the transaction goes on. For many at once, where
    /// one that exists is no failure.
    package func insertUserIfNew(
        id: String, email: String, emailVerified: Bool, name: String?, passwordHash: String, roles: [String]
    ) throws(StorageError) -> Bool {
        let inserted = try run(
            """
            INSERT INTO users
                (id, email, email_verified, name, password_hash, created_at, updated_at, password_changed_at)
            VALUES ($1, $2, $3, $4, $5, {now}, {now}, {now})
            ON CONFLICT DO NOTHING
            """, id, email, emailVerified, name, passwordHash)
        guard inserted == 1 else { return false }
        try notePasswordKind(of: passwordHash)
        _ = try insertRoles(roles, of: id)
        return true
    }

    package func findUser(id: String) throws(StorageError) -> User? {
        guard var row = try row("SELECT \(User.columns), \(User.roleList) FROM users WHERE id = $1", id) else {
            return nil
        }
        return try User(withRoles: &row)
    }

    /// The email as normalised at registration.
    package func findUser(email: String) throws(StorageError) -> User? {
        guard var row = try row("SELECT \(User.columns), \(User.roleList) FROM users WHERE email = $1", email) else {
            return nil
        }
        return try User(withRoles: &row)
    }

    /// One page of users in the order of their emails, beginning after `after` (nil: from the start).
    package func listUsers(after email: String?, limit: Int) throws(StorageError) -> [User] {
        let page = try rows(
            """
            SELECT \(User.columns), \(User.roleList) FROM users
            WHERE email > $1 ORDER BY email LIMIT $2
            """, email ?? "", limit)
        return try page.map { (row: Row) throws(StorageError) in
            var row = row
            return try User(withRoles: &row)
        }
    }

    /// Locks the user's row until the transaction ends, and reads it as it is then; nil when the user does not exist or is
    /// disabled. Whoever issues a token or changes what a token says takes this lock first.
    package func lockUser(id: String) throws(StorageError) -> User? {
        try lock("UPDATE users SET id = id WHERE id = $1 AND disabled_at IS NULL RETURNING \(User.columns)", id)
    }

    /// As `lockUser`, a disabled user included: for those who manage users.
    package func lockAnyUser(id: String) throws(StorageError) -> User? {
        try lock("UPDATE users SET id = id WHERE id = $1 RETURNING \(User.columns)", id)
    }

    /// The roles are read by a statement of their own: in PostgreSQL a subquery of the UPDATE would show them as they were
    /// before it waited for the lock.
    private func lock(_ sql: String, _ id: String) throws(StorageError) -> User? {
        guard var row = try row(sql, id) else { return nil }
        return try User(&row, roles: roles(ofUser: id))
    }

    private func roles(ofUser id: String) throws(StorageError) -> [String] {
        try rows("SELECT role FROM user_roles WHERE user_id = $1 ORDER BY role", id)
            .map { (row: Row) throws(StorageError) in
                var row = row
                return try row.text()
            }
    }

    private func insertRoles(_ roles: [String], of id: String) throws(StorageError) -> [String] {
        let roles = Set(roles).sorted()
        for role in roles {
            try run("INSERT INTO user_roles (user_id, role) VALUES ($1, $2)", id, role)
        }
        return roles
    }

    /// Replaces the roles; false when there is no such user. Lock the user first.
    @discardableResult
    package func setRoles(_ roles: [String], ofUser id: String) throws(StorageError) -> Bool {
        guard try run("UPDATE users SET updated_at = {now} WHERE id = $1", id) == 1 else { return false }
        try run("DELETE FROM user_roles WHERE user_id = $1", id)
        _ = try insertRoles(roles, of: id)
        return true
    }

    /// Disables or enables; false when there is no such user, or it is so already. Ending its sessions is the caller's.
    @discardableResult
    package func setDisabled(_ disabled: Bool, user id: String) throws(StorageError) -> Bool {
        disabled
            ? try run(
                "UPDATE users SET disabled_at = {now}, updated_at = {now} WHERE id = $1 AND disabled_at IS NULL", id)
                == 1
            : try run(
                "UPDATE users SET disabled_at = NULL, updated_at = {now} WHERE id = $1 AND disabled_at IS NOT NULL", id)
                == 1
    }

    /// A new password; false when there is no such user.
    @discardableResult
    package func setPassword(hash: String, user id: String) throws(StorageError) -> Bool {
        try notePasswordKind(of: hash)
        return try run(
            "UPDATE users SET password_hash = $2, password_changed_at = {now}, updated_at = {now} WHERE id = $1", id,
            hash
        ) == 1
    }

    /// The same password under another hash (rehash at login): only if `old` is still the hash, so that it never undoes
    /// a password change that came in between.
    @discardableResult
    package func rehashPassword(from old: String, to new: String, user id: String) throws(StorageError) -> Bool {
        try notePasswordKind(of: new)
        return try run("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", id, old, new) == 1
    }

    /// Removes the user, and with it its roles, sessions and tokens. Revoke its sessions first, in this transaction.
    @discardableResult
    package func deleteUser(id: String) throws(StorageError) -> Bool {
        try run("DELETE FROM users WHERE id = $1", id) == 1
    }
}
