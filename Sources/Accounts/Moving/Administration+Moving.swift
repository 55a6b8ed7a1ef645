import Crypto
import Encoding
import Storage

/// Moving accounts in and out, with their hashes: people go on logging in with the passwords they have.
extension Administration {
    /// What became of one record.
    package enum Imported: Sendable, Equatable {
        case added
        /// An account with this email exists, and stays as it is. So an import that was cut short is simply run again.
        case existing
        case refused(String)
    }

    /// As many records go into one transaction: few enough that a running gateway never waits long for its turn.
    package static let importBatch = 200

    /// Adds accounts in one transaction; what became of each, in order.
    package func importUsers(_ records: [UserRecord]) throws -> [Imported] {
        let judged = records.map { Newcomer.judge($0, settings) }
        let ids = try judged.map { _ in try AccountService.freshID() }
        return try store.transaction { transaction in
            var kinds = Set(try transaction.passwordKinds().filter(PasswordHash.isOfOtherKind))
            return try zip(judged, ids).map { newcomer, id in
                switch newcomer {
                case .failure(let problem): return .refused(problem.words)
                case .success(let newcomer):
                    if let objection = Self.objection(to: newcomer.hash, beside: &kinds) { return .refused(objection) }
                    return try Self.add(newcomer, id: newcomer.id ?? id, in: transaction)
                }
            }
        }
    }

    /// Every login does a hash of each memory-hard kind that any account has: a few lines must not make it last minutes.
    private static func objection(to hash: String, beside kinds: inout Set<String>) -> String? {
        guard let kind = Transaction.kind(ofHash: hash), PasswordHash.isOfOtherKind(kind), !kinds.contains(kind) else {
            return nil
        }
        guard kinds.count < PasswordHash.otherKindsMax else {
            return "hash is of yet another kind ($y$, $gy$ and $7$ with the same parameters are one); "
                + "\(PasswordHash.otherKindsMax) are taken, because every login does a hash of each"
        }
        kinds.insert(kind)
        return nil
    }

    private static func add(
        _ newcomer: Newcomer, id: String, in transaction: borrowing Transaction
    ) throws -> Imported {
        let isAdded = try transaction.insertUserIfNew(
            id: id, email: newcomer.email, emailVerified: newcomer.emailVerified, name: newcomer.name,
            passwordHash: newcomer.hash, roles: newcomer.roles)
        guard isAdded else {
            let isThere = try transaction.findUser(email: newcomer.email) != nil
            return isThere ? .existing : .refused("id belongs to another account")
        }
        if newcomer.isDisabled { try transaction.setDisabled(true, user: id) }
        try transaction.insertAudit(
            AuditEvent(.userImported, userId: id, detail: newcomer.roles.joined(separator: " ")))
        return .added
    }

    /// An account with its hash.
    package struct Exported: Sendable {
        package let account: Account
        package let hash: String
    }

    /// One page of accounts by email, beginning after `after` (nil: from the start). A shorter page is the last.
    package func export(after email: String?, limit: Int) throws -> [Exported] {
        try store.read { transaction in
            try transaction.listUsers(after: email, limit: limit).map {
                Exported(account: Account($0), hash: $0.passwordHash)
            }
        }
    }
}

/// A record that has been looked at: everything in it may be stored.
private struct Newcomer: Sendable {
    let email: String
    let hash: String
    let roles: [String]
    let name: String?
    let id: String?
    let emailVerified: Bool
    let isDisabled: Bool

    static func judge(
        _ record: UserRecord, _ settings: AccountSettings
    ) -> Result<Newcomer, UserRecord.Problem> {
        do throws(UserRecord.Problem) { return .success(try Newcomer(record, settings)) } catch {
            return .failure(error)
        }
    }

    private init(_ record: UserRecord, _ settings: AccountSettings) throws(UserRecord.Problem) {
        var complaints: [String] = []
        let address = record.email.flatMap { EmailAddress($0) }
        if let complaint = EmailAddress.complaint(about: record.email ?? "") { complaints.append("email \(complaint)") }
        if let hash = record.hash {
            if let objection = PasswordHash.objection(toImported: hash) { complaints.append("hash \(objection)") }
        } else {
            complaints.append("hash is required")
        }
        let roles = (record.roles ?? [RoleName.user]).map { RoleName($0) }
        if roles.contains(where: { $0 == nil }) {
            complaints.append("roles must have 1 to \(RoleName.bytesMax) of the characters A-Z a-z 0-9 . _ : - each")
        }
        if let complaint = settings.complaint(aboutUnknownIn: roles.compactMap { $0 }) {
            complaints.append("roles \(complaint)")
        }
        let isBlank = record.name.map { $0.utf8.allSatisfy { $0 == 0x20 } } ?? true
        let display = isBlank ? nil : record.name.flatMap { DisplayName($0) }
        if !isBlank, display == nil {
            complaints.append("name must have \(DisplayName.bytesMax) bytes or fewer and no control characters")
        }
        if let id = record.id, !Self.isID(id) { complaints.append("id is no UUID in lower case") }
        guard let address, let hash = record.hash, complaints.isEmpty else {
            throw UserRecord.Problem(complaints.joined(separator: "; "))
        }
        email = address.text
        self.hash = hash
        self.roles = Set(roles.compactMap { $0 }).sorted().map(\.text)
        name = display?.text
        id = record.id
        // Whoever moves accounts vouches for them, as with `user add`.
        emailVerified = record.emailVerified ?? true
        isDisabled = record.disabled ?? false
    }

    /// Ids are compared as text, so there is one spelling.
    private static func isID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return UUIDText.isValid(bytes.span) && !bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
    }
}
