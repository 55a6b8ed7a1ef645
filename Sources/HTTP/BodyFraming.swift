/// How the end of a message's body is found (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// This many bytes; never more than `Int.max`, so that conversions to `Int` cannot trap.
    case length(UInt64)
    /// Chunks (RFC 9112 §7.1); see `ChunkDecoder`.
    case chunked
    /// All bytes until the connection closes: answers only.
    case untilClose
}
