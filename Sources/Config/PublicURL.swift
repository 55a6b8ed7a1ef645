/// A scheme, a host and a port: the address under which browsers reach the gateway, or the origin of another site.
package struct PublicURL: Sendable, Equatable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: UInt16 { self == .https ? 443 : 80 }
    }

    package var scheme: Scheme
    /// Lower-cased; an IPv6 address keeps its brackets.
    package var host: String
    package var port: UInt16

    package init(scheme: Scheme, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Whether cookies are `Secure` and answers carry Strict-Transport-Security.
    package var isHTTPS: Bool { scheme == .https }

    /// As a browser sends it in `Origin`: without the scheme's own port (RFC 6454 §6.2).
    package var origin: String {
        port == scheme.defaultPort ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }
}

extension PublicURL {
    enum Mistake: Error, Equatable {
        case scheme, host, port
        /// Something follows the port: a path, a query, a user. An origin has none.
        case more
    }

    /// `https://example.com`, `http://localhost:8080/`.
    init(_ text: String) throws(Mistake) {
        var rest = Array(text.utf8)[...]
        let lowered = String(loweringASCII: text)
        if lowered.hasPrefix("https://") {
            scheme = .https
            rest = rest.dropFirst(8)
        } else if lowered.hasPrefix("http://") {
            scheme = .http
            rest = rest.dropFirst(7)
        } else {
            throw .scheme
        }
        if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        if rest.contains(where: { "/?#@".utf8.contains($0) }) { throw .more }
        port = scheme.defaultPort
        var name = rest
        let inBrackets = rest.first == UInt8(ascii: "[")
        let hostEnd =
            inBrackets ? rest.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : rest.firstIndex(of: UInt8(ascii: ":"))
        if inBrackets, hostEnd == nil { throw .host }
        if let hostEnd {
            name = rest[..<hostEnd]
            let behind = rest[hostEnd...]
            if !behind.isEmpty {
                guard behind.first == UInt8(ascii: ":"), let number = ListenAddress.port(behind.dropFirst()), number > 0
                else { throw .port }
                port = number
            }
        }
        host = String(loweringASCII: String(decoding: name, as: UTF8.self))
        if inBrackets {
            guard IPAddress.bytes(of: String(decoding: name.dropFirst().dropLast(), as: UTF8.self))?.count == 16 else {
                throw .host
            }
        } else {
            guard HostName.isNameOrIPv4(host) else { throw .host }
        }
    }
}
