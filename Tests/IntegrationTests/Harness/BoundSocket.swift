import Foundation

/// A socket that has its address, on a port the kernel chose, and does not listen yet: a connection to it is refused.
///
/// Nobody else can take the port while this value lives.
final class BoundSocket: Sendable {
    let address: SocketAddress
    let descriptor: Int32

    /// - Parameter wanted: `.ipv4(port: 0)` unless a test needs another family, or a port it had before.
    init(_ wanted: SocketAddress = .ipv4(port: 0)) throws {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(wanted.family, type, 0)
        guard descriptor >= 0 else { throw Failure.kernel("socket") }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard wanted.withRaw({ bind(descriptor, $0, $1) }) == 0 else {
            let failure = Failure.kernel("bind \(wanted)")
            close(descriptor)
            throw failure
        }
        self.descriptor = descriptor
        address = Self.bound(descriptor, wanted)
    }

    deinit { close(descriptor) }

    private static func bound(_ descriptor: Int32, _ wanted: SocketAddress) -> SocketAddress {
        var raw = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &raw) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        // The port lies at the same place in `sockaddr_in` and `sockaddr_in6`.
        let port = UInt16(bigEndian: raw.sin6_port)
        return switch wanted {
        case .ipv4: .ipv4(port: port)
        case .ipv6: .ipv6(port: port)
        case .unix: wanted
        }
    }
}
