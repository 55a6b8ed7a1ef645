import Foundation

/// A backend that writes down every byte it receives and answers by script.
///
/// It reads requests as strictly as can be: whatever is not one unambiguous HTTP/1.1 message is recorded with its
/// `violations`, and so are bytes that belong to no message at all.
final class RecordingBackend: @unchecked Sendable {
    private let condition = NSCondition()
    private var recorded: [RecordedRequest] = []
    private var scripts: [(prefix: String, script: Script)] = []
    private var listener: Listener!

    /// Bodies are kept up to here, and only counted behind it.
    static let bodyBytesKept = 2 << 20

    var address: SocketAddress { listener.address }
    var connectionsAccepted: Int { listener.connectionsAccepted }

    init(on address: SocketAddress = .ipv4(port: 0)) throws {
        listener = try Listener(on: address) { [weak self] socket, number in
            self?.serve(socket, number)
        }
    }

    func stop() { listener.stop() }

    deinit { listener?.stop() }

    // MARK: Scripts

    /// Answers requests whose target begins with `prefix` by `script`; the one set last wins. Everything else is echoed.
    func on(_ prefix: String, _ script: Script) {
        condition.withLock { scripts.insert((prefix, script), at: 0) }
    }

    private func script(for target: String) -> Script {
        condition.withLock { scripts.first { target.hasPrefix($0.prefix) }?.script } ?? .echo
    }

    // MARK: Records

    /// How many requests there are: a place to look from.
    var mark: Int { condition.withLock { recorded.count } }

    func requests(since mark: Int = 0) -> [RecordedRequest] {
        condition.withLock { Array(recorded[mark...]) }
    }

    /// Waits until at least `count` requests have come to their end since `mark`.
    func waitForRequests(_ count: Int, since mark: Int = 0, by deadline: Deadline = .soon) throws -> [RecordedRequest] {
        try condition.withLock {
            while recorded.count - mark < count {
                guard condition.wait(until: deadline.date) || recorded.count - mark >= count else {
                    throw Failure("\(recorded.count - mark) of \(count) requests in time: \(recorded[mark...])")
                }
            }
            return Array(recorded[mark...])
        }
    }

    /// Waits until everything that was on its way here has been recorded.
    ///
    /// A request that the gateway cut off may be noticed here a moment after the client has got its answer. So a call of
    /// the test's own goes the same way first: once it is answered, whoever connected before has been accepted.
    func waitUntilQuiet() throws {
        let client = try WireClient(to: address)
        try client.send("GET \(Self.barrier) HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.mustRespond()
        client.close()
        try until("every connection to the backend rests") { listener.isQuiet }
    }

    private static let barrier = "/the-backend's-own-barrier"

    private func record(_ request: RecordedRequest) {
        guard request.target != Self.barrier else { return }
        condition.withLock {
            recorded.append(request)
            condition.broadcast()
        }
    }

    // MARK: One connection

    private func serve(_ socket: WireSocket, _ number: Int) {
        let peer = BackendPeer(socket: socket)
        while true {
            var request = RecordedRequest(connection: number)
            guard peer.readHead(into: &request) else {
                let rest = peer.reader.takeLeftover()
                if !rest.isEmpty {
                    request.bytes = rest
                    request.violations = ["bytes that are no request: \(rest.prefix(200).map { $0 }.text)"]
                    record(request)
                }
                return
            }
            let script = script(for: request.target)
            var goesOn: Bool
            if script.isEarly {
                goesOn = (try? script.play(peer, &request)) ?? false
                if goesOn { peer.readBody(into: &request) }
                record(request)
            } else {
                peer.readBody(into: &request)
                record(request)
                guard request.isComplete else { return }
                goesOn = (try? script.play(peer, &request)) ?? false
            }
            guard goesOn else { return }
        }
    }
}
