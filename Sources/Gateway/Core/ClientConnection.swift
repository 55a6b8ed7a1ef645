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
    /// The exchange under way, for the task that uploads the body beside the one that serves the request.
    var exchange: Exchange?

    init(id: Int, socket: Socket, peer: Peer, purpose: Purpose) {
        self.id = id
        self.socket = socket
        self.peer = peer
        self.purpose = purpose
    }
}

/// Values by small numbers that are used again.
struct Slab<Element> {
    private var elements: [Element?] = []
    private var free: [Int] = []
    private(set) var count = 0

    /// The number that the next `insert` will give.
    var nextID: Int { free.last ?? elements.count }

    subscript(id: Int) -> Element? { elements.indices.contains(id) ? elements[id] : nil }

    var all: [Element] { elements.compactMap { $0 } }

    mutating func insert(_ element: Element) {
        count += 1
        if let id = free.popLast() { elements[id] = element } else { elements.append(element) }
    }

    mutating func remove(_ id: Int) {
        guard elements.indices.contains(id), elements[id] != nil else { return }
        elements[id] = nil
        free.append(id)
        count -= 1
    }
}
