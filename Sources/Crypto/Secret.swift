import COpenSSL

/// Bytes that must not leak: a key, a password, a refresh token. Prints as `<secret>` wherever it is interpolated, dumped or
/// reflected, and overwrites its memory when the last reference goes.
///
/// A copy that somebody takes out of `withBytes` is no longer protected.
package struct Secret: Sendable {
    private let storage: Storage

    package init(copying bytes: borrowing Span<UInt8>) { storage = Storage(copying: bytes) }

    /// Copies the bytes and overwrites the array handed in, as far as nobody else holds it.
    package init(_ bytes: consuming [UInt8]) {
        storage = Storage(copying: bytes.span)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        }
    }

    package var count: Int { storage.count }

    /// Lends the bytes for the duration of the call.
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withBytes(body)
    }

    /// The memory itself. It is written by `init` and `deinit` only, when nobody else can hold a reference, which is why it may
    /// be shared between threads although a pointer is not `Sendable`.
    @safe private final class Storage: Sendable {
        nonisolated(unsafe) private let memory: UnsafeMutableBufferPointer<UInt8>

        init(copying bytes: borrowing Span<UInt8>) {
            unsafe memory = .allocate(capacity: bytes.count)
            for index in bytes.indices { unsafe memory.initializeElement(at: index, to: bytes[index]) }
        }

        deinit {
            unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
            unsafe memory.deallocate()
        }

        var count: Int { unsafe memory.count }

        func withBytes<Result: ~Copyable, Failure: Error>(
            _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try unsafe body(memory.span)
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// Whether both hold the same bytes, in a time that depends on the lengths alone.
package func constantTimeEqual(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
            unsafe CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
        }
    }
}
