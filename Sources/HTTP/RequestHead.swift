import Reasons

/// The head of one request: its parser and what was found, as places in the buffer that was parsed.
///
/// A head is fed a growing buffer until it is complete. What was read is not read again, so the total cost is linear
/// in the head's size however it is cut up, and the verdict does not depend on the cuts. Reuse one value for many
/// requests with `reset()`: once warm, parsing allocates nothing.
package struct RequestHead: Sendable {
    /// How the target was written (RFC 9112 §3.2). Authority-form is refused.
    package enum TargetForm: Sendable {
        case origin
        /// `http://host/path`, whose authority was found equal to `Host`.
        case absolute
        /// `*`, with OPTIONS only; then `path` is the asterisk and there is no query.
        case asterisk
    }

    /// The method: 1 to `methodBytesMax` bytes of `A-Z` and `-`.
    package private(set) var method: Range<Int> = 0..<0
    /// The method as a value, when it is one of the well-known ones.
    package private(set) var knownMethod: Method?
    /// The whole target as sent, for the log.
    package private(set) var target: Range<Int> = 0..<0
    package private(set) var targetForm: TargetForm = .origin
    /// The path as sent, beginning with `/`, never empty: for `http://host` it is a `/` of the scheme's `//`.
    package private(set) var path: Range<Int> = 0..<0
    /// What follows the first `?`; it may be empty.
    package private(set) var query: Range<Int>?
    /// The 0 or 1 in HTTP/1.0 or HTTP/1.1.
    package private(set) var minorVersion: UInt8 = 1
    /// The field lines in the order in which they came.
    package private(set) var fields: [Field] = []
    package private(set) var framing: BodyFraming = .none
    /// Whether the client wants to use the connection again (RFC 9112 §9.3).
    package private(set) var keepAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body; false when there is no body to wait for.
    package private(set) var expectsContinue = false
    /// The authority as sent, `name[:port]`: of `Host`, or of the absolute-form target of an HTTP/1.0 request without
    /// `Host`. Empty when an HTTP/1.0 request has neither.
    package private(set) var host: Range<Int> = 0..<0
    /// `host` without port and without a dot at the end, `[…]` kept for IPv6: what host rules are matched on.
    package private(set) var hostName: Range<Int> = 0..<0

    package init() {}

    /// Makes the value ready for the next request; storage is kept.
    package mutating func reset() {}

    /// Reads on in `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the request from its first byte; each call passes at least the bytes of the call before.
    ///   - limits: the same in every call for one head.
    /// - Returns: `.incomplete` until the empty line was read, then `.complete`, also when called once more.
    /// - Throws: as soon as the bytes can no longer begin a good head, the reason; also when called once more.
    package mutating func parse(_ bytes: borrowing Span<UInt8>, limits: HeadLimits) throws(Reason) -> HeadProgress {
        .incomplete
    }

    /// Whether there is a field of this name.
    package func has(_ name: FieldName) -> Bool { false }

    /// Whether there are two or more fields of this name.
    package func repeats(_ name: FieldName) -> Bool { false }

    /// The first field of this name.
    package func first(_ name: FieldName) -> Field? { nil }
}
