import HTTP
import Reasons

/// The cookie that carries the access token, under `access-cookie on`: for backends that serve pages, whose browsers send
/// no `Authorization`. `__Host-` makes a browser refuse one that another host of the domain, or plain http, wants to set
/// (RFC 6265bis §4.1.3.2).
package struct AccessCookie: Sendable {
    /// Both names are ours: kept from upstreams, and an upstream's `Set-Cookie` for either is dropped.
    package static let names = ["access_token", "__Host-access_token"]

    /// The one name that is read and set.
    package let name: String
    private let nameBytes: [UInt8]
    private let isHTTPS: Bool

    package init(isHTTPS: Bool) {
        self.isHTTPS = isHTTPS
        name = Self.names[isHTTPS ? 1 : 0]
        nameBytes = Array(name.utf8)
    }

    /// The token's place in the head; nil when there is none. An empty one counts as none: that is a cookie that was
    /// cleared.
    ///
    /// - Throws: `.ambiguousCookie` for two with different values: one was planted, and nobody can tell which.
    func find(in head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) throws(Reason) -> Range<Int>? {
        guard head.has(.cookie) else { return nil }
        var found: Range<Int>?
        for index in 0..<head.fieldCount where head.field(at: index).known == .cookie {
            let line = head.field(at: index).value
            var start = line.lowerBound
            while start < line.upperBound {
                var end = start
                while end < line.upperBound, bytes[end] != UInt8(ascii: ";") { end += 1 }
                if let value = value(of: bytes, start..<end) {
                    if let found, !Self.areEqual(bytes, found, value) { throw .ambiguousCookie }
                    found = value
                }
                start = end + 1
            }
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The `Set-Cookie` value that hands over `token` for `seconds`. Lax: a link from another site shows its page signed in.
    func set(_ token: String, seconds: Int64) -> String {
        "\(name)=\(token); Max-Age=\(max(0, seconds)); \(attributes)"
    }

    /// The `Set-Cookie` value that makes the browser forget it.
    var clear: String { "\(name)=; Max-Age=0; \(attributes)" }

    private var attributes: String { "Path=/; HttpOnly; SameSite=Lax\(isHTTPS ? "; Secure" : "")" }

    /// The value of a pair with our name, without blanks and quotes around it.
    private func value(of bytes: borrowing Span<UInt8>, _ pair: Range<Int>) -> Range<Int>? {
        var equals = pair.lowerBound
        while equals < pair.upperBound, bytes[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < pair.upperBound else { return nil }
        let key = Self.trimmed(bytes, pair.lowerBound..<equals)
        guard key.count == nameBytes.count else { return nil }
        for index in 0..<key.count where bytes[key.lowerBound + index] != nameBytes[index] { return nil }
        let value = Self.trimmed(bytes, (equals + 1)..<pair.upperBound)
        let quote = UInt8(ascii: "\"")
        guard value.count >= 2, bytes[value.lowerBound] == quote, bytes[value.upperBound - 1] == quote else {
            return value
        }
        return (value.lowerBound + 1)..<(value.upperBound - 1)
    }

    private static func trimmed(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, bytes[lower] == 0x20 || bytes[lower] == 0x09 { lower += 1 }
        while upper > lower, bytes[upper - 1] == 0x20 || bytes[upper - 1] == 0x09 { upper -= 1 }
        return lower..<upper
    }

    static func areEqual(_ bytes: borrowing Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where bytes[left.lowerBound + index] != bytes[right.lowerBound + index] {
            return false
        }
        return true
    }
}
