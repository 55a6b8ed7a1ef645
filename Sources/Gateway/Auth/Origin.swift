/// A web origin (RFC 6454 §4) in one spelling: scheme and host lowered, the port always there.
package struct Origin: Sendable, Hashable {
    /// What is longer is no origin that anybody configured.
    package static let bytesMax = 512

    let scheme: [UInt8]
    let authority: Authority

    /// From the bytes of an `Origin` field or of a `cors` word: `scheme://host[:port]` and nothing else. Nil for `null`,
    /// for a path, for user information, for anything unclear.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count <= Self.bytesMax, let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[colon...].starts(with: Array("://".utf8))
        else { return nil }
        let scheme = bytes[..<colon].map(asciiLowered)
        guard scheme.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }),
            let authority = Authority(bytes[(colon + 3)...], defaultPort: Self.defaultPort(of: scheme))
        else { return nil }
        self.scheme = scheme
        self.authority = authority
    }

    /// From a URL: the same, with a path allowed behind it.
    package init?(url: String) {
        let bytes = Array(url.utf8)
        let slashes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }
        self.init(slashes.count > 2 ? bytes[..<slashes[2]] : bytes[...])
    }

    /// Whether a request with this `Host` field went to this origin's host and port. A `Host` has no scheme, so its
    /// missing port is read as this origin's own default.
    package func hasHost(_ host: [UInt8]) -> Bool {
        Authority(host[...], defaultPort: Self.defaultPort(of: scheme)) == authority
    }

    private static func defaultPort(of scheme: [UInt8]) -> UInt16? {
        if scheme == Array("http".utf8) { return 80 }
        return scheme == Array("https".utf8) ? 443 : nil
    }
}

/// `host[:port]` (RFC 3986 §3.2.2, §3.2.3) without user information.
struct Authority: Sendable, Hashable {
    let host: [UInt8]
    let port: UInt16

    init?(_ bytes: ArraySlice<UInt8>, defaultPort: UInt16?) {
        var host = bytes
        var digits: ArraySlice<UInt8>? = nil
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), bytes.last != UInt8(ascii: "]") {
            host = bytes[..<colon]
            digits = bytes[(colon + 1)...]
        }
        guard Self.isHost(host), let port = digits.map(Self.number) ?? defaultPort else { return nil }
        self.host = host.map(asciiLowered)
        self.port = port
    }

    private static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            return host.count > 2 && host.dropFirst().dropLast().allSatisfy { isHex($0) || $0 == 0x3A || $0 == 0x2E }
        }
        return !host.isEmpty
            && host.allSatisfy { byte in
                let low = asciiLowered(byte)
                return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(low) || isDigit(byte)
                    || "-._~".utf8.contains(byte)
            }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        let value = digits.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }
        return UInt16(exactly: value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(asciiLowered(byte))
    }
}

/// ASCII only: what is beyond it is compared as it is.
func asciiLowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
