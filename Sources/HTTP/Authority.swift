/// A host with an optional port, as `Host` and absolute-form targets carry it (RFC 3986 §3.2, RFC 9110 §7.2).
///
/// Narrower than the RFC, for what it allows and nobody sends is read differently by different backends: no userinfo,
/// no percent-encoding, no sub-delimiters, no empty label, no empty port.
struct Authority: Sendable {
    /// A name of the DNS has at most 253 bytes, and a dot at its end.
    static let nameBytesMax = 254

    /// Name or address; without the dot that may end a name, with the brackets of an IPv6 address.
    let name: Range<Int>
    /// 1 to 65535; nil when none was written.
    let port: UInt16?

    /// Reads `bytes[range]`; nil when it is not an authority.
    init?(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        guard let first = range.first else { return nil }
        let nameEnd: Int
        if bytes[first] == UInt8(ascii: "[") {
            guard let end = Self.endOfAddress(bytes, range) else { return nil }
            nameEnd = end
            name = first..<end
        } else {
            guard let end = Self.endOfName(bytes, range) else { return nil }
            nameEnd = end
            name = first..<(bytes[end - 1] == UInt8(ascii: ".") ? end - 1 : end)
        }
        if nameEnd == range.upperBound {
            port = nil
        } else {
            guard bytes[nameEnd] == UInt8(ascii: ":"),
                let number = Self.port(bytes.extracting(nameEnd + 1..<range.upperBound))
            else { return nil }
            port = number
        }
    }

    /// Whether both name the same origin server, when `defaultPort` is what a missing port means.
    func equals(_ other: Authority, in bytes: borrowing Span<UInt8>, defaultPort: UInt16) -> Bool {
        (port ?? defaultPort) == (other.port ?? defaultPort)
            && Grammar.equalFolded(bytes.extracting(name), bytes.extracting(other.name))
    }

    /// The end of a registered name or IPv4 address: labels of letters, digits, `-` and `_`, with single dots between.
    private static func endOfName(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        var afterLabel = false
        while at < range.upperBound {
            let byte = bytes[at]
            if byte == UInt8(ascii: ".") {
                guard afterLabel else { return nil }
                afterLabel = false
            } else if Grammar.isLetter(byte) || Grammar.isDigit(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
            {
                afterLabel = true
            } else {
                break
            }
            at += 1
        }
        // A lone dot was refused above, so something stands before a dot at the end.
        return at > range.lowerBound && at - range.lowerBound <= nameBytesMax ? at : nil
    }

    /// The end of `[address]`, behind the bracket.
    private static func endOfAddress(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        var at = range.lowerBound + 1
        while at < range.upperBound, bytes[at] != UInt8(ascii: "]") { at += 1 }
        guard at < range.upperBound, isIPv6(bytes.extracting(range.lowerBound + 1..<at)) else { return nil }
        return at + 1
    }

    /// RFC 3986 §3.2.2 `IPv6address`: eight groups, a run of which may be `::`, the last two may be an IPv4 address.
    /// No zone.
    private static func isIPv6(_ text: borrowing Span<UInt8>) -> Bool {
        var groups = 0
        var isShortened = false
        var at = 0
        while at < text.count {
            if text[at] == UInt8(ascii: ":") {
                if at + 1 < text.count, text[at + 1] == UInt8(ascii: ":") {
                    guard !isShortened else { return false }
                    isShortened = true
                    at += 2
                    if at == text.count { break }
                } else {
                    guard groups > 0 else { return false }
                    at += 1
                }
            } else if groups > 0 {
                return false
            }
            let start = at
            while at < text.count, Grammar.hexValue(text[at]) != nil { at += 1 }
            if at < text.count, text[at] == UInt8(ascii: ".") {
                groups += 2
                guard isIPv4(text.extracting(start..<text.count)) else { return false }
                at = text.count
            } else {
                groups += 1
                guard at > start, at - start <= 4 else { return false }
            }
            guard groups <= 8 else { return false }
        }
        // `::` stands for one group or more.
        return isShortened ? groups < 8 : groups == 8
    }

    private static func isIPv4(_ text: borrowing Span<UInt8>) -> Bool {
        var parts = 0
        var at = 0
        while at < text.count {
            if parts > 0 {
                guard text[at] == UInt8(ascii: ".") else { return false }
                at += 1
            }
            let start = at
            var value = 0
            while at < text.count, at - start < 3, Grammar.isDigit(text[at]) {
                value = value * 10 + Int(text[at] &- UInt8(ascii: "0"))
                at += 1
            }
            parts += 1
            guard at > start, value <= 255, parts <= 4 else { return false }
        }
        return parts == 4
    }

    private static func port(_ digits: borrowing Span<UInt8>) -> UInt16? {
        guard !digits.isEmpty, digits.count <= 5 else { return nil }
        var value = 0
        for index in digits.indices {
            guard Grammar.isDigit(digits[index]) else { return nil }
            value = value * 10 + Int(digits[index] &- UInt8(ascii: "0"))
        }
        return value > 0 ? UInt16(exactly: value) : nil
    }
}
