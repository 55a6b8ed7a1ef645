import Foundation

/// A listening socket with a thread for every connection.
final class Listener: @unchecked Sendable {
    var address: SocketAddress { bound.address }
    private let bound: BoundSocket
    private let lock = NSLock()
    private var open: [ObjectIdentifier: WireSocket] = [:]
    private var accepted = 0
    private var isStopped = false

    var connectionsAccepted: Int { lock.withLock { accepted } }

    /// Whether every connection waits for the first byte of something new.
    var isQuiet: Bool { lock.withLock { open.values.allSatisfy(\.isQuiet) } }

    /// - Parameter serve: called on a thread of its own for each connection, with the connection's number from 1.
    init(
        on wanted: SocketAddress = .ipv4(port: 0), backlog: Int32 = 512,
        serve: @escaping @Sendable (WireSocket, Int) -> Void
    ) throws {
        bound = try BoundSocket(wanted)
        guard listen(bound.descriptor, backlog) == 0 else { throw Failure.kernel("listen") }
        Thread.detachNewThread { self.acceptLoop(serve) }
    }

    private func acceptLoop(_ serve: @escaping @Sendable (WireSocket, Int) -> Void) {
        while true {
            var waiting = pollfd(fd: bound.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, -1) > 0 else { continue }
            let descriptor = Inheritance.withheld({ accept(bound.descriptor, nil, nil) }, { [$0] })
            if descriptor < 0 {
                if [EINTR, EAGAIN, ECONNABORTED].contains(errno) { continue }
                return
            }
            let socket = WireSocket(adopting: descriptor)
            let number = lock.withLock { () -> Int? in
                guard !isStopped else { return nil }
                accepted += 1
                open[ObjectIdentifier(socket)] = socket
                return accepted
            }
            guard let number else {
                socket.reset()
                continue
            }
            Thread.detachNewThread {
                serve(socket, number)
                socket.close()
                self.lock.withLock { self.open[ObjectIdentifier(socket)] = nil }
            }
        }
    }

    /// Stops listening and ends every connection.
    func stop() {
        let sockets: [WireSocket] = lock.withLock {
            guard !isStopped else { return [] }
            isStopped = true
            return Array(open.values)
        }
        // Wakes the thread that accepts, which then lets go of the socket.
        shutdown(bound.descriptor, Int32(SHUT_RDWR))
        for socket in sockets { socket.interrupt() }
    }
}
