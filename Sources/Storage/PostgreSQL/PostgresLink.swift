import CPostgres
import Glibc

/// libpq's connection, spoken to without blocking. Finished once, when it goes away.
@safe struct PostgresLink: ~Copyable {
    private let handle: OpaquePointer

    private init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    /// Names are resolved by libpq before it can be bounded; everything after that keeps the deadline.
    static func open(_ url: String, before deadline: Deadline) throws(PostgresFailure) -> PostgresLink {
        // Later words win over those of the URL, which stands at `dbname`; the fallback name does not.
        let words = [
            ("fallback_application_name", "gatehouse"),
            ("dbname", url),
            ("client_encoding", "UTF8"),
            ("keepalives_idle", "5"),
            ("keepalives_interval", "1"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "\(Bounds.answerMilliseconds)"),
        ]
        let started = unsafe withCStrings(words.map(\.0)) { keywords in
            unsafe withCStrings(words.map(\.1)) { values in
                unsafe PQconnectStartParams(keywords, values, 1)
            }
        }
        guard let started = unsafe started else { throw .lost("out of memory") }
        // Even a connection that cannot be made has a handle, which holds the reason.
        let link = unsafe PostgresLink(started)
        // libpq would print the server's notices on our standard error.
        unsafe PQsetNoticeReceiver(started, { _, _ in }, nil)
        try link.finishConnecting(before: deadline)
        return link
    }

    deinit {
        unsafe PQfinish(handle)
    }

    private func finishConnecting(before deadline: Deadline) throws(PostgresFailure) {
        guard unsafe PQstatus(handle) != CONNECTION_BAD else { throw .lost(message) }
        // libpq: behave as if PQconnectPoll had asked to write.
        var events = POLLOUT
        connecting: while true {
            guard wait(for: events, before: deadline) else {
                throw .lost("no connection to the server within \(Bounds.beginMilliseconds) ms")
            }
            switch unsafe PQconnectPoll(handle) {
            case PGRES_POLLING_OK: break connecting
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            default: throw .lost(message)
            }
        }
        guard unsafe PQsetnonblocking(handle, 1) == 0 else { throw .lost(message) }
        let encoding = unsafe PQparameterStatus(handle, "server_encoding").map { unsafe String(cString: $0) }
        guard let encoding, ["UTF8", "SQL_ASCII"].contains(encoding) else {
            throw .lost("the database has the encoding \(encoding ?? "unknown"), gatehouse needs UTF8")
        }
    }

    var isLost: Bool { unsafe PQstatus(handle) != CONNECTION_OK }

    /// libpq's last words, on one line.
    private var message: String {
        let words = unsafe String(cString: PQerrorMessage(handle))
        let lines = words.split(whereSeparator: { $0 == "\n" || $0 == "\t" })
        return lines.isEmpty ? "the connection was lost" : lines.joined(separator: ". ")
    }

    /// Several statements without parameters, separated by semicolons.
    func send(_ sql: String) throws(PostgresFailure) {
        guard unsafe PQsendQuery(handle, sql) == 1 else { throw .lost(message) }
    }

    /// The server infers the types of the parameters from where they stand.
    func send(prepare name: String, _ sql: String) throws(PostgresFailure) {
        guard unsafe PQsendPrepare(handle, name, sql, 0, nil) == 1 else { throw .lost(message) }
    }

    /// Integers and text go as text, bytes as they are; answers come in binary.
    func send(prepared name: String, _ values: [Value]) throws(PostgresFailure) {
        let parameters = PostgresParameters(values)
        let sent = unsafe parameters.withPointers { pointers, lengths, formats in
            unsafe PQsendQueryPrepared(handle, name, Int32(clamping: values.count), pointers, lengths, formats, 1)
        }
        guard sent == 1 else { throw .lost(message) }
    }

    /// Waits for the whole answer to what was sent: the last result, or the first error.
    func answer(before deadline: Deadline) throws(PostgresFailure) -> PostgresResult {
        try flush(before: deadline)
        var last: PostgresResult?
        var refusal: PostgresFailure?
        while true {
            while unsafe PQisBusy(handle) == 1 {
                guard wait(for: POLLIN, before: deadline) else { throw .timeout }
                guard unsafe PQconsumeInput(handle) == 1 else { throw refusal ?? .lost(message) }
            }
            guard let next = unsafe PQgetResult(handle) else { break }
            let result = unsafe PostgresResult(next)
            if let failure = result.failure {
                if refusal == nil { refusal = failure }
            } else {
                last = consume result
            }
        }
        if let refusal { throw refusal }
        guard let last else { throw .lost(message) }
        return last
    }

    /// Waits for a NOTIFY on a channel that this connection listens to, and takes all that have come; false when none came
    /// by the deadline.
    func hearNotification(before deadline: Deadline) throws(PostgresFailure) -> Bool {
        while true {
            guard unsafe PQconsumeInput(handle) == 1 else { throw .lost(message) }
            var hasHeard = false
            while let one = unsafe PQnotifies(handle) {
                unsafe PQfreemem(one)
                hasHeard = true
            }
            if hasHeard { return true }
            guard wait(for: POLLIN, before: deadline) else { return false }
        }
    }

    private func flush(before deadline: Deadline) throws(PostgresFailure) {
        while true {
            switch unsafe PQflush(handle) {
            case 0: return
            case 1: break
            default: throw .lost(message)
            }
            guard wait(for: POLLIN | POLLOUT, before: deadline) else { throw .timeout }
            // The server may have to be heard before it listens.
            guard unsafe PQconsumeInput(handle) == 1 else { throw .lost(message) }
        }
    }

    /// False when the deadline passed first.
    private func wait(for events: Int32, before deadline: Deadline) -> Bool {
        while true {
            var wish = unsafe pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
            let ready = unsafe poll(&wish, 1, deadline.millisecondsLeft)
            if ready > 0 { return true }
            if ready == 0 { return false }
            guard errno == EINTR || errno == EAGAIN else { return false }
        }
    }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let parameters = PostgresParameters(strings.map(Value.text) + [.null])
    return unsafe parameters.withPointers { pointers, _, _ in unsafe body(pointers) }
}
