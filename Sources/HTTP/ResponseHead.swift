import Reasons

/// The head of one answer from an upstream, read as strictly as a request; every fault is `.upstreamMalformed`.
///
/// Used like `RequestHead`. An interim answer (1xx) is a head of its own: `reset()` and parse what follows it.
package struct ResponseHead: ~Copyable, Sendable {
    private var line = StatusLine()
    private var lines = FieldLines()
    private var framingFields = FramingFields()
    private var connection = ConnectionOptions()
    private var isAnswerToHEAD = false
    private var cursor = 0
    private var isComplete = false
    private var isRefused = false

    package init() {}

    /// Makes the value ready for the next answer; storage is kept.
    package mutating func reset() {
        line = StatusLine()
        lines.reset()
        framingFields = FramingFields()
        connection.reset()
        isAnswerToHEAD = false
        cursor = 0
        isComplete = false
        isRefused = false
    }

    /// Reads on in `bytes`, as `RequestHead.parse` does; `targetBytesMax` plays no part.
    ///
    /// - Parameter isAnswerToHEAD: whether the request was a HEAD, whose answer has no body whatever its fields say.
    /// - Throws: `.upstreamMalformed` as soon as the bytes can no longer begin a good head, or it is over a limit.
    package mutating func parse(_ bytes: borrowing Span<UInt8>, limits: HeadLimits, isAnswerToHEAD: Bool)
        throws(Reason) -> HeadProgress
    {
        guard !isRefused else { throw .upstreamMalformed }
        self.isAnswerToHEAD = isAnswerToHEAD
        do throws(Reason) {
            return try advance(bytes, limits)
        } catch {
            isRefused = true
            throw .upstreamMalformed
        }
    }

    private mutating func advance(_ bytes: borrowing Span<UInt8>, _ limits: HeadLimits) throws(Reason) -> HeadProgress {
        let end = min(bytes.count, limits.headBytesMax)
        if try line.step(bytes, &cursor, end) {
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

    private mutating func takeLastField(_ bytes: borrowing Span<UInt8>) throws(Reason) {
        guard let field = lines.last else { return }
        switch field.known {
        case .contentLength: try framingFields.addContentLength(bytes.extracting(field.value))
        case .transferEncoding:
            try framingFields.addTransferEncoding(bytes.extracting(field.value), minorVersion: minorVersion)
        case .connection: try connection.add(field.value, of: bytes)
        default: break
        }
    }

    private mutating func finish(_ bytes: borrowing Span<UInt8>) throws(Reason) {
        // An interim answer that announces a body (RFC 9112 §6.1): the bytes after it would be the answer to one reader
        // and a body to another.
        if isInterim, announcesBody { throw .upstreamMalformed }
        lines.markHopByHop(connection.listed, in: bytes)
        isComplete = true
    }
}

// What was found. Ranges are places in the buffer that was parsed; all is final once `parse` said `.complete`.
extension ResponseHead {
    /// 100 to 599.
    package var status: UInt16 { line.status }

    /// Whether another head follows for the same request. A 101 ends HTTP on the connection instead.
    package var isInterim: Bool { status < 200 }

    /// The 0 or 1 of HTTP/1.0 or HTTP/1.1.
    package var minorVersion: UInt8 { line.minorVersion }

    /// The field lines in the order in which they came.
    package var fields: [Field] { lines.fields }

    /// How many field lines there are.
    package var fieldCount: Int { lines.fields.count }

    /// One field line, without a reference to all of them.
    package func field(at index: Int) -> Field { lines.fields[index] }

    /// How the body that follows on the wire ends: none after HEAD, 1xx, 204 and 304 (RFC 9112 §6.3).
    package var framing: BodyFraming {
        if isAnswerToHEAD || isInterim || status == 204 || status == 304 { return .none }
        if framingFields.isChunked { return .chunked }
        return framingFields.contentLength.map(BodyFraming.length) ?? .untilClose
    }

    /// What `Content-Length` says, also where `framing` is none (an answer to HEAD, 304).
    package var contentLength: UInt64? { framingFields.contentLength }

    /// Whether the connection may carry another request once the body has been read. Not after a 204 that announces a
    /// body: if it sends one, that would be read as the answer to somebody else's request.
    package var keepAlive: Bool {
        !connection.close && (minorVersion >= 1 || connection.keepAlive) && framing != .untilClose
            && !(status == 204 && announcesBody)
    }

    private var announcesBody: Bool { framingFields.isChunked || (framingFields.contentLength ?? 0) > 0 }

    /// Whether there is a field of this name.
    package func has(_ name: FieldName) -> Bool { lines.seen.contains(name) }

    /// Whether there are two or more fields of this name.
    package func repeats(_ name: FieldName) -> Bool { lines.repeated.contains(name) }

    /// The first field of this name.
    package func first(_ name: FieldName) -> Field? { lines.first(name) }
}
