import Bytes
import Encoding

/// Writing heads and chunk lines into a buffer that its owner keeps and reuses.
///
/// `text` parameters are for literals and configured text; what comes from the network or from a token goes through
/// the checked form, so that nobody can end a line and begin another (response splitting).
extension [UInt8] {
    /// Appends `bytes[range]`; a range that is not inside of `bytes` appends nothing.
    package mutating func append(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return }
        append(bytes.extracting(range))
    }

    /// Appends `value` in lower-case hexadecimal without leading zeros.
    package mutating func appendHex(_ value: UInt64) {
        let digits = Hex.digits(value)
        append(digits.span, Swift.min(value.leadingZeroBitCount / 4, 15)..<16)
    }

    package mutating func appendCRLF() {
        append(addingCapacity: 2) { tail in
            tail.append(Grammar.carriageReturn)
            tail.append(Grammar.lineFeed)
        }
    }

    /// Appends `HTTP/1.1 <status> <phrase>` and the line end.
    package mutating func appendStatusLine(_ status: UInt16) {
        append("HTTP/1.1 ")
        appendDecimal(UInt64(status))
        append(Grammar.blank)
        append(text: StatusText.phrase(status))
        appendCRLF()
    }

    /// Appends `<method> <path>[?<query>] HTTP/1.1` and the line end. The parts are what a parser or the canonical path
    /// vouches for; `query` is a place in `bytes`, where `method` is too.
    package mutating func appendRequestLine(
        method: Range<Int>, path: borrowing Span<UInt8>, query: Range<Int>?, of bytes: borrowing Span<UInt8>
    ) {
        append(bytes, method)
        append(Grammar.blank)
        append(path)
        if let query {
            append(UInt8(ascii: "?"))
            append(bytes, query)
        }
        append(" HTTP/1.1\r\n")
    }

    /// Appends `name: value` and the line end, both literals or configured.
    package mutating func appendField(_ name: String, _ value: String) {
        append(text: name)
        append(": ")
        append(text: value)
        appendCRLF()
    }

    /// Appends `name: value` and the line end, the value in decimal.
    package mutating func appendField(_ name: StaticString, decimal value: UInt64) {
        append(name)
        append(": ")
        appendDecimal(value)
        appendCRLF()
    }

    /// Appends `name: value` and the line end, or nothing at all and answers false when `Grammar.isFieldValueSafe` says
    /// no to the value.
    package mutating func appendField(_ name: String, checked value: borrowing Span<UInt8>) -> Bool {
        guard Grammar.isFieldValueSafe(value) else { return false }
        append(text: name)
        append(": ")
        append(value)
        appendCRLF()
        return true
    }

    /// Appends a field line that a head parser accepted from `bytes`, the name in the case in which it was sent.
    package mutating func appendField(_ field: Field, of bytes: borrowing Span<UInt8>) {
        if field.isTidy {
            append(bytes, field.name.lowerBound..<field.value.upperBound + 2)
            return
        }
        append(bytes, field.name)
        append(": ")
        append(bytes, field.value)
        appendCRLF()
    }

    /// Appends the line that begins a chunk of `size` bytes; `size` is above 0, for 0 would end the body. The chunk's
    /// bytes are followed by a line end.
    package mutating func appendChunkLine(size: Int) {
        appendHex(UInt64(Swift.max(size, 0)))
        appendCRLF()
    }

    /// Appends the last chunk, without trailers.
    package mutating func appendLastChunk() { append("0\r\n\r\n") }
}
