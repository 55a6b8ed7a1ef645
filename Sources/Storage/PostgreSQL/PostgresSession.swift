import CPostgres

/// What is known of one connection: its prepared statements, its transaction, and by when that must end.
struct PostgresSession: ~Copyable {
    private let link: PostgresLink
    /// SQL as written in this room → name on the server.
    private var prepared: [String: String] = [:]
    private(set) var isUsable = true
    private var inTransaction = false
    private var answerMilliseconds = Bounds.answerMilliseconds
    private var transactionDeadline = Deadline.after(milliseconds: 0)

    /// A server whose client vanished in a transaction keeps its locks; it lets go of them after this.
    private static let settings = """
        SET statement_timeout = \(Bounds.statementMilliseconds);
        SET lock_timeout = \(Bounds.lockMilliseconds);
        SET idle_in_transaction_session_timeout = \(Bounds.transactionMilliseconds);
        SET default_transaction_isolation = 'read committed';
        SET TimeZone = 'UTC'
        """

    private init(_ link: consuming PostgresLink) {
        self.link = link
    }

    static func open(_ url: String, before deadline: Deadline) throws(StorageError) -> PostgresSession {
        do throws(PostgresFailure) {
            let link = try PostgresLink.open(url, before: deadline)
            try link.send(settings)
            _ = try link.answer(before: deadline)
            return PostgresSession(link)
        } catch {
            throw error.storageError
        }
    }

    mutating func begin(_ purpose: Purpose, deadline: Deadline) throws(StorageError) {
        let migrating = purpose == .migrating
        answerMilliseconds = migrating ? Bounds.migrationMilliseconds : Bounds.answerMilliseconds
        transactionDeadline = .after(milliseconds: migrating ? answerMilliseconds : Bounds.transactionMilliseconds)
        try command(purpose == .reading ? "BEGIN READ ONLY" : "BEGIN", before: deadline)
        inTransaction = true
        guard migrating else { return }
        // One process at a time; the number is "gatehous" as bytes. The lock ends with the transaction.
        try command(
            """
            SET LOCAL statement_timeout = \(Bounds.migrationMilliseconds);
            SET LOCAL lock_timeout = \(Bounds.migrationMilliseconds);
            SELECT pg_advisory_xact_lock(7449354444534478195)
            """, before: deadline)
    }

    mutating func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer {
        let deadline = min(.after(milliseconds: answerMilliseconds), transactionDeadline)
        let name = try prepare(sql, before: deadline)
        return try note { (link) throws(PostgresFailure) in
            try link.send(prepared: name, parameters)
            return try link.answer(before: deadline).answer()
        }
    }

    private mutating func prepare(_ sql: String, before deadline: Deadline) throws(StorageError) -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count + 1)"
        try note { (link) throws(PostgresFailure) in
            try link.send(prepare: name, Dialect.postgres.render(sql))
            _ = try link.answer(before: deadline)
        }
        prepared[sql] = name
        return name
    }

    mutating func commit() throws(StorageError) {
        inTransaction = false
        do throws(StorageError) {
            let done = try note { (link) throws(PostgresFailure) in
                try link.send("COMMIT")
                return try link.answer(before: .after(milliseconds: Bounds.answerMilliseconds)).commandName
            }
            // A failed transaction answers COMMIT with ROLLBACK, and no error.
            guard done == "COMMIT" else { throw StorageError.internal("COMMIT was answered with \(done)") }
        } catch {
            if !isUsable { throw .commitUnknown("\(error)") }
            throw error
        }
    }

    /// Nothing to do on a connection that is lost: its server rolls back when it notices.
    mutating func rollback() {
        guard inTransaction, isUsable else { return }
        inTransaction = false
        do {
            try command("ROLLBACK", before: .after(milliseconds: Bounds.answerMilliseconds))
        } catch {
            isUsable = false
        }
    }

    private mutating func command(_ sql: String, before deadline: Deadline) throws(StorageError) {
        try note { (link) throws(PostgresFailure) in
            try link.send(sql)
            _ = try link.answer(before: deadline)
        }
    }

    /// Runs `body`, and remembers when its failure means that this connection is of no more use.
    private mutating func note<Result>(
        _ body: (borrowing PostgresLink) throws(PostgresFailure) -> Result
    ) throws(StorageError) -> Result {
        do {
            return try body(link)
        } catch {
            if error.endsConnection || link.isLost { isUsable = false }
            throw error.storageError
        }
    }
}
