import CSQLite
import Glibc

/// An open SQLite file and its prepared statements. Closed once, when it goes away.
@safe struct SQLiteDatabase: ~Copyable {
    private let handle: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]
    private(set) var isUsable = true

    private init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    static func open(_ path: String, _ access: SQLiteConnection.Access) throws(StorageError) -> SQLiteDatabase {
        if access == .create { try createPrivately(path) }
        var opened: OpaquePointer?
        let mode = access == .read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let code = unsafe sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened = unsafe opened else { throw .unavailable("out of memory") }
        // Even a file that could not be opened has a handle, which holds the reason.
        var database = unsafe SQLiteDatabase(opened)
        guard code == SQLITE_OK else { throw database.error(code, about: path) }
        try database.configure(access)
        return database
    }

    deinit {
        // Statements that are still there are finalized with the last of them: close_v2 waits for that.
        unsafe sqlite3_close_v2(handle)
    }

    /// The file must never be readable by others, not even before its first byte; -wal and -shm inherit its mode.
    ///
    /// One that is there is left alone: other connections of this process may have it open, and to close a descriptor of it
    /// would end their locks (sqlite.org/howtocorrupt.html, 2.2).
    private static func createPrivately(_ path: String) throws(StorageError) {
        guard unsafe access(path, F_OK) != 0 else { return }
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EROFS, errno != EACCES {
            // Without the right to write it may still be good for reading: SQLite decides.
            throw .unavailable("\(path): \(unsafe String(cString: strerror(errno)))")
        }
    }

    private mutating func configure(_ access: SQLiteConnection.Access) throws(StorageError) {
        wait(milliseconds: Int32(Bounds.lockMilliseconds))
        _ = try execute("PRAGMA foreign_keys = ON", [])
        guard access != .read else { return }
        // Readers and the writer do not wait for each other, and a commit is one sync of the log.
        _ = try execute("PRAGMA journal_mode = WAL", [])
        _ = try execute("PRAGMA synchronous = FULL", [])
        // What is deleted is gone from the file as well.
        _ = try execute("PRAGMA secure_delete = FAST", [])
        _ = try execute("PRAGMA journal_size_limit = 16777216", [])
    }

    /// A file that was moved, removed or replaced while it is open: what is written to it would be gone with the process, and
    /// what the command line ends in the file of that name would not be seen.
    func refuseIfMoved() throws(StorageError) {
        var isMoved: Int32 = 0
        let code = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &isMoved)
        guard code == SQLITE_OK, isMoved != 0 else { return }
        throw .unavailable(
            unsafe String(cString: sqlite3_db_filename(handle, "main"))
                + " was moved, removed or replaced while it was open: put it back, or restart with what is there now")
    }

    /// How long a statement waits for the lock of another process.
    func wait(milliseconds: Int32) {
        unsafe sqlite3_busy_timeout(handle, max(1, milliseconds))
    }

    mutating func execute(_ sql: String, _ parameters: [Value]) throws(StorageError) -> Answer {
        let statement = try prepare(sql)
        defer { statement.reset() }
        for (index, value) in parameters.enumerated() {
            let code = statement.bind(value, to: index + 1)
            guard code == SQLITE_OK else { throw note(code) }
        }
        var answer = Answer()
        while true {
            let code = statement.step()
            switch code {
            case SQLITE_ROW:
                answer.rows.append(Row(statement.columns()))
            case SQLITE_DONE:
                answer.changed = Int(unsafe sqlite3_changes64(handle))
                return answer
            default:
                throw note(code)
            }
        }
    }

    private mutating func prepare(_ sql: String) throws(StorageError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, Dialect.sqlite.render(sql), -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw note(code) }
        let statement = unsafe SQLiteStatement(prepared)
        statements[sql] = statement
        return statement
    }

    mutating func commit() throws(StorageError) {
        do {
            _ = try execute("COMMIT", [])
        } catch {
            // The log was written and could not be synced: after a crash the transaction may be there or not.
            if case .unavailable(let detail) = error, !isUsable { throw .commitUnknown(detail) }
            throw error
        }
    }

    /// Some errors (a full disk) have undone the transaction already.
    mutating func rollback() {
        guard unsafe sqlite3_get_autocommit(handle) == 0 else { return }
        do { _ = try execute("ROLLBACK", []) } catch { isUsable = false }
    }

    /// The error, after which a file that cannot be read or written is opened anew.
    private mutating func note(_ code: Int32) -> StorageError {
        switch code & 0xff {
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_NOMEM, SQLITE_CANTOPEN: isUsable = false
        default: break
        }
        return error(code, about: nil)
    }

    /// The primary code is the low byte of the extended one (sqlite.org/rescode.html).
    private func error(_ code: Int32, about path: String?) -> StorageError {
        let message = unsafe String(cString: sqlite3_errmsg(handle))
        var detail = path.map { "\($0): \(message)" } ?? message
        // SQLite says that it could not, and the kernel why.
        let reason = unsafe sqlite3_system_errno(handle)
        if code & 0xff == SQLITE_CANTOPEN, reason != 0 { detail += unsafe ": " + String(cString: strerror(reason)) }
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return .unavailable("\(detail): another process has been writing in it for too long; try again")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PROTOCOL, SQLITE_PERM, SQLITE_INTERRUPT:
            return .unavailable(detail)
        case SQLITE_FULL:
            return .full(detail)
        case SQLITE_READONLY:
            return .readOnly(detail)
        case SQLITE_CONSTRAINT
        where [SQLITE_CONSTRAINT_UNIQUE_CODE, SQLITE_CONSTRAINT_PRIMARYKEY_CODE, SQLITE_CONSTRAINT_ROWID_CODE]
            .contains(code):
            return .uniqueViolation(constraint: Self.constraint(in: message))
        default:
            return .internal("\(detail) (SQLite \(code))")
        }
    }

    /// "UNIQUE constraint failed: users.email" → "users_email"; "…: user_roles.user_id, user_roles.role" →
    /// "user_roles_user_id_role".
    private static func constraint(in message: String) -> String {
        guard let colon = message.lastIndex(of: ":") else { return message }
        var name = ""
        for column in message[message.index(after: colon)...].split(whereSeparator: { $0 == "," || $0 == " " }) {
            let parts = column.split(separator: ".", maxSplits: 1)
            if name.isEmpty, let table = parts.first { name += table }
            if let last = parts.last { name += "_\(last)" }
        }
        return name
    }
}
