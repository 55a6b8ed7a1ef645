import Config
import EventLoop

/// Opens the ports of the configuration: one listener a core on each, the kernel spreading the connections.
struct Listening {
    let cores: [Core]
    let report: @Sendable (String) -> Void

    /// Binds and accepts on every address.
    ///
    /// - Throws: `.failed` with the address and what is wrong with it.
    func open(_ addresses: [Located<ListenAddress>]) async throws(StartProblem) {
        for address in addresses {
            for resolved in try resolve(address) {
                let bound = try await open(resolved, on: cores, purpose: .gate)
                report("listening on \(bound)")
            }
        }
    }

    /// The admin listener, on the first core alone.
    func openAdmin(_ address: Located<ListenAddress>) async throws(StartProblem) {
        for resolved in try resolve(address) {
            let bound = try await open(resolved, on: Array(cores.prefix(1)), purpose: .admin)
            report("admin listening on \(bound)")
        }
    }

    private func resolve(_ address: Located<ListenAddress>) throws(StartProblem) -> [SocketAddress] {
        do {
            return try SocketAddress.resolve(address.value)
        } catch {
            throw .failed("\(address.place): cannot listen on \(address.value): \(error.words)")
        }
    }

    /// SO_REUSEPORT lets a second gateway of the same user share a taken port without a word, and then half of the
    /// requests go astray: so the port is bound once without it, and that must succeed.
    private func open(_ address: SocketAddress, on cores: [Core], purpose: ClientConnection.Purpose)
        async throws(StartProblem) -> SocketAddress
    {
        do throws(IOError) {
            if cores.count == 1 || address.port == nil, let core = cores.first {
                let listening = try ListeningDescriptor(binding: address, sharesPort: false)
                let bound = listening.address
                try await core.listen(listening, purpose: purpose)
                return bound
            }
            let bound = try ListeningDescriptor(binding: address, sharesPort: false).address
            for core in cores {
                try await core.listen(ListeningDescriptor(binding: bound, sharesPort: true), purpose: purpose)
            }
            return bound
        } catch {
            throw .failed("cannot listen on \(address): \(error.words)")
        }
    }
}

extension IOError {
    /// For an operator.
    package var words: String {
        switch self {
        case .system(errno: 98): "the address is in use by another process"
        case .system(errno: 13): "permission denied (ports below 1024 need CAP_NET_BIND_SERVICE)"
        case .system(errno: 99): "this machine has no such address"
        case .system(errno: 36): "the path is too long for a Unix socket (107 bytes)"
        case .unreachable(errno: 2): "there is no such socket"
        case .unreachable(errno: 111): "nobody listens there"
        case .unreachable(errno: 101), .unreachable(errno: 113): "there is no way to it"
        case .system(let errno), .unreachable(let errno): "system error \(errno)"
        case .outOfDescriptors: "no file descriptor is left (ulimit -n)"
        case .timedOut: "timed out"
        case .cancelled: "cancelled"
        case .disconnected: "disconnected"
        }
    }
}
