/// Appending whole pieces of memory.
///
/// The safe ways of the standard library append a span byte by byte, at some four instructions each, and ask a string for
/// its kind of storage first. A head and its log line are sixty pieces and two thousand bytes, so the copy is left to the C
/// library. A hand of its own, so that the rooms that write heads and log lines need no `unsafe`.
extension [UInt8] {
    /// Appends all of `bytes`, which may not be bytes of this array.
    package mutating func append(_ bytes: borrowing Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of a literal.
    package mutating func append(_ literal: StaticString) {
        // A literal of one scalar has no memory of its own; as UTF-8 it is one piece in any case.
        literal.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    /// Appends the UTF-8 bytes of a text.
    package mutating func append(text: String) { append(text.utf8.span) }
}
