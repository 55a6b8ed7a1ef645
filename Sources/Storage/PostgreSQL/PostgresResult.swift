import CPostgres

/// One result of libpq's, in binary format. Cleared once, when it goes away.
@safe struct PostgresResult: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(handle)
    }

    /// Nil when the statement did what it should.
    var failure: PostgresFailure? {
        switch unsafe PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return nil
        case PGRES_FATAL_ERROR:
            // Without an SQLSTATE it is libpq that speaks, of a connection that broke.
            guard let state = field("C") else { return .lost(message) }
            return .refused(state: state, message: field("M") ?? message, constraint: field("n"))
        default:
            return .unexpected("an answer of an unknown kind")
        }
    }

    /// A field of an error message, by its letter in the protocol (PostgreSQL, 55.8).
    private func field(_ letter: Unicode.Scalar) -> String? {
        unsafe PQresultErrorField(handle, Int32(letter.value)).map { unsafe String(cString: $0) }
    }

    private var message: String {
        let words = unsafe String(cString: PQresultErrorMessage(handle))
        let lines = words.split(whereSeparator: { $0 == "\n" || $0 == "\t" })
        return lines.isEmpty ? "the connection was lost" : lines.joined(separator: " ")
    }

    /// The first word of the command's tag: `COMMIT`, `UPDATE`…
    var commandName: String {
        let tag = unsafe String(cString: PQcmdStatus(handle))
        return tag.split(separator: " ").first.map(String.init) ?? ""
    }

    func answer() throws(PostgresFailure) -> Answer {
        var answer = Answer()
        answer.changed = Int(unsafe String(cString: PQcmdTuples(handle))) ?? 0
        let (rowCount, columnCount) = unsafe (PQntuples(handle), PQnfields(handle))
        for row in 0..<rowCount {
            var values: [Value] = []
            for column in 0..<columnCount { values.append(try value(row, column)) }
            answer.rows.append(Row(values))
        }
        return answer
    }

    /// Types by their numbers in pg_type.dat; no statement of this room has others.
    private func value(_ row: Int32, _ column: Int32) throws(PostgresFailure) -> Value {
        if unsafe PQgetisnull(handle, row, column) == 1 { return .null }
        let start = unsafe PQgetvalue(handle, row, column)
        let count = unsafe Int(PQgetlength(handle, row, column))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        switch unsafe PQftype(handle, column) {
        case 20, 21, 23:  // int8, int2, int4: big-endian, with the sign in the first byte
            guard let first = unsafe bytes.first else { throw .unexpected("an integer without bytes") }
            let sign: Int64 = first >= 0x80 ? -1 : 0
            return .integer(unsafe bytes.reduce(sign) { $0 << 8 | Int64($1) })
        case 16:  // bool
            return .integer(unsafe bytes.first == 1 ? 1 : 0)
        case 19, 25, 1043:  // name, text, varchar
            return .text(unsafe String(decoding: bytes, as: UTF8.self))
        case 17:  // bytea
            return .bytes(unsafe Array(bytes))
        case let type:
            throw .unexpected("a column of the type \(type)")
        }
    }
}
