@testable import EventLoop

/// An actor that lives on a loop, as the gateway's cores do.
actor Resident: LoopResident {
    nonisolated let loop: EventLoop
    nonisolated let home: LoopHome
    private var listener: Listener?
    private var accepted: [Socket] = []
    private var handedOver: Socket?

    init(_ engine: Engine = .epoll) throws {
        loop = try EventLoop(name: "test", engine: engine)
        home = loop.asHome
        try loop.start()
    }

    deinit { loop.stop() }

    /// Runs `body` as a task of this loop and hands its result back.
    nonisolated func run<T: Sendable>(_ body: @escaping @Sendable (isolated Resident) async throws -> T) async throws
        -> T
    {
        try await Task(executorPreference: loop) { try await body(self) }.value
    }

    /// Listens on a port chosen by the kernel and keeps what it accepts.
    func listen(_ address: SocketAddress = .v4([127, 0, 0, 1], port: 0)) throws -> SocketAddress {
        let listening = try ListeningDescriptor(binding: address, sharesPort: false)
        let bound = listening.address
        listener = try Listener(listening, for: self) { resident, socket, _ in resident.take(socket) }
        return bound
    }

    private var waiting: CheckedContinuation<Void, Never>?
    private func take(_ socket: Socket) {
        accepted.append(socket)
        waiting?.resume()
        waiting = nil
    }

    /// A connected pair: the client's side and the accepted one.
    func pair(_ address: SocketAddress) async throws -> (client: Socket, server: Socket) {
        let client = try await loop.connect(to: address, deadline: loop.deadline(after: 5000))
        if accepted.isEmpty { await withCheckedContinuation { waiting = $0 } }
        return (client, accepted.removeLast())
    }
}

extension Resident {
    /// A second task of this loop that works on `socket` while the caller's goes on.
    func meanwhile(_ socket: Socket, _ body: @escaping @Sendable (isolated Resident, Socket) async throws -> Void)
        -> Task<Void, any Error>
    {
        handedOver = socket
        return Task(executorPreference: loop) { try await self.runMeanwhile(body) }
    }

    private func runMeanwhile(_ body: @Sendable (isolated Resident, Socket) async throws -> Void) async throws {
        guard let socket = handedOver else { return }
        handedOver = nil
        try await body(self, socket)
    }
}

extension Resident {
    /// A path for a Unix socket that nobody else uses.
    static func freshPath() -> String { "/tmp/gatehouse-test-\(UInt32.random(in: 0 ... .max)).sock" }

    /// Many connected pairs. One at a time, so that each client finds its server.
    func pairs(_ count: Int, _ address: SocketAddress) async throws -> [(client: Socket, server: Socket)] {
        var pairs: [(client: Socket, server: Socket)] = []
        while pairs.count < count { pairs.append(try await pair(address)) }
        return pairs
    }
}
