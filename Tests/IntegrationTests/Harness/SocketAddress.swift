import Foundation

/// Where a socket listens. Ports are always chosen by the kernel.
enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    case ipv4(port: UInt16)
    case ipv6(port: UInt16)
    case unix(path: String)

    var port: UInt16 {
        switch self {
        case .ipv4(let port), .ipv6(let port): port
        case .unix: 0
        }
    }

    /// As a `listen` or `server` directive writes it.
    var description: String {
        switch self {
        case .ipv4(let port): "127.0.0.1:\(port)"
        case .ipv6(let port): "[::1]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Reads what the gateway writes in its log: `127.0.0.1:8080`, `[::1]:8080` or `unix:/path`.
    init(parsing text: some StringProtocol) throws {
        if text.hasPrefix("unix:") {
            self = .unix(path: String(text.dropFirst(5)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Failure("not an address: \(text)")
        }
        self = text.hasPrefix("[") ? .ipv6(port: port) : .ipv4(port: port)
    }

    /// Calls `body` with the address as the kernel wants it.
    func withRaw<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        func call<Raw>(_ raw: Raw) -> T {
            withUnsafePointer(to: raw) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Raw>.size))
                }
            }
        }
        switch self {
        case .ipv4(let port):
            var raw = sockaddr_in()
            raw.sin_family = sa_family_t(AF_INET)
            raw.sin_port = port.bigEndian
            raw.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return call(raw)
        case .ipv6(let port):
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            raw.sin6_port = port.bigEndian
            raw.sin6_addr = in6addr_loopback
            return call(raw)
        case .unix(let path):
            var raw = sockaddr_un()
            raw.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &raw.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            return call(raw)
        }
    }
}
