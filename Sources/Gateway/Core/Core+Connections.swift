import EventLoop
import Reasons

/// From a new connection to a task that serves it, and back to rest.
extension Core {
    /// Starts accepting on this core.
    func listen(_ listening: consuming ListeningDescriptor, purpose: ClientConnection.Purpose) throws(IOError) {
        let listener = try Listener(listening, for: self) { core, socket, address in
            core.accepted(socket, from: address, purpose: purpose)
        }
        if purpose == .admin { adminListeners.append(listener) } else { listeners.append(listener) }
    }

    func accepted(_ socket: Socket, from address: SocketAddress, purpose: ClientConnection.Purpose) {
        let id = connections.nextID
        let connection = ClientConnection(
            id: id, socket: socket, peer: Peer(address, trusted: site.trustedProxies), purpose: purpose)
        connections.insert(connection)
        metrics.countConnectionAccepted()
        wake(by: connection)
        // The first byte must come within the time for a whole head.
        socket.park(deadline: loop.deadline(after: site.timeouts.head))
    }

    /// Has the connection's task started when something arrives on it.
    func wake(by connection: ClientConnection) {
        let id = connection.id
        connection.socket.onWake = { [unowned self] wake in
            start { await $0.woken(id, wake) }
        }
    }

    func woken(_ id: Int, _ wake: Socket.Wake) async {
        if isLeaving, let moved = movedIDs.removeValue(forKey: id) { return await moved.core.woken(moved.id, wake) }
        guard let connection = connections[id], connection.body == nil else { return }
        switch wake {
        case .timedOut: close(connection)
        case .readable: await serve(connection)
        }
    }

    /// Leaves a connection to the loop until its next request.
    func rest(_ connection: ClientConnection) {
        connection.socket.park(deadline: loop.deadline(after: site.timeouts.keepAlive))
    }

    func close(_ connection: ClientConnection) {
        connection.socket.close()
        connections.remove(connection.id)
    }

    /// Waits until what was sent has gone.
    ///
    /// - Returns: whether it has; otherwise the connection is of no use any more.
    @discardableResult
    func flush(_ connection: ClientConnection) async -> Bool {
        do throws(IOError) {
            try await connection.socket.sent(stall: site.timeouts.bodyIdle)
            return true
        } catch {
            return false
        }
    }

    func closeFlushed(_ connection: ClientConnection) async {
        await flush(connection)
        close(connection)
    }

    /// Closes after an answer while the client may still be sending.
    ///
    /// Closing a socket with unread bytes resets the connection, and the reset can overtake the answer (RFC 9112 §9.6):
    /// so the sending side is closed first and what still comes is thrown away, within bounds.
    func closeLingering(_ connection: ClientConnection, _ scratch: Buffer) async {
        await flush(connection)
        connection.socket.shutdownWrite()
        let deadline = loop.deadline(after: Self.lingerMilliseconds)
        var thrownAway = 0
        scratch.removeAll()
        while thrownAway < Self.lingerBytesMax,
            let count = try? await connection.socket.receive(into: scratch, deadline: deadline), count > 0
        {
            thrownAway += count
            scratch.removeAll()
        }
        close(connection)
    }

    private static let lingerMilliseconds: Milliseconds = 1000
    private static let lingerBytesMax = 1 << 20
}
