import Foundation

/// One stream socket, with a deadline on everything it does.
final class WireSocket: @unchecked Sendable {
    private let descriptor: Int32
    private let lock = NSLock()
    private var isOpen = true
    private var isResting = false

    /// Takes over a connected descriptor.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        if descriptor >= 0 {
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// - Parameter receiveBufferBytes: a small kernel buffer makes a slow reader felt soon.
    convenience init(connectingTo address: SocketAddress, receiveBufferBytes: Int32? = nil) throws {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.kernel("socket") }
        if var receiveBufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        // On loopback a connect is answered by the kernel at once: refused, or in the listen queue.
        guard address.withRaw({ connect(descriptor, $0, $1) }) == 0 else {
            let failure = Failure.kernel("connect to \(address)")
            Glibc.close(descriptor)
            throw failure
        }
        self.init(adopting: descriptor)
    }

    func send(_ bytes: some Collection<UInt8>, by deadline: Deadline = .soon) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress! + sent, buffer.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try waitUntil(POLLOUT, by: deadline, "room to send")
            } else if errno != EINTR {
                throw Failure.kernel("send")
            }
        }
    }

    /// What arrives next: nil when the other side has finished, or has reset the connection.
    func receive(atMost count: Int = 65536, by deadline: Deadline = .soon) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        while true {
            let received = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if received > 0 { return Array(buffer[..<received]) }
            if received == 0 { return nil }
            switch errno {
            case EINTR: continue
            case EAGAIN: try waitUntil(POLLIN, by: deadline, "bytes")
            case ECONNRESET, EPIPE: return nil
            default: throw Failure.kernel("recv")
            }
        }
    }

    /// Whether bytes, or the end, have arrived and not been read yet. Does not wait.
    var hasSomethingToRead: Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) > 0
    }

    /// Waits for the first byte, or the end, of something new.
    func rest(by deadline: Deadline) {
        lock.withLock { isResting = true }
        try? waitUntil(POLLIN, by: deadline, "bytes")
        lock.withLock { isResting = false }
    }

    /// Whether its thread is in `rest` with nothing to wake it.
    var isQuiet: Bool { lock.withLock { isResting && !hasSomethingToRead } }

    private func waitUntil(_ event: Int32, by deadline: Deadline, _ what: String) throws {
        var one = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        let ready = poll(&one, 1, deadline.millisecondsLeft)
        if ready == 0 { throw Failure("no \(what) in time") }
        if ready < 0 && errno != EINTR { throw Failure.kernel("poll") }
    }

    /// Says that nothing more will be sent; reading goes on.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Wakes whoever reads or writes, from any thread.
    func interrupt() {
        lock.withLock {
            if isOpen { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        lock.withLock {
            if isOpen { Glibc.close(descriptor) }
            isOpen = false
        }
    }

    deinit { close() }
}

extension Failure {
    /// The last call into the kernel failed.
    static func kernel(_ call: String) -> Failure {
        Failure("\(call): \(String(cString: strerror(errno)))")
    }
}
