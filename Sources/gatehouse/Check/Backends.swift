import Config
import EventLoop
import Gateway

/// Whether the servers of the upstreams take connections.
enum Backends {
    /// Asks all of them at once. One that does not answer now may do so later, so it is no error.
    static func check(_ upstreams: [Configuration.Upstream], problems: inout Problems) {
        let servers = upstreams.flatMap { upstream in upstream.servers.map { (upstream.name.value, $0) } }
        // The signals are made before the loop's thread: threads inherit which ones are blocked.
        guard let signals = try? Signals(), let loop = try? EventLoop(name: "check"), (try? loop.start()) != nil else {
            return
        }
        let caller = BackendCaller(loop: loop)
        let objections = signals.wait { await caller.objections(to: servers.map(\.1.value)) } ?? []
        loop.stop()
        for ((upstream, server), objection) in zip(servers, objections) {
            guard let objection else { continue }
            let message = "the server `\(server.value)` of \(upstream) does not answer: \(objection)"
            let hint = "start it, or mend the address; `check --offline` does not ask"
            // On this machine it has probably not been started yet.
            if server.value.isLocal {
                problems.note(at: server.place, message, hint: hint)
            } else {
                problems.warning(at: server.place, message, hint: hint)
            }
        }
    }
}

/// Opens connections and closes them again.
private actor BackendCaller: LoopResident {
    nonisolated let loop: EventLoop
    nonisolated let home: LoopHome
    private var objections: [String?] = []

    private static let waitMilliseconds: Milliseconds = 2_000

    init(loop: EventLoop) {
        self.loop = loop
        home = loop.asHome
    }

    /// For each server why there is no connection to it, nil when there is one.
    nonisolated func objections(to servers: [ListenAddress]) async -> [String?] {
        await start { $0.objections = Array(repeating: nil, count: servers.count) }.value
        let calls = servers.enumerated().map { index, server in start { await $0.call(server, index) } }
        for call in calls { await call.value }
        return await objections
    }

    private func call(_ server: ListenAddress, _ index: Int) async {
        do {
            for address in try SocketAddress.resolve(server) {
                do throws(IOError) {
                    let deadline = loop.deadline(after: Self.waitMilliseconds)
                    try await loop.connect(to: address, deadline: deadline).close()
                    objections[index] = nil
                    return
                } catch {
                    objections[index] = error == .timedOut ? "it stays silent" : "it refuses the connection"
                }
            }
        } catch {
            objections[index] = error.words
        }
    }
}
