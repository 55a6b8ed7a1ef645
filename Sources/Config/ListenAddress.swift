/// Where to listen, or where an upstream's server listens.
package enum ListenAddress: Sendable, Hashable {
    /// `host` is an IPv4 address, an IPv6 address without brackets, a name to resolve, or empty: every address.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix socket, resolved against the file that named it.
    case unix(path: String)
}

extension ListenAddress: CustomStringConvertible {
    /// As it would be written in gateway.conf.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
