import Foundation
import Testing

/// Group X of the catalogue: backends that are down.
@Suite("X: upstreams that fail", .serialized)
struct UpstreamFaultTests {
    /// How long a call takes and what comes of it.
    private func timed(_ gateway: Gateway, _ call: Call) throws -> (answer: WireResponse, seconds: Double) {
        let start = ContinuousClock.now
        let answer = try gateway.send(call)
        return (answer, start.duration(to: .now) / .seconds(1))
    }

    @Test("X-05 nobody listens: 502 at once, with a code")
    func refused() throws {
        let closed = try BoundSocket()
        let gateway = try Gateway(
            Configuration("upstream gone { server \(closed.address) }", "route /* public -> gone"))
        for call in [Call.get("/x"), Call.post("/x").body("y")] {
            let (answer, seconds) = try timed(gateway, call)
            #expect(answer.status == 502)
            #expect(answer.code == "UPSTREAM_UNREACHABLE")
            #expect(seconds < 0.25, "\(seconds) s")
        }
        try gateway.stop()
    }

    @Test("X-05 a backend that takes no connection is 504 or 502 at the limit for connecting")
    func unconnectable() throws {
        // A listener whose queue is full lets further connections hang, as a dropping firewall would.
        let full = try BoundSocket()
        _ = listen(full.descriptor, 0)
        let fillers = (1...4).compactMap { _ in try? NonblockingConnect(to: full.address) }
        let configuration = Configuration("upstream full { server \(full.address) }", "route /* public -> full")
            .with(timeouts: "connect 1s")
        let gateway = try Gateway(configuration)
        let (answer, seconds) = try timed(gateway, .get("/x"))
        #expect(answer.status == 504 || answer.status == 502)
        #expect((0.9...1.5).contains(seconds), "\(seconds) s")
        withExtendedLifetime(fillers) {}
        try gateway.stop()
    }

    @Test(
        "X-07 one of two servers is dead: a GET is answered by the other; the dead one is skipped after three failures")
    func oneOfTwo() throws {
        let living = try RecordingBackend()
        let dead = try BoundSocket()
        let gateway = try Gateway(
            Configuration(
                "upstream both {\nserver \(dead.address)\nserver \(living.address)\n}", "route /* public -> both"))
        var statuses: [Int] = []
        for number in 1...20 { statuses.append(try gateway.send(Call.post("/\(number)").body("x")).status) }
        #expect(statuses.filter { $0 == 502 }.count <= 3, "\(statuses)")
        #expect(statuses.suffix(10).allSatisfy { $0 == 200 })
        #expect(living.requests().count == statuses.filter { $0 == 200 }.count)
        living.stop()
        try gateway.stop()
    }

    @Test("X-07 a server that comes back is used again, within its pause of 5 s")
    func comesBack() throws {
        let living = try RecordingBackend()
        let down = try RecordingBackend()
        let address = down.address
        let gateway = try Gateway(
            Configuration("upstream both {\nserver \(address)\nserver \(living.address)\n}", "route /* public -> both"))
        for _ in 1...4 { #expect(try gateway.send(.get("/x")).status == 200) }
        #expect(down.mark > 0 && living.mark > 0, "round robin uses both")
        down.stop()
        for _ in 1...10 { _ = try gateway.send(.get("/x")) }
        let returned = try RecordingBackend(on: address)
        let deadline = Deadline.seconds(8)
        while returned.mark == 0 {
            guard !deadline.hasPassed else { throw Failure("the server is still skipped") }
            #expect(try gateway.send(.get("/x")).status == 200)
        }
        for backend in [living, returned] { backend.stop() }
        try gateway.stop()
    }

    @Test("requests are spread over the servers in turn")
    func roundRobin() throws {
        let backends = try (1...3).map { _ in try RecordingBackend() }
        let servers = backends.map { "server \($0.address)" }.joined(separator: "\n")
        let gateway = try Gateway(Configuration("upstream all {\n\(servers)\n}", "route /* public -> all"))
        for _ in 1...30 { #expect(try gateway.send(.get("/x")).status == 200) }
        #expect(backends.map(\.mark) == [10, 10, 10])
        for backend in backends { backend.stop() }
        try gateway.stop()
    }

    @Test("X-05 a backend that half-closes early is still answered from")
    func halfClose() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on(
            "/public/half",
            Script { peer, _ in
                try peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end")
                peer.socket.finishSending()
                peer.waitForClose()
                return false
            })
        let (answer, _) = try stage.exchange(.get("/public/half"))
        #expect(answer.body.text == "until the end" && answer.isComplete)
        try stage.end()
    }

    @Test("X-09 a hundred POSTs while the backend dies again and again: none is executed twice")
    func noDoubleExecution() throws {
        let stage = try Stage { .standard($0) }
        let executed = Box<[String: Int]>([:])
        stage.backend.on(
            "/public/once",
            Script { peer, request in
                let count = executed.change { seen in
                    seen[request.body.text, default: 0] += 1
                    return seen.count
                }
                // Every third dies after it has done its work.
                if count % 3 == 0 { return false }
                return try Script.echo.play(peer, &request)
            })
        for number in 1...100 { _ = try stage.gateway.send(Call.post("/public/once").body("\(number)")) }
        #expect(executed.value.count == 100)
        #expect(executed.value.values.allSatisfy { $0 == 1 })
        try stage.end()
    }
}

/// A connection that was asked for and is waited for by nobody.
private final class NonblockingConnect {
    private let descriptor: Int32

    init(to address: SocketAddress) throws {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw Failure.kernel("socket") }
        _ = address.withRaw { connect(descriptor, $0, $1) }
    }

    deinit { close(descriptor) }
}
