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
/// Extensions and trailer fields are held to their grammar and dropped: chunks are written anew, and a trailer must
/// never pass for a field of the head (RFC 9110 §6.5.1). White space around extensions, which the RFC calls bad, is
/// refused. A body whose connection ends before `.end` was cut short and must not be passed on as finished.
package struct ChunkDecoder: Sendable {
    package enum Step: Sendable, Equatable {
        /// Body bytes to pass on; not empty.
        case data(Range<Int>)
        /// The body has ended; `consumed` counts from the start of the span. Also the answer to every later call.
        case end(consumed: Int)
        /// Everything in the span is consumed and more is needed.
        case needMore
    }

    /// The most digits of a chunk size; 16 fill 64 bits.
    static let sizeDigitsMax = 16
    /// The most bytes of extensions and trailers that may run ahead of the body bytes. A peer may send as many of them
    /// as it sends body, and this many more; so they cannot be the bulk of a stream that looks small.
    static let overheadBytesMax = 8 << 10

    private enum State: UInt8 {
        case size, sizeLineFeed
        case extensionNameStart, extensionName, extensionValueStart, extensionToken
        case extensionQuoted, extensionEscape, extensionQuotedEnd
        case data, dataReturn, dataLineFeed
        case trailerStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
        case end, refused
    }

    private var state = State.size
    private var digits = 0
    /// The size being read, then what is left of the chunk.
    private var remaining: UInt64 = 0
    private var overheadBytes = 0

    package init() {}

    /// The next piece of `bytes`, which was consumed up to `start`.
    ///
    /// - Throws: `.malformedChunk` at the first byte that is wrong; also when called once more.
    package mutating func next(_ bytes: borrowing Span<UInt8>, from start: Int) throws(Reason) -> Step {
        var at = max(start, 0)
        guard state != .refused else { throw .malformedChunk }
        if state == .end { return .end(consumed: at) }
        while at < bytes.count {
            if state == .data {
                let piece = min(remaining, UInt64(bytes.count - at))
                remaining -= piece
                overheadBytes = max(0, overheadBytes - Int(piece))
                if remaining == 0 { state = .dataReturn }
                return .data(at..<at + Int(piece))
            }
            guard let next = transition(on: bytes[at]) else {
                state = .refused
                throw .malformedChunk
            }
            state = next
            at += 1
            if state == .end { return .end(consumed: at) }
        }
        return .needMore
    }

    /// The state after one byte that is not body; nil when it cannot stand here.
    private mutating func transition(on byte: UInt8) -> State? {
        switch state {
        case .size: return sizeByte(byte)
        case .sizeLineFeed:
            guard byte == Grammar.lineFeed else { return nil }
            digits = 0
            return remaining == 0 ? .trailerStart : .data
        case .dataReturn: return byte == Grammar.carriageReturn ? .dataLineFeed : nil
        case .dataLineFeed: return byte == Grammar.lineFeed ? .size : nil
        case .extensionNameStart, .extensionName, .extensionValueStart, .extensionToken, .extensionQuoted,
            .extensionEscape, .extensionQuotedEnd:
            return countOverhead() ? extensionByte(byte) : nil
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .lastLineFeed:
            return countOverhead() ? trailerByte(byte) : nil
        case .data, .end, .refused: return nil
        }
    }

    private mutating func countOverhead() -> Bool {
        overheadBytes += 1
        return overheadBytes <= Self.overheadBytesMax
    }

    private mutating func sizeByte(_ byte: UInt8) -> State? {
        if let value = Grammar.hexValue(byte) {
            digits += 1
            guard digits <= Self.sizeDigitsMax else { return nil }
            remaining = remaining << 4 | UInt64(value)
            // So that neither this size nor a sum of such sizes in `Int` is ever out of range by itself.
            return remaining <= UInt64(Int.max) ? .size : nil
        }
        return digits > 0 ? afterWord(byte) : nil
    }

    /// What may follow a size, an extension's name or its value: the next extension or the end of the line.
    private func afterWord(_ byte: UInt8) -> State? {
        switch byte {
        case UInt8(ascii: ";"): .extensionNameStart
        case Grammar.carriageReturn: .sizeLineFeed
        default: nil
        }
    }

    /// `*( ";" name [ "=" ( token / quoted-string ) ] )` (RFC 9112 §7.1.1).
    private func extensionByte(_ byte: UInt8) -> State? {
        switch state {
        case .extensionNameStart: return Grammar.isTokenByte(byte) ? .extensionName : nil
        case .extensionName:
            if Grammar.isTokenByte(byte) { return .extensionName }
            return byte == UInt8(ascii: "=") ? .extensionValueStart : afterWord(byte)
        case .extensionValueStart:
            if byte == UInt8(ascii: "\"") { return .extensionQuoted }
            return Grammar.isTokenByte(byte) ? .extensionToken : nil
        case .extensionToken: return Grammar.isTokenByte(byte) ? .extensionToken : afterWord(byte)
        case .extensionQuoted:
            guard Grammar.isFieldByte(byte) else { return nil }
            if byte == UInt8(ascii: "\"") { return .extensionQuotedEnd }
            return byte == UInt8(ascii: "\\") ? .extensionEscape : .extensionQuoted
        case .extensionEscape: return Grammar.isFieldByte(byte) ? .extensionQuoted : nil
        case .extensionQuotedEnd: return afterWord(byte)
        default: return nil
        }
    }

    /// Field lines up to the empty line, as in a head (RFC 9112 §7.1.2).
    private func trailerByte(_ byte: UInt8) -> State? {
        switch state {
        case .trailerStart:
            if byte == Grammar.carriageReturn { return .lastLineFeed }
            return Grammar.isTokenByte(byte) ? .trailerName : nil
        case .trailerName:
            if Grammar.isTokenByte(byte) { return .trailerName }
            return byte == UInt8(ascii: ":") ? .trailerValue : nil
        case .trailerValue:
            if Grammar.isFieldByte(byte) { return .trailerValue }
            return byte == Grammar.carriageReturn ? .trailerLineFeed : nil
        case .trailerLineFeed: return byte == Grammar.lineFeed ? .trailerStart : nil
        case .lastLineFeed: return byte == Grammar.lineFeed ? .end : nil
        default: return nil
        }
    }
}
