import CLinux
import Glibc

/// A listening socket that can be moved to the loop that will serve it.
package struct ListeningDescriptor: ~Copyable, Sendable {
    fileprivate let descriptor: OwnedDescriptor
    /// The bound address, with the port that the kernel chose when it was asked for port 0.
    package let address: SocketAddress

    /// Binds and listens. `sharesPort` sets SO_REUSEPORT: one listener a core, connections spread by the kernel.
    package init(binding address: SocketAddress, sharesPort: Bool, backlog: Int32 = 4096) throws(IOError) {
        guard let bytes = address.sockaddr else { throw .system(errno: 36) }
        var result = Self.bind(address, bytes, sharesPort: sharesPort, backlog: backlog)
        // A socket file that a killed process left behind: nobody listens on it, so it may go.
        if case .unix(let path) = address, result == -98, Self.isAbandoned(address, bytes) {
            unsafe unlink(path)
            result = Self.bind(address, bytes, sharesPort: sharesPort, backlog: backlog)
        }
        guard result >= 0 else { throw .system(errno: 0 - result) }
        descriptor = OwnedDescriptor(raw: result)
        self.address = Self.localAddress(of: result) ?? address
    }

    private static func bind(_ address: SocketAddress, _ bytes: [UInt8], sharesPort: Bool, backlog: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe gh_bind_listen(
                address.family, buffer.baseAddress, UInt32(buffer.count), sharesPort ? 1 : 0, backlog)
        }
    }

    /// Whether a connect is refused. A file that is no socket refuses too, so it is looked at first.
    private static func isAbandoned(_ address: SocketAddress, _ bytes: [UInt8]) -> Bool {
        guard case .unix(let path) = address else { return false }
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        // The ring of a killed process keeps its sockets for a moment after the process has gone, and they still take
        // connections: one answer is not believed.
        for attempt in 1...Self.probesMax {
            if refuses(address, bytes) { return true }
            if attempt < Self.probesMax { usleep(Self.probeMicroseconds) }
        }
        return false
    }

    /// A second in all, at the start of the process only.
    private static let probesMax = 20
    private static let probeMicroseconds: UInt32 = 50_000

    private static func refuses(_ address: SocketAddress, _ bytes: [UInt8]) -> Bool {
        let probe = gh_socket(address.family)
        guard probe >= 0 else { return false }
        defer { gh_close(probe) }
        return unsafe bytes.withUnsafeBytes { unsafe gh_connect(probe, $0.baseAddress, UInt32($0.count)) } == -111
    }

    private static func localAddress(of descriptor: Int32) -> SocketAddress? {
        var bytes = [UInt8](repeating: 0, count: SocketAddress.sockaddrBytesMax)
        var length = UInt32(bytes.count)
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe gh_local_address(descriptor, buffer.baseAddress, &length)
        }
        return result >= 0 ? SocketAddress(sockaddr: Array(bytes.prefix(Int(length)))) : nil
    }
}

/// A descriptor with one owner: closed once, by whoever has it last.
struct OwnedDescriptor: ~Copyable, Sendable {
    let raw: Int32

    deinit { gh_close(raw) }

    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }
}

/// Accepts connections on one loop.
package final class Listener {
    private let socket: Socket
    private let loop: EventLoop
    private var onAccept: (Socket, SocketAddress) -> Void
    private let isInternet: Bool
    /// The file of a Unix socket.
    private let path: String?

    /// How many connections are taken in one turn of the loop, so that a flood of them does not starve those that are
    /// open.
    private static let acceptsPerTurnMax = 64
    /// How long accepting rests when the process has no descriptor left: without a rest the level-triggered listener
    /// would spin.
    private static let restMilliseconds: Milliseconds = 100

    /// Accepts on the loop of `resident`, which must outlive the listener; `onAccept` is called there, outside of any
    /// task.
    package init<Resident: LoopResident>(
        _ listening: consuming ListeningDescriptor, for resident: Resident,
        onAccept: @escaping @Sendable (isolated Resident, Socket, SocketAddress) -> Void
    ) throws(IOError) {
        let loop = resident.loop
        isInternet = listening.address.port != nil
        path = if case .unix(let path) = listening.address { path } else { nil }
        socket = Socket(descriptor: listening.descriptor.release(), loop: loop)
        self.loop = loop
        self.onAccept = { [unowned resident] socket, address in
            resident.receive(socket) { onAccept($0, $1, address) }
        }
        try loop.register(socket, isListener: true)
        waitForConnections()
    }

    /// From now on connections go to another resident of the same loop.
    package func hand<Resident: LoopResident>(
        to resident: Resident, onAccept: @escaping @Sendable (isolated Resident, Socket, SocketAddress) -> Void
    ) {
        self.onAccept = { [unowned resident] socket, address in
            resident.receive(socket) { onAccept($0, $1, address) }
        }
    }

    /// Stops listening; accepted connections live on. The file of a Unix socket goes first: between the two, another
    /// process could take it for abandoned and put its own in its place.
    package func close() {
        if let path, !socket.isClosed { unsafe unlink(path) }
        socket.close()
    }

    private func waitForConnections() {
        socket.onWake = { [weak self] wake in self?.woken(wake) }
        socket.park(deadline: .max)
    }

    private func woken(_ wake: Socket.Wake) {
        if wake == .timedOut { loop.resumePolling(socket) }
        for _ in 0..<Self.acceptsPerTurnMax {
            var address = [UInt8](repeating: 0, count: SocketAddress.sockaddrBytesMax)
            var length = UInt32(address.count)
            let result = unsafe address.withUnsafeMutableBytes { buffer in
                unsafe gh_accept(socket.descriptor, buffer.baseAddress, &length, loop.ring == nil ? 1 : 0)
            }
            guard result >= 0 else {
                if case .outOfDescriptors = IOError(result: Int(result)) {
                    loop.pausePolling(socket)
                    socket.park(deadline: MonotonicClock.milliseconds + Self.restMilliseconds)
                    return
                }
                break
            }
            if isInternet { gh_no_delay(result) }
            let connection = Socket(descriptor: result, loop: loop)
            // A failure here closes the connection: the socket owns the descriptor.
            guard (try? loop.register(connection)) != nil else { continue }
            let peer = SocketAddress(sockaddr: Array(address.prefix(Int(length)))) ?? .unix(path: "")
            onAccept(connection, peer)
        }
        socket.park(deadline: .max)
    }
}
