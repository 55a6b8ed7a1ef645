/// Where to listen, or where an upstream's server listens.
package enum ListenAddress: Sendable, Hashable {
    /// `host` is an IPv4 address, an IPv6 address without brackets, a name to resolve, or empty: every address.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix socket, resolved against the file that named it.
    case unix(path: String)

    /// Whether only processes of this machine can connect.
    package var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _):
            if let bytes = IPAddress.bytes(of: host) {
                bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
            } else {
                String(loweringASCII: host) == "localhost"
            }
        }
    }
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

extension ListenAddress {
    /// Why a text is no address; the cases carry what a message can suggest.
    enum Mistake: Error, Equatable {
        case scheme, portMissing, badPort, badHost, bracketsMissing, hostMissing, badSocketPath
    }

    /// The longest path that fits into `sun_path` with its closing zero (unix(7)).
    private static let socketPathMax = 107

    /// - Parameter file: what a relative socket path is relative to.
    /// - Parameter allowsAnyHost: whether `:PORT` is an address (to listen on) or not (to connect to).
    /// - Parameter allowsAnyPort: whether port 0 (the system chooses one) is an address.
    init(_ text: String, relativeTo file: String, allowsAnyHost: Bool, allowsAnyPort: Bool) throws(Mistake) {
        let bytes = Array(text.utf8)
        if bytes.starts(with: "unix:".utf8) {
            let path = String(decoding: bytes.dropFirst(5), as: UTF8.self)
            let resolved = FilePath.resolved(path, against: file)
            guard !path.isEmpty, resolved.utf8.count <= Self.socketPathMax else { throw .badSocketPath }
            self = .unix(path: resolved)
            return
        }
        if text.contains("://") { throw .scheme }
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { throw .portMissing }
        var host = bytes[..<colon]
        let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
        if isBracketed {
            host = host.dropFirst().dropLast()
        } else if host.contains(UInt8(ascii: ":")) {
            // `::1` and `::1:8080` cannot be told apart without brackets.
            throw IPAddress.bytes(of: text) != nil || host.first != UInt8(ascii: "[") ? .bracketsMissing : .portMissing
        }
        guard let port = Self.port(bytes[(colon + 1)...]), port > 0 || allowsAnyPort else { throw .badPort }
        let name = String(decoding: host, as: UTF8.self)
        if host.isEmpty, !isBracketed {
            guard allowsAnyHost else { throw .hostMissing }
        } else if isBracketed {
            guard IPAddress.bytes(of: name)?.count == 16 else { throw .badHost }
        } else {
            guard HostName.isNameOrIPv4(name) else { throw .badHost }
        }
        self = .tcp(host: name, port: port)
    }

    /// A decimal number up to 65535 without sign or leading zeros.
    static func port(_ digits: some Collection<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isDigit),
            digits.count == 1 || digits.first != 0x30
        else { return nil }
        return UInt16(exactly: digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
}
