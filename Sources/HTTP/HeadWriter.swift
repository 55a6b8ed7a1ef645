/// Writing heads and chunk lines into a buffer that its owner keeps and reuses.
///
/// `text` parameters are for literals and configured text; what came from the network goes through the checked forms.
extension [UInt8] {
    /// Appends the bytes of a literal; no allocation beyond the buffer's own growth.
    package mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// Appends `bytes[range]`; a range outside of `bytes` appends nothing.
    package mutating func append(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {}

    /// Appends `value` in decimal.
    package mutating func appendDecimal(_ value: UInt64) {}

    /// Appends `value` in lower-case hexadecimal without leading zeros.
    package mutating func appendHex(_ value: UInt64) {}

    package mutating func appendCRLF() {}

    /// Appends `HTTP/1.1 <status> <phrase>` and the line end.
    package mutating func appendStatusLine(_ status: UInt16) {}

    /// Appends `<method> <path>[?<query>] HTTP/1.1` and the line end.
    package mutating func appendRequestLine(
        method: borrowing Span<UInt8>, path: borrowing Span<UInt8>, query: borrowing Span<UInt8>, hasQuery: Bool
    ) {}

    /// Appends `name: value` and the line end, both literals.
    package mutating func appendField(_ name: String, _ value: String) {}

    /// Appends `name: value` and the line end, the value in decimal.
    package mutating func appendField(_ name: String, decimal value: UInt64) {}

    /// Appends `name: value` and the line end, or nothing at all and answers false when the value could end its line
    /// or carries another control byte (response splitting).
    package mutating func appendField(_ name: String, checked value: borrowing Span<UInt8>) -> Bool { false }

    /// Appends a field line that a head parser accepted from `bytes`, in the case in which it was sent.
    package mutating func appendField(_ field: Field, of bytes: borrowing Span<UInt8>) {}

    /// Appends the line that begins a chunk of `size` bytes; `size` is not 0, which would end the body.
    package mutating func appendChunkLine(size: Int) {}

    /// Appends the last chunk, without trailers.
    package mutating func appendLastChunk() {}
}
