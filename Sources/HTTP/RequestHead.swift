import Reasons

/// The head of one request: its parser and what was found, as places in the buffer that was parsed.
///
/// A head is fed a growing buffer until it is complete. What was read is not read again, so the total cost is linear
/// in the head's size however it is cut up, and the verdict does not depend on the cuts. Reuse one value for many
/// requests with `reset()`: once warm, parsing allocates nothing.
///
/// Whatever two implementations could read differently is refused, and it is refused at the first byte that shows it: a bad
/// head that never ends must not hold its connection until a timeout.
package struct RequestHead: ~Copyable, Sendable {
    /// How the target was written (RFC 9112 §3.2). Authority-form is refused.
    package enum TargetForm: Sendable {
        case origin
        /// `http://host/path`, whose authority was found equal to `Host`.
        case absolute
        /// `*`, with OPTIONS only; then `path` is the asterisk and there is no query.
        case asterisk
    }

    private var line = RequestLine()
    private var lines = FieldLines()
    private var framingFields = FramingFields()
    private var connection = ConnectionOptions()
    private var expectsAnswerFirst = false
    /// Where reading goes on.
    private var cursor = 0
    private var isComplete = false
    private var refusal: Reason?

    /// The authority as sent, `name[:port]`: of `Host`, or of the absolute-form target of an HTTP/1.0 request without
    /// `Host`. Empty when an HTTP/1.0 request has neither.
    package private(set) var host: Range<Int> = 0..<0
    /// `host` without port and without a dot at the end, `[…]` kept for IPv6: what host rules are matched on.
    package private(set) var hostName: Range<Int> = 0..<0

    package init() {}

    /// Makes the value ready for the next request; storage is kept.
    package mutating func reset() {
        line = RequestLine()
        lines.reset()
        framingFields = FramingFields()
        connection.reset()
        expectsAnswerFirst = false
        cursor = 0
        isComplete = false
        refusal = nil
        host = 0..<0
        hostName = 0..<0
    }

    /// Reads on in `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the request from its first byte; each call passes at least the bytes of the call before.
    ///   - limits: the same in every call for one head.
    /// - Returns: `.incomplete` until the empty line was read, then `.complete`, also when called once more.
    /// - Throws: as soon as the bytes can no longer begin a good head, the reason; also when called once more.
    package mutating func parse(_ bytes: borrowing Span<UInt8>, limits: HeadLimits) throws(Reason) -> HeadProgress {
        if let refusal { throw refusal }
        do throws(Reason) {
            return try advance(bytes, limits)
        } catch {
            refusal = error
            throw error
        }
    }

    private mutating func advance(_ bytes: borrowing Span<UInt8>, _ limits: HeadLimits) throws(Reason) -> HeadProgress {
        let end = min(bytes.count, limits.headBytesMax)
        if try line.step(bytes, &cursor, end, targetBytesMax: limits.targetBytesMax) {
            while !isComplete {
                switch try lines.step(bytes, &cursor, end, fieldsMax: limits.fieldsMax) {
                case .field: try takeLastField(bytes)
                case .end: try finish(bytes)
                case .needMore: return try waitForMore(bytes, limits)
                }
            }
            return .complete(headBytes: cursor)
        }
        return try waitForMore(bytes, limits)
    }

    private func waitForMore(_ bytes: borrowing Span<UInt8>, _ limits: HeadLimits) throws(Reason) -> HeadProgress {
        guard bytes.count < limits.headBytesMax else { throw .headTooLarge }
        return .incomplete
    }

    /// Acts on a field that decides about the message itself; all others are only kept.
    private mutating func takeLastField(_ bytes: borrowing Span<UInt8>) throws(Reason) {
        guard let field = lines.last, let known = field.known else { return }
        switch known {
        case .host: try takeHost(field.value, bytes)
        case .contentLength: try framingFields.addContentLength(bytes.extracting(field.value))
        case .transferEncoding:
            try framingFields.addTransferEncoding(bytes.extracting(field.value), minorVersion: minorVersion)
        case .connection: try connection.add(field.value, of: bytes)
        case .expect:
            guard !lines.repeated.contains(.expect), Grammar.equalFolded(bytes.extracting(field.value), "100-continue")
            else { throw .expectationFailed }
            // HTTP/1.0 knows no interim answers: the expectation is to be ignored (RFC 9110 §10.1.1).
            expectsAnswerFirst = minorVersion >= 1
        default: break
        }
    }

    private mutating func takeHost(_ value: Range<Int>, _ bytes: borrowing Span<UInt8>) throws(Reason) {
        guard !lines.repeated.contains(.host), let authority = Authority(bytes, value) else { throw .badHost }
        // RFC 9112 §3.2.2 lets the target win; but then log, rule and backend could each look at another one.
        if let (_, inTarget, defaultPort) = line.target.authority,
            !inTarget.equals(authority, in: bytes, defaultPort: defaultPort)
        {
            throw .badHost
        }
        host = value
        hostName = authority.name
    }

    private mutating func finish(_ bytes: borrowing Span<UInt8>) throws(Reason) {
        if !lines.seen.contains(.host) {
            guard minorVersion == 0 else { throw .badHost }
            if let (range, value, _) = line.target.authority {
                host = range
                hostName = value.name
            }
        }
        guard !connection.listsWhatMustCross(in: bytes) else { throw .malformedRequest }
        lines.markHopByHop(connection.listed, in: bytes)
        isComplete = true
    }
}

