import EventLoop

/// A client's connection. While it is idle this is all there is of it: no buffer, no task.
final class ClientConnection {
    /// What it may ask for.
    enum Purpose { case gate, admin }

    let id: Int
    let socket: Socket
    let peer: Peer
    let purpose: Purpose
    /// Requests that have been read from it.
    var requests = 0
    /// The body of the request under way, for the task that uploads it; not nil while a task serves the connection.
    var body: RequestBody?
    /// What was read from it before it came to this core: the beginning of its next request.
    var early: [UInt8] = []
    /// Its task waits for the next request.
    var isLingering = false

    /// Whether no request is under way.
    var isIdle: Bool { body == nil || isLingering }

    init(id: Int, socket: Socket, peer: Peer, purpose: Purpose) {
        self.id = id
        self.socket = socket
        self.peer = peer
        self.purpose = purpose
    }

    func takeEarly() -> [UInt8] {
        defer { early = [] }
        return early
    }
}
