/// The byte classes and small tests of the HTTP grammar (RFC 9110 §5, RFC 5234 appendix B).
///
/// Bytes only: `Character` comparison and `lowercased()` fold more than ASCII (`"\u{212A}".lowercased()` is `"k"`).
package enum Grammar {
    /// Whether `bytes` may stand as a field value: no control byte but tab, no blank at either end; it may be empty
    /// (RFC 9110 §5.5). Nothing that passes can end its line.
    package static func isFieldValueSafe(_ bytes: borrowing Span<UInt8>) -> Bool {
        for index in bytes.indices where !isFieldByte(bytes[index]) { return false }
        return bytes.isEmpty || !(isBlank(bytes[0]) || isBlank(bytes[bytes.count - 1]))
    }

    /// Whether two runs of bytes are equal but for the case of ASCII letters.
    package static func equalFolded(_ a: borrowing Span<UInt8>, _ b: borrowing Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where fold(a[index]) != fold(b[index]) { return false }
        return true
    }

    /// Whether `bytes` is `text` but for the case of ASCII letters; `text` is a lower-case literal.
    package static func equalFolded(_ bytes: borrowing Span<UInt8>, _ text: String) -> Bool {
        guard bytes.count == text.utf8.count else { return false }
        let letters = text.utf8.span
        for index in bytes.indices where fold(bytes[index]) != letters[index] { return false }
        return true
    }
}

extension Grammar {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let blank = UInt8(ascii: " ")

    /// A byte of a token. A name holds no other byte, so the first one that is not of this class decides the name.
    @inline(__always)
    static func isTokenByte(_ byte: UInt8) -> Bool {
        // One bit for each ASCII code: two shifts instead of a table, which would be a global to initialise and check.
        let below64: UInt64 = 0x03ff_6cfa_0000_0000  // !#$%&'*+-. and 0-9
        let above64: UInt64 = 0x57ff_ffff_c7ff_fffe  // A-Z a-z ^_`|~
        let word = byte < 64 ? below64 : above64
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 != 0
    }

    /// A byte of a field value: visible ASCII, blank, tab, or obs-text (RFC 9110 §5.5).
    @inline(__always)
    static func isFieldByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7f || byte == 0x09
    }

    /// A byte of a request target: visible ASCII without `#`, which no client may send (RFC 9112 §3.2).
    @inline(__always)
    static func isTargetByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "#")
    }

    /// Optional white space (RFC 9110 §5.6.3).
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == blank || byte == UInt8(ascii: "\t")
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    /// The value of a hexadecimal digit of either case.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- UInt8(ascii: "0") }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter &+ 10 : nil
    }

    /// ASCII letters in lower case, every other byte as it is.
    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    /// Whether `byte` can stand at `index` of `HTTP/1.1`, whatever the two digits (RFC 9112 §2.3; case-sensitive).
    @inline(__always)
    static func isVersionByte(_ byte: UInt8, at index: Int) -> Bool {
        switch index {
        case 0: byte == UInt8(ascii: "H")
        case 1, 2: byte == UInt8(ascii: "T")
        case 3: byte == UInt8(ascii: "P")
        case 4: byte == UInt8(ascii: "/")
        case 6: byte == UInt8(ascii: ".")
        case 5, 7: isDigit(byte)
        default: false
        }
    }

    /// The length of `HTTP/1.1`.
    static let versionBytes = 8
}
