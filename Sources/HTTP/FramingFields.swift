import Reasons

/// Collects `Content-Length` and `Transfer-Encoding` and refuses every combination that two implementations could read
/// differently (RFC 9112 §6; CVE-2026-2835): at most one of the two, at most once.
struct FramingFields: Sendable {
    /// The most digits a length may have, which are those of `Int64.max`; leading zeros count.
    static let lengthDigitsMax = 19

    private(set) var contentLength: UInt64?
    private(set) var isChunked = false

    mutating func addContentLength(_ value: borrowing Span<UInt8>) throws(Reason) {
        guard contentLength == nil, !isChunked, let length = Self.length(value) else { throw .ambiguousFraming }
        contentLength = length
    }

    /// `chunked` is the only coding that is passed; RFC 9112 §6.1 forbids all of them in HTTP/1.0.
    mutating func addTransferEncoding(_ value: borrowing Span<UInt8>, minorVersion: UInt8) throws(Reason) {
        guard contentLength == nil, !isChunked, minorVersion >= 1, Grammar.equalFolded(value, "chunked") else {
            throw .ambiguousFraming
        }
        isChunked = true
    }

    /// `1*DIGIT` up to `Int.max`: no sign, no list, no blank, and leading zeros only because the value is written anew.
    private static func length(_ value: borrowing Span<UInt8>) -> UInt64? {
        guard !value.isEmpty, value.count <= lengthDigitsMax else { return nil }
        var length: UInt64 = 0
        for index in value.indices {
            guard Grammar.isDigit(value[index]) else { return nil }
            // 19 digits stay below 2^64.
            length = length &* 10 &+ UInt64(value[index] &- UInt8(ascii: "0"))
        }
        return length <= UInt64(Int.max) ? length : nil
    }
}
