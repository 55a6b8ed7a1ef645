import Testing

@testable import EventLoop

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test("every step of a task runs on the loop's own thread", arguments: engines)
    func staysOnThread(engine: Engine) async throws {
        let resident = try Resident(engine)
        let steps = try await resident.run { resident in
            var steps = [resident.loop.isOnLoopThread]
            await resident.loop.sleep(milliseconds: 1)
            steps.append(resident.loop.isOnLoopThread)
            return steps
        }
        #expect(steps == [true, true])
    }

    @Test(
        "bytes pass between two sockets, and an end of stream is a count of zero", arguments: ["v4", "v6", "unix"],
        engines)
    func echo(family: String, engine: Engine) async throws {
        let path = "/tmp/gatehouse-test-\(UInt32.random(in: 0 ... .max)).sock"
        let address: SocketAddress =
            switch family {
            case "v4": .v4([127, 0, 0, 1], port: 0)
            case "v6": .v6([UInt8](repeating: 0, count: 15) + [1], port: 0, scope: 0)
            default: .unix(path: path)
            }
        let resident = try Resident(engine)
        let received = try await resident.run { resident in
            let bound = try resident.listen(address)
            let (client, server) = try await resident.pair(bound)
            let deadline = resident.loop.deadline(after: 5000)
            try await client.send(Array("hello".utf8), stall: 5000)
            client.shutdownWrite()
            let buffer = Buffer(capacityBytes: 64)
            while try await server.receive(into: buffer, deadline: deadline) > 0 {}
            var bytes: [UInt8] = []
            buffer.move(buffer.count, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(received == "hello")
        if family == "unix" { #expect(try SocketAddress.resolve(host: "127.0.0.1", port: 1).count == 1) }
    }

    @Test("a receive that gets nothing ends at its deadline", arguments: engines)
    func receiveTimesOut(engine: Engine) async throws {
        let resident = try Resident(engine)
        let elapsed = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            let start = MonotonicClock.milliseconds
            do throws(IOError) {
                _ = try await server.receive(
                    into: Buffer(capacityBytes: 64), deadline: resident.loop.deadline(after: 60))
                Issue.record("received from a silent peer")
            } catch {
                #expect(error == .timedOut)
            }
            client.close()
            return MonotonicClock.milliseconds - start
        }
        #expect(elapsed >= 55)
    }

    @Test("a deadline further away than a turn of the wheel is kept")
    func wheelKeepsFarDeadlines() {
        var wheel = DeadlineWheel(now: 0)
        var due: [DeadlineWheel.Entry] = []
        let first = wheel.arm(7, deadline: 100_000)
        #expect(first < 100_000 / DeadlineWheel.tickMilliseconds)
        wheel.advance(to: 10_000, &due)
        #expect(due.isEmpty)
        wheel.advance(to: 20_000, &due)
        #expect(due.map(\.token) == [7])
        #expect(wheel.next(after: 20_000) == nil)
        _ = wheel.arm(8, deadline: 20_100)
        let next = wheel.next(after: 20_000) ?? 0
        #expect(next >= 100 && next <= 116)
    }

    @Test("a send to a peer that does not read waits, and goes on when it reads", arguments: engines)
    func backPressure(engine: Engine) async throws {
        let resident = try Resident(engine)
        let total = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            let deadline = resident.loop.deadline(after: 10_000)
            let sender = resident.meanwhile(client) { resident, client in
                let chunk = [UInt8](repeating: 7, count: 1 << 20)
                for _ in 0..<32 { try await client.send(chunk, stall: 10_000) }
                client.shutdownWrite()
            }
            var total = 0
            let buffer = Buffer(capacityBytes: 1 << 16)
            while true {
                let count = try await server.receive(into: buffer, deadline: deadline)
                if count == 0 { break }
                total += count
                buffer.removeAll()
            }
            try await sender.value
            return total
        }
        #expect(total == 32 << 20)
    }

    @Test("closing a socket ends the receive that waits on it", arguments: engines)
    func closeCancels(engine: Engine) async throws {
        let resident = try Resident(engine)
        let error = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            let closer = resident.meanwhile(server) { _, server in server.close() }
            defer { client.close() }
            var ending: IOError?
            do throws(IOError) {
                _ = try await server.receive(
                    into: Buffer(capacityBytes: 64), deadline: resident.loop.deadline(after: 5000))
            } catch {
                ending = error
            }
            try await closer.value
            return ending
        }
        #expect(error == .cancelled)
    }

    @Test("a connect to a port where nobody listens is refused at once", arguments: engines)
    func refused(engine: Engine) async throws {
        let resident = try Resident(engine)
        try await resident.run { resident in
            let address = try ListeningDescriptor(binding: .v4([127, 0, 0, 1], port: 0), sharesPort: false).address
            do throws(IOError) {
                _ = try await resident.loop.connect(to: address, deadline: resident.loop.deadline(after: 5000))
                Issue.record("connected to a closed port")
            } catch {
                #expect(error == .unreachable(errno: 111))
            }
        }
    }

    @Test("a port that is taken is reported by its errno")
    func taken() throws {
        let first = try ListeningDescriptor(binding: .v4([127, 0, 0, 1], port: 0), sharesPort: false)
        let address = first.address
        #expect(throws: IOError.system(errno: 98)) {
            _ = try ListeningDescriptor(binding: address, sharesPort: false)
        }
        _ = consume first
    }
}
