import Accounts
import EventLoop

/// A reload: a core with the new configuration takes over from the one with the old, on the same loop. What is being served
/// finishes where it began; listeners, and connections at rest, change hands at once. No socket notices.
extension Core {
    /// Runs in one piece, so that no connection is in between.
    ///
    /// - Parameter earlier: cores of this loop that came before and still serve: what ends there goes to the newest one, too, and
    ///   never to one that has ended.
    func handOver(to successor: Core, with earlier: [Core]) {
        self.successor = successor
        for core in earlier { core.assumeIsolated { if !$0.isFinished { $0.successor = successor } } }
        isLeaving = true
        let (revoked, readAt) = (tokens.revoked, revocationsReadAt)
        successor.assumeIsolated { $0.inherit(revoked, readAt: readAt) }
        for listener in listeners { successor.receive(listener) { $0.adopt($1, purpose: .gate) } }
        for listener in adminListeners { successor.receive(listener) { $0.adopt($1, purpose: .admin) } }
        listeners = []
        adminListeners = []
        // A task that waits for its next request brings its connection along when it ends. The others are parked, or a wake-up
        // is under way to this core, which sends it on.
        for connection in connections.all where connection.body == nil && !connection.isLingering {
            movedIDs[connection.id] = (successor, successor.assumeIsolated { $0.connections.nextID })
            connections.remove(connection.id)
            successor.receive(connection) { _ = $0.adopt($1) }
        }
        for pool in pools { pool.closeIdle() }
    }

    /// Gives a connection that has just been served to the core that came after this one.
    func move(_ connection: ClientConnection, to successor: Core) {
        connections.remove(connection.id)
        successor.receive(connection) { $0.welcome($1) }
    }

    private func inherit(_ revoked: RevocationSet, readAt: Milliseconds?) {
        tokens.inherit(revoked)
        revocationsReadAt = [revocationsReadAt, readAt].compactMap { $0 }.max()
    }

    private func adopt(_ listener: Listener, purpose: ClientConnection.Purpose) {
        listener.hand(to: self) { core, socket, address in core.accepted(socket, from: address, purpose: purpose) }
        if purpose == .admin { adminListeners.append(listener) } else { listeners.append(listener) }
    }

    /// Takes a connection as it is.
    private func adopt(_ other: ClientConnection) -> ClientConnection {
        let connection = ClientConnection(
            id: connections.nextID, socket: other.socket, peer: Peer(other.peer, trusted: site.trustedProxies),
            purpose: other.purpose)
        connection.requests = other.requests
        connection.early = other.early
        connections.insert(connection)
        wake(by: connection)
        return connection
    }

    /// Takes a connection whose task has ended: it rests, unless its next request is there already.
    private func welcome(_ other: ClientConnection) {
        let connection = adopt(other)
        let id = connection.id
        if connection.early.isEmpty, !connection.socket.mayRead {
            rest(connection)
        } else {
            start { await $0.woken(id, .readable) }
        }
    }

    /// Whether nothing is left to do here.
    var hasHandedOver: Bool {
        successor != nil && connections.count == 0 && pools.allSatisfy { $0.active == 0 }
    }

    /// The end of a core that has handed over everything.
    func finish() {
        isFinished = true
        // One core lives on in tasks that it was started with; those after it must not live on with it.
        successor = nil
        movedIDs = [:]
        for pool in pools { pool.closeIdle() }
        flushLog()
    }
}