// What was found. Ranges are places in the buffer that was parsed; all is final once `parse` said `.complete`.
extension RequestHead {
    /// The method: 1 to 32 bytes of `A-Z` and `-`, never CONNECT.
    package var method: Range<Int> { line.method }

    /// The method as a value, when it is one of the well-known ones.
    package var knownMethod: Method? { line.knownMethod }

    /// The whole target as sent.
    package var target: Range<Int> { line.target.whole }

    package var targetForm: TargetForm { line.target.form }

    /// The path as sent, never empty and beginning with `/` unless the target is `*`; for `http://host` it is a `/` of
    /// the scheme's `//`.
    package var path: Range<Int> { line.target.path }

    /// What follows the first `?`; it may be empty.
    package var query: Range<Int>? { line.target.query }

    /// The 0 or 1 of HTTP/1.0 or HTTP/1.1.
    package var minorVersion: UInt8 { line.minorVersion }

    /// The field lines in the order in which they came.
    package var fields: [Field] { lines.fields }

    /// How many field lines there are.
    package var fieldCount: Int { lines.fields.count }

    /// One field line, without a reference to all of them.
    package func field(at index: Int) -> Field { lines.fields[index] }

    /// How the body ends; a request without `Content-Length` and `Transfer-Encoding` has none (RFC 9112 §6.3).
    package var framing: BodyFraming {
        if framingFields.isChunked { return .chunked }
        return framingFields.contentLength.map(BodyFraming.length) ?? .none
    }

    /// Whether the client wants to use the connection again (RFC 9112 §9.3).
    package var keepAlive: Bool { !connection.close && (minorVersion >= 1 || connection.keepAlive) }

    /// Whether the client waits for `100 Continue` before it sends the body; false when there is no body to wait for.
    package var expectsContinue: Bool { expectsAnswerFirst && framing != .none && framing != .length(0) }

    /// Whether `Connection` lists `upgrade`, without which an `Upgrade` field means nothing (RFC 9110 §7.8).
    package var connectionListsUpgrade: Bool { connection.upgrade }

    /// Whether there is a field of this name.
    package func has(_ name: FieldName) -> Bool { lines.seen.contains(name) }

    /// Whether there are two or more fields of this name.
    package func repeats(_ name: FieldName) -> Bool { lines.repeated.contains(name) }

    /// The first field of this name.
    package func first(_ name: FieldName) -> Field? { lines.first(name) }
}
