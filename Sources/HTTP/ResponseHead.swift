import Reasons

/// The head of one answer from an upstream, read as strictly as a request; every fault is `.upstreamMalformed`.
///
/// Used like `RequestHead`. An interim answer (1xx) is a head of its own: `reset()` and parse what follows it.
package struct ResponseHead: Sendable {
    /// 100 to 599.
    package private(set) var status: UInt16 = 0
    package private(set) var minorVersion: UInt8 = 1
    package private(set) var fields: [Field] = []
    /// How the body that follows on the wire ends; none after HEAD, 1xx, 204 and 304 (RFC 9112 §6.3).
    package private(set) var framing: BodyFraming = .none
    /// What `Content-Length` says, also where `framing` is none (an answer to HEAD, 304).
    package private(set) var contentLength: UInt64?
    /// Whether the connection may carry another request once the body has been read.
    package private(set) var keepAlive = true

    package init() {}

    /// Makes the value ready for the next answer; storage is kept.
    package mutating func reset() {}

    /// Reads on in `bytes`; see `RequestHead.parse`. `targetBytesMax` plays no part.
    package mutating func parse(_ bytes: borrowing Span<UInt8>, limits: HeadLimits, isAnswerToHEAD: Bool)
        throws(Reason) -> HeadProgress
    {
        .incomplete
    }

    /// Whether there is a field of this name.
    package func has(_ name: FieldName) -> Bool { false }

    /// Whether there are two or more fields of this name.
    package func repeats(_ name: FieldName) -> Bool { false }

    /// The first field of this name.
    package func first(_ name: FieldName) -> Field? { nil }
}
