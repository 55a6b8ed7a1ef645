import CLinux

extension EventLoop {
    /// Connects to `address`. Throws `.unreachable` when it refuses, `.timedOut` when it stays silent.
    package func connect(to address: SocketAddress, deadline: Milliseconds) async throws(IOError) -> Socket {
        guard let bytes = address.sockaddr else { throw .unreachable(errno: 36) }
        let descriptor = gh_socket(address.family)
        guard descriptor >= 0 else { throw IOError(result: Int(descriptor)) }
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe gh_connect(descriptor, buffer.baseAddress, UInt32(buffer.count))
        }
        let socket = Socket(descriptor: descriptor, loop: self)
        // A Unix socket whose backlog is full says EAGAIN and never becomes writable: that is a refusal.
        let isPending = Int(result) == resultInProgress
        guard result >= 0 || isPending else {
            throw Int(result) == resultWouldBlock ? .unreachable(errno: 11) : IOError(result: Int(result))
        }
        try register(socket)
        if isPending {
            do {
                try await socket.waitUntilWritable(deadline: deadline)
            } catch {
                socket.close()
                throw error
            }
            let failure = gh_socket_error(descriptor)
            if failure < 0 {
                socket.close()
                throw IOError(result: Int(failure))
            }
        }
        if ring != nil { _ = gh_set_blocking(descriptor) }
        if address.port != nil { gh_no_delay(descriptor) }
        return socket
    }
}
