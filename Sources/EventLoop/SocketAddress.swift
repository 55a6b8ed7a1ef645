import Glibc

/// Where a socket listens or connects to: an IPv4 or IPv6 address with a port, or a Unix path.
package enum SocketAddress: Sendable, Hashable {
    /// Four bytes in network order.
    case v4([UInt8], port: UInt16)
    /// Sixteen bytes in network order.
    case v6([UInt8], port: UInt16, scope: UInt32)
    case unix(path: String)

    package enum ResolutionError: Error, Sendable {
        /// The resolver's own words.
        case failed(String)
    }

    /// The addresses of a host name or of an address in text. Blocks: only while a configuration is loaded.
    package static func resolve(host: String, port: UInt16) throws(ResolutionError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        // A literal address must work where no interface of its family is up, loopback included.
        if host.contains(":") || host.allSatisfy({ $0 == "." || $0.isNumber }) {
            unsafe hints.ai_flags = AI_NUMERICHOST
        }
        var list: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, nil, &hints, &list)
        guard result == 0 else { throw .failed(unsafe String(cString: gai_strerror(result))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            let info = unsafe entry.pointee
            let raw = unsafe UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
            if let address = unsafe SocketAddress(sockaddr: Array(raw))?.with(port: port), !addresses.contains(address)
            {
                addresses.append(address)
            }
            unsafe next = info.ai_next
        }
        guard !addresses.isEmpty else { throw .failed("the name has no IPv4 or IPv6 address") }
        return addresses
    }

    /// An IPv4 or IPv6 address in text, without a port; nil for anything else. Asks no resolver.
    package init?(numericHost text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
            self = .v4(Array(bytes.prefix(4)), port: 0)
        } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
            self = .v6(bytes, port: 0, scope: 0)
        } else {
            return nil
        }
    }

    package func with(port: UInt16) -> SocketAddress {
        switch self {
        case .v4(let bytes, _): .v4(bytes, port: port)
        case .v6(let bytes, _, let scope): .v6(bytes, port: port, scope: scope)
        case .unix: self
        }
    }

    package var port: UInt16? {
        switch self {
        case .v4(_, let port), .v6(_, let port, _): port
        case .unix: nil
        }
    }

    /// The address without its port, as four or sixteen bytes; an IPv4 address mapped into IPv6 is given as IPv4. Empty
    /// for a Unix path.
    package var addressBytes: [UInt8] {
        switch self {
        case .v4(let bytes, _): bytes
        case .v6(let bytes, _, _):
            bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
                ? Array(bytes[12...]) : bytes
        case .unix: []
        }
    }

    /// The address without its port in text (RFC 5952 for IPv6), `unix` for a Unix path.
    package var hostText: String {
        let bytes = addressBytes
        guard !bytes.isEmpty else { return "unix" }
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = unsafe bytes.withUnsafeBytes { source in
            unsafe inet_ntop(AF_INET6, source.baseAddress, &text, socklen_t(INET6_ADDRSTRLEN)) != nil
        }
        guard isWritten else { return "unknown" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension SocketAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v4(_, let port): "\(hostText):\(port)"
        case .v6(_, let port, _): "[\(hostText)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

// `struct sockaddr` in bytes: family (host order), then what the family says. Composed here so that no pointer is cast.
extension SocketAddress {
    /// Longer than any `sockaddr` we meet.
    static let sockaddrBytesMax = 128

    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// The bytes for `bind` and `connect`; nil for a Unix path that does not fit (107 bytes).
    var sockaddr: [UInt8]? {
        func native<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value.littleEndian >> T($0 * 8)) }
        }
        func network(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xFF)] }
        let head = native(UInt16(truncatingIfNeeded: family))
        switch self {
        case .v4(let bytes, let port):
            return head + network(port) + bytes + [UInt8](repeating: 0, count: 8)
        case .v6(let bytes, let port, let scope):
            return head + network(port) + [0, 0, 0, 0] + bytes + native(scope)
        case .unix(let path):
            let bytes = Array(path.utf8)
            guard bytes.count < 108, !bytes.contains(0) else { return nil }
            return head + bytes + [0]
        }
    }

    init?(sockaddr bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        switch Int32(bytes[0]) | Int32(bytes[1]) << 8 {
        case AF_INET where bytes.count >= 8:
            self = .v4(Array(bytes[4..<8]), port: UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
        case AF_INET6 where bytes.count >= 28:
            let scope = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[24 + $1]) << UInt32($1 * 8) }
            self = .v6(Array(bytes[8..<24]), port: UInt16(bytes[2]) << 8 | UInt16(bytes[3]), scope: scope)
        case AF_UNIX:
            self = .unix(path: String(decoding: bytes[2...].prefix { $0 != 0 }, as: UTF8.self))
        default:
            return nil
        }
    }
}
