import EventLoop
import Telemetry

/// A connection to a backend: in the pool, or lent to one exchange.
final class UpstreamConnection {
    let socket: Socket
    /// The server's place in its pool.
    let server: Int
    /// It has carried an exchange before: the backend may have closed it in the meantime.
    var isReused = false

    init(socket: Socket, server: Int) {
        self.socket = socket
        self.server = server
    }
}

/// One upstream as one core sees it: its servers in turn, their health, and the connections that are kept.
final class UpstreamPool {
    /// How many idle connections are kept for each server. They hold no buffer, and opening one again costs more than a
    /// request; more than that were a burst.
    private static let idleMax = 1024
    /// How long one is kept: shorter than the 5 s after which Node and Apache close theirs, because a request on a
    /// connection that the backend is closing may be lost.
    static let idleMilliseconds: Milliseconds = 4000
    /// A server that failed this many times in a row …
    private static let failuresMax = 3
    /// … is passed over for so long, while there is another one.
    private static let restMilliseconds: Milliseconds = 5000

    private final class Server {
        let addresses: [SocketAddress]
        let word: LogWord
        var idle: [UpstreamConnection] = []
        var failures = 0
        var restsUntil: Milliseconds = 0
        /// The address that worked last: a name can have several.
        var preferred = 0

        init(addresses: [SocketAddress], word: LogWord) {
            self.addresses = addresses
            self.word = word
        }
    }

    /// Its place in the configuration.
    let index: Int
    private let servers: [Server]
    private var turn: Int
    /// Connections lent out.
    private(set) var active = 0

    /// - Parameter offset: where the round begins; different for each core, so that they do not march in step.
    init(index: Int, servers: [(text: String, addresses: [SocketAddress])], offset: Int) {
        self.index = index
        self.servers = servers.map { Server(addresses: $0.addresses, word: LogWord($0.text)) }
        turn = offset
    }

    var serverCount: Int { servers.count }
    var idleCount: Int { servers.reduce(0) { $0 + $1.idle.count } }

    /// The server as the log writes it.
    func word(of server: Int) -> LogWord { servers[server].word }

    /// The address to try for `server`, `attempt` counting from 0; nil when all have been tried.
    func address(of server: Int, attempt: Int) -> SocketAddress? {
        let addresses = servers[server].addresses
        guard attempt < addresses.count else { return nil }
        return addresses[(servers[server].preferred + attempt) % addresses.count]
    }

    /// The next server in turn that is not resting; when all rest, the next one all the same.
    func upcoming(now: Milliseconds) -> Int {
        for step in 0..<servers.count {
            let index = (turn + step) % servers.count
            if servers[index].restsUntil <= now { return index }
        }
        return turn % servers.count
    }

    /// The turn of `server` has been taken.
    func turnTo(after server: Int) { turn = (server + 1) % servers.count }

    /// An idle connection of `server` that looks alive; the last one used is the likeliest.
    func takeIdle(_ server: Int) -> UpstreamConnection? {
        let server = servers[server]
        while let connection = server.idle.popLast() {
            let wasParked = connection.socket.unpark()
            if wasParked, !connection.socket.isStale {
                connection.isReused = true
                return connection
            }
            connection.socket.close()
        }
        return nil
    }

    /// Takes a new connection in: when it is idle, whatever it says is either its end or bytes that nobody asked for.
    func adopt(_ connection: UpstreamConnection) {
        // By its token: a weak reference would make every count of references to the connection a slow one. The closure
        // goes when the socket is closed.
        let server = servers[connection.server]
        let socket = connection.socket.token
        connection.socket.onWake = { _ in
            guard let index = server.idle.firstIndex(where: { $0.socket.token == socket }) else { return }
            server.idle.remove(at: index).socket.close()
        }
    }

    /// Keeps a connection whose exchange has ended cleanly, with nothing left over on it.
    func keep(_ connection: UpstreamConnection) {
        let server = servers[connection.server]
        guard server.idle.count < Self.idleMax, !connection.socket.isStale else {
            connection.socket.close()
            return
        }
        connection.socket.park(deadline: connection.socket.loop.deadline(after: Self.idleMilliseconds))
        server.idle.append(connection)
    }

    func closeIdle() {
        for index in servers.indices {
            for connection in servers[index].idle { connection.socket.close() }
            servers[index].idle.removeAll()
        }
    }

    func lend() { active += 1 }
    func giveBack() { active -= 1 }

    func succeeded(_ server: Int, address: Int = 0) {
        servers[server].failures = 0
        servers[server].restsUntil = 0
        if address > 0 {
            servers[server].preferred = (servers[server].preferred + address) % servers[server].addresses.count
        }
    }

    /// The server refused, or did not answer in time.
    func failed(_ server: Int, now: Milliseconds) {
        servers[server].failures += 1
        if servers[server].failures >= Self.failuresMax { servers[server].restsUntil = now + Self.restMilliseconds }
    }
}
