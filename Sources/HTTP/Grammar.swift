/// The byte classes and small tests of the HTTP grammar (RFC 9110 §5, RFC 5234).
package enum Grammar {
    /// Whether `bytes` is a token: not empty, letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110 §5.6.2).
    package static func isToken(_ bytes: borrowing Span<UInt8>) -> Bool { false }

    /// Whether `bytes` may stand as a field value: no control byte but tab, no blank at either end; it may be empty
    /// (RFC 9110 §5.5). Nothing that passes can end its line.
    package static func isFieldValueSafe(_ bytes: borrowing Span<UInt8>) -> Bool { false }

    /// Whether two runs of bytes are equal but for the case of ASCII letters.
    package static func equalFolded(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool { false }

    /// Whether `bytes` is `text` but for the case of ASCII letters; `text` is a lower-case literal.
    package static func equalFolded(_ bytes: borrowing Span<UInt8>, _ text: String) -> Bool { false }
}
