import Glibc
import Testing

@testable import EventLoop

/// Operations that are given up, and connections that end while some are under way.
@Suite(.timeLimit(.minutes(1))) struct SocketEndTests {
    @Test("a receive that has timed out takes nothing of what comes later", arguments: [true, false], engines)
    func lateBytes(parksBefore: Bool, engine: Engine) async throws {
        let resident = try Resident(engine)
        let text = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            if parksBefore { server.park(deadline: .max) }
            let abandoned = Buffer(capacityBytes: 64)
            for _ in 0..<3 {
                do throws(IOError) {
                    _ = try await server.receive(into: abandoned, deadline: resident.loop.deadline(after: 10))
                    Issue.record("received from a silent peer")
                } catch {
                    #expect(error == .timedOut)
                }
            }
            #expect(await !server.arrival(deadline: resident.loop.deadline(after: 10)))
            try await client.send(Array("late".utf8), stall: 5000)
            let buffer = Buffer(capacityBytes: 64)
            _ = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
            #expect(abandoned.isEmpty)
            var bytes: [UInt8] = []
            buffer.move(buffer.count, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(text == "late")
    }

    enum Wait: CaseIterable { case parked, receiving }

    @Test("closing while the socket waits is the end of the stream for the peer", arguments: Wait.allCases, engines)
    func endOfStream(wait: Wait, engine: Engine) async throws {
        let ending = try await Self.close(wait, engine) { $0.close() }
        #expect(ending == .success(0))
    }

    @Test("a reset while the socket waits is a reset for the peer", arguments: Wait.allCases, engines)
    func reset(wait: Wait, engine: Engine) async throws {
        let ending = try await Self.close(wait, engine) { socket in
            socket.resetOnClose()
            socket.close()
        }
        #expect(ending == .failure(.disconnected))
    }

    /// What the peer sees of a server that is closed while it waits.
    private static func close(_ wait: Wait, _ engine: Engine, _ body: @escaping @Sendable (Socket) -> Void)
        async throws -> Result<Int, IOError>
    {
        let resident = try Resident(engine)
        return try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            let buffer = Buffer(capacityBytes: 64)
            switch wait {
            case .parked:
                server.onWake = { _ in Issue.record("a closed socket was woken") }
                server.park(deadline: .max)
                await resident.loop.giveWay()
                body(server)
            case .receiving:
                let closer = resident.meanwhile(server) { resident, server in
                    await resident.loop.giveWay()
                    body(server)
                }
                do throws(IOError) {
                    _ = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                    Issue.record("received from a silent peer")
                } catch {
                    #expect(error == .cancelled)
                }
                try await closer.value
            }
            do throws(IOError) {
                return .success(try await client.receive(into: buffer, deadline: resident.loop.deadline(after: 5000)))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test("a peer that closes, or speaks, wakes a parked connection and makes it stale", arguments: engines)
    func stale(engine: Engine) async throws {
        let resident = try Resident(engine)
        let stale = try await resident.run { resident in
            let bound = try resident.listen()
            var stale: [Bool] = []
            for closes in [true, false] {
                let (client, server) = try await resident.pair(bound)
                var wake: Socket.Wake?
                client.onWake = { wake = $0 }
                client.park(deadline: .max)
                stale.append(client.isStale)
                if closes { server.close() } else { try await server.send([1], stall: 5000) }
                while wake == nil { await resident.loop.giveWay() }
                stale.append(client.isStale)
                #expect(client.peerHasClosed == closes)
                client.close()
            }
            return stale
        }
        #expect(stale == [false, true, false, true])
    }

    @Test("a connection that is closed as it hears of its end gives its descriptor back once", arguments: engines)
    func closedOnce(engine: Engine) async throws {
        let resident = try Resident(engine)
        let survivors = try await resident.run { resident in
            let bound = try resident.listen()
            var survivors = 0
            for _ in 0..<20 {
                let (client, server) = try await resident.pair(bound)
                // Takes the number that has become free, which a second close would take away again.
                var successor: Int32?
                client.onWake = { [unowned client] _ in
                    client.close()
                    successor = dup(STDERR_FILENO)
                }
                client.park(deadline: .max)
                server.close()
                while successor == nil { await resident.loop.giveWay() }
                await resident.loop.giveWay()
                if let successor, fcntl(successor, F_GETFD) >= 0, Glibc.close(successor) == 0 {
                    survivors += 1
                }
            }
            return survivors
        }
        #expect(survivors == 20)
    }

    @Test("a parked connection is woken at its deadline, and hears the next byte when parked again", arguments: engines)
    func parkDeadline(engine: Engine) async throws {
        let resident = try Resident(engine)
        let wakes = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            var wakes: [Socket.Wake] = []
            server.onWake = { wakes.append($0) }
            server.park(deadline: resident.loop.deadline(after: 10))
            while wakes.isEmpty { await resident.loop.giveWay() }
            server.park(deadline: .max)
            try await client.send([1], stall: 5000)
            while wakes.count < 2 { await resident.loop.giveWay() }
            return wakes
        }
        #expect(wakes == [.timedOut, .readable])
    }

    @Test("a send to a peer that takes nothing ends with a timeout", arguments: engines)
    func stall(engine: Engine) async throws {
        let resident = try Resident(engine)
        try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen(.unix(path: Resident.freshPath())))
            do throws(IOError) {
                try await server.send([UInt8](repeating: 7, count: 8 << 20), stall: 40)
                Issue.record("sent 8 MiB to nobody")
            } catch {
                #expect(error == .timedOut)
            }
            server.close()
            client.close()
        }
    }

    @Test("a send to a peer that reads slowly may take longer than a stall", arguments: engines)
    func slowReader(engine: Engine) async throws {
        let resident = try Resident(engine)
        let total = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen(.unix(path: Resident.freshPath())))
            let sender = resident.meanwhile(server) { _, server in
                try await server.send([UInt8](repeating: 7, count: 2 << 20), stall: 300)
                server.close()
            }
            var total = 0
            let buffer = Buffer(capacityBytes: 64 << 10)
            while try await client.receive(into: buffer, deadline: resident.loop.deadline(after: 5000)) > 0 {
                total += buffer.count
                buffer.removeAll()
                await resident.loop.sleep(milliseconds: 25)
            }
            try await sender.value
            return total
        }
        #expect(total == 2 << 20)
    }

    @Test("what is being sent when no more bytes follow, or the socket is closed, still arrives", arguments: engines)
    func lastWords(engine: Engine) async throws {
        let resident = try Resident(engine)
        let texts = try await resident.run { resident in
            let bound = try resident.listen()
            var texts: [String] = []
            for closes in [true, false] {
                let (client, server) = try await resident.pair(bound)
                var words = resident.loop.takeBytes()
                words.append(contentsOf: "last words".utf8)
                server.startSend(words)
                if closes { server.close() } else { server.shutdownWrite() }
                let buffer = Buffer(capacityBytes: 64)
                while try await client.receive(into: buffer, deadline: resident.loop.deadline(after: 5000)) > 0 {}
                var bytes: [UInt8] = []
                buffer.move(buffer.count, to: &bytes)
                texts.append(String(decoding: bytes, as: UTF8.self))
                server.close()
                client.close()
            }
            return texts
        }
        #expect(texts == ["last words", "last words"])
    }

    @Test("an array that is being sent can be changed by its owner, and goes out as it was", arguments: engines)
    func keptArray(engine: Engine) async throws {
        let resident = try Resident(engine)
        let received = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            var bytes = Array("before".utf8)
            server.startSend(keeping: bytes)
            bytes.removeAll(keepingCapacity: true)
            bytes.append(contentsOf: "later!".utf8)
            let buffer = Buffer(capacityBytes: 64)
            _ = try await client.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
            var read: [UInt8] = []
            buffer.move(buffer.count, to: &read)
            return String(decoding: read, as: UTF8.self)
        }
        #expect(received == "before")
    }
}
