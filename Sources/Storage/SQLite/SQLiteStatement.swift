import CSQLite

/// A prepared statement, finalized once. A class, because a dictionary cannot yet hold what cannot be copied.
@safe final class SQLiteStatement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Binds `$position`; a parameter that the statement does not name is a mistake of ours and gives SQLITE_RANGE.
    func bind(_ value: Value, to position: Int) -> Int32 {
        let index = unsafe sqlite3_bind_parameter_index(handle, "$\(position)")
        switch value {
        case .null:
            return unsafe sqlite3_bind_null(handle, index)
        case .integer(let integer):
            return unsafe sqlite3_bind_int64(handle, index, integer)
        case .text(var text):
            return text.withUTF8 { unsafe sqlite3_gatehouse_bind_text(handle, index, $0.baseAddress, $0.count) }
        case .bytes(let bytes):
            return unsafe bytes.withUnsafeBytes {
                unsafe sqlite3_gatehouse_bind_bytes(handle, index, $0.baseAddress, $0.count)
            }
        }
    }

    func step() -> Int32 {
        unsafe sqlite3_step(handle)
    }

    /// Ends the statement's hold on the file, and forgets its parameters.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    /// The present row, copied: SQLite reuses its memory at the next step.
    func columns() -> [Value] {
        (0..<(unsafe sqlite3_column_count(handle))).map(column)
    }

    private func column(_ index: Int32) -> Value {
        switch unsafe sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER:
            return .integer(unsafe sqlite3_column_int64(handle, index))
        case SQLITE_TEXT:
            let start = unsafe sqlite3_column_text(handle, index)
            let count = unsafe Int(sqlite3_column_bytes(handle, index))
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = unsafe sqlite3_column_blob(handle, index)
            let count = unsafe Int(sqlite3_column_bytes(handle, index))
            return .bytes(unsafe Array(UnsafeRawBufferPointer(start: start, count: count)))
        default:
            // NULL. A fraction cannot be stored in STRICT tables, and no statement here computes one.
            return .null
        }
    }
}
