import Foundation
import Synchronization

/// A TCP relay in front of a server, that can stop passing bytes, or cut a connection at a chosen moment: a network that
/// fails on demand.
final class Relay: Sendable {
    enum Fault: Equatable {
        case none
        /// Connections are accepted and nothing passes, in neither direction.
        case frozen
        /// Everything passes until the client has sent these bytes; they reach the server, and then the connection is cut
        /// before the answer passes.
        case cutAfter(String)
    }

    let port: UInt16
    private let listener: Int32
    private let target: UInt16
    private let state = Mutex(Fault.none)

    init(to target: UInt16) throws {
        self.target = target
        port = try PostgresServer.freePort()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Self.withAddress(port, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
            throw PostgresServer.Failure(description: "the relay cannot listen")
        }
        Thread { [listener, weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                guard let self else {
                    close(client)
                    return
                }
                Thread { self.serve(client) }.start()
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    func set(_ fault: Fault) {
        state.withLock { $0 = fault }
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(client)
            close(server)
        }
        guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            // A short wait, so that a fault set meanwhile is seen.
            poll(&ends, 2, 10)
            let fault = state.withLock { $0 }
            if fault == .frozen {
                if ends.contains(where: { $0.revents & Int16(POLLHUP) != 0 }) { return }
                usleep(5_000)  // standing still is the fault
                continue
            }
            for (end, other) in [(0, server), (1, client)] where ends[end].revents != 0 {
                let count = recv(ends[end].fd, &buffer, buffer.count, 0)
                guard count > 0, send(other, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
                if case .cutAfter(let words) = fault, end == 0,
                    String(decoding: buffer[..<count], as: UTF8.self).contains(words)
                {
                    // The server has answered, so it has done what was asked.
                    _ = recv(server, &buffer, buffer.count, 0)
                    return
                }
            }
        }
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
