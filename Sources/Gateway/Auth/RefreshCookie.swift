/// The cookie that carries the refresh token. Its name follows the scheme of the public URL: `__Secure-` makes a browser
/// refuse one that was set over plain http (RFC 6265bis §4.1.3.1), and exists only on https.
package struct RefreshCookie: Sendable {
    /// Both names are ours: kept from upstreams, and an upstream's `Set-Cookie` for either is dropped.
    package static let names = ["refresh_token", "__Secure-refresh_token"]

    /// The one name that is read and set.
    package let name: String
    private let isHTTPS: Bool

    package init(isHTTPS: Bool) {
        self.isHTTPS = isHTTPS
        name = isHTTPS ? "__Secure-refresh_token" : "refresh_token"
    }

    /// What the `Cookie` lines of a request say.
    package enum Found: Sendable, Equatable {
        case none
        /// The value, without quotes around it; possibly empty, possibly junk.
        case one([UInt8])
        /// Two different values: one was planted, say by a sibling domain, and nobody can tell which.
        case ambiguous
    }

    /// Reads `cookie-name=value` pairs (RFC 6265 §4.2.1), leniently about blanks, strictly about the name: cookie names
    /// are compared with case.
    package func find(in cookies: [[UInt8]]) -> Found {
        var found: [UInt8]? = nil
        for line in cookies {
            for pair in line.split(separator: UInt8(ascii: ";")) {
                let pair = trimmed(pair)
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                    trimmed(pair[..<equals]).elementsEqual(name.utf8)
                else { continue }
                let value = Array(unquoted(trimmed(pair[(equals + 1)...])))
                if let found, found != value { return .ambiguous }
                found = value
            }
        }
        return found.map(Found.one) ?? .none
    }

    /// The `Set-Cookie` value that hands over `token` for `seconds`.
    package func set(_ token: String, seconds: Int64) -> String {
        "\(name)=\(token); Max-Age=\(max(0, seconds)); \(attributes)"
    }

    /// The `Set-Cookie` value that makes the browser forget it: same name, same path.
    package var clear: String { "\(name)=; Max-Age=0; \(attributes)" }

    private var attributes: String { "Path=/api/auth; HttpOnly; SameSite=Strict\(isHTTPS ? "; Secure" : "")" }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        return bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()[...]
    }

    private func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        return bytes.dropFirst().dropLast()
    }
}
