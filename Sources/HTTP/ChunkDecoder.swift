import Reasons

/// Takes the chunked coding off a body (RFC 9112 §7.1), incrementally and without keeping bytes.
///
/// ```
/// var at = 0
/// reading: while true {
///     switch try decoder.next(bytes, from: at) {
///     case .data(let range): …pass bytes[range] on…; at = range.upperBound
///     case .end(let consumed): …bytes from consumed on are the next message…; break reading
///     case .needMore: …all bytes are consumed; read new ones, from 0…; break reading
///     }
/// }
/// ```
/// Extensions and trailer fields are held to their grammar and dropped. A body whose connection ends before `.end` was
/// cut short and must not be passed on as finished.
package struct ChunkDecoder: Sendable {
    package enum Step: Sendable, Equatable {
        /// Body bytes to pass on; not empty.
        case data(Range<Int>)
        /// The body has ended; `consumed` counts from the start of the span. Also the answer to every later call.
        case end(consumed: Int)
        /// Everything in the span is consumed and more is needed.
        case needMore
    }

    package init() {}

    /// The next piece of `bytes`, which was consumed up to `start`.
    ///
    /// - Throws: `.malformedChunk` at the first byte that is wrong; also when called once more.
    package mutating func next(_ bytes: borrowing Span<UInt8>, from start: Int) throws(Reason) -> Step { .needMore }
}
