/// The address under which browsers reach the gateway.
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
