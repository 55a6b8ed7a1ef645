import Testing

@testable import EventLoop

/// What an engine holds while sockets wait, and that it hands everything to the right one.
@Suite(.serialized, .timeLimit(.minutes(1))) struct SocketMemoryTests {
    @Test("five thousand idle connections hold no memory for what may come", arguments: engines)
    func idle(engine: Engine) async throws {
        try #require(Descriptors.allow(10_500))
        let resident = try Resident(engine)
        let (buffersOut, woken) = try await resident.run { resident in
            let bound = try resident.listen(.unix(path: Resident.freshPath()))
            let pairs = try await resident.pairs(5000, bound)
            // Each has been used once, as kept connections have.
            for (client, server) in pairs {
                server.park(deadline: .max)
                try await client.send([1], stall: 5000)
                let buffer = Buffer(capacityBytes: 64)
                _ = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                server.park(deadline: .max)
            }
            await resident.loop.sleep(milliseconds: 1)
            let out = resident.loop.ring?.buffersOut ?? 0
            let woken = pairs.count { !$0.server.unpark() }
            for (client, server) in pairs {
                client.close()
                server.close()
            }
            return (out, woken)
        }
        #expect(buffersOut == 0)
        #expect(woken == 0)
    }

    @Test("more connections speak at once than there is memory for arrivals, and each is heard", arguments: engines)
    func moreThanBuffers(engine: Engine) async throws {
        try #require(Descriptors.allow(2700))
        let resident = try Resident(engine)
        let (wrong, buffersOut) = try await resident.run { resident in
            let bound = try resident.listen(.unix(path: Resident.freshPath()))
            let pairs = try await resident.pairs(1200, bound)
            var woken = 0
            for (_, server) in pairs {
                server.onWake = { _ in woken += 1 }
                server.park(deadline: .max)
            }
            for (index, pair) in pairs.enumerated() {
                try await pair.client.send([UInt8(index & 0xFF), UInt8(index >> 8)], stall: 5000)
            }
            while woken < pairs.count { await resident.loop.sleep(milliseconds: 1) }
            var wrong = 0
            let buffer = Buffer(capacityBytes: 64)
            for (index, pair) in pairs.enumerated() {
                buffer.removeAll()
                let count = try pair.server.receiveNow(into: buffer)
                if count != 2 || Int(buffer.readable[0]) | Int(buffer.readable[1]) << 8 != index { wrong += 1 }
            }
            // And once more: whoever was put off is back to normal.
            for (client, _) in pairs { try await client.send([7], stall: 5000) }
            for (_, server) in pairs {
                buffer.removeAll()
                let count = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                if count != 1 || buffer.readable[0] != 7 { wrong += 1 }
            }
            return (wrong, resident.loop.ring?.buffersOut ?? 0)
        }
        #expect(wrong == 0)
        #expect(buffersOut == 0)
    }

    @Test("sockets that follow each other quickly never get each other's bytes", arguments: engines)
    func reuse(engine: Engine) async throws {
        let resident = try Resident(engine)
        let wrong = try await resident.run { resident in
            let bound = try resident.listen()
            var wrong = 0
            for round in 0..<400 {
                let (client, server) = try await resident.pair(bound)
                let buffer = Buffer(capacityBytes: 64)
                if round % 3 == 0 { server.park(deadline: .max) }
                try await client.send([UInt8(round & 0xFF), UInt8(round >> 8)], stall: 5000)
                // Some are closed with bytes on their way, some while a receive is under way.
                if round % 4 == 1 {
                    let closer = resident.meanwhile(server) { _, server in server.close() }
                    _ = try? await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                    try await closer.value
                } else if round % 4 != 2 {
                    let count = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                    if count != 2 || Int(buffer.readable[0]) | Int(buffer.readable[1]) << 8 != round { wrong += 1 }
                }
                server.close()
                client.close()
            }
            return wrong
        }
        #expect(wrong == 0)
    }

    @Test("a large body behind a head keeps its order, whatever memory it is received into", arguments: engines)
    func largeBody(engine: Engine) async throws {
        let resident = try Resident(engine)
        let isWhole = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            server.park(deadline: .max)
            let body = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 11) }
            let sender = resident.meanwhile(client) { _, client in
                try await client.send(Array(body.prefix(10)), stall: 5000)
                try await client.send(Array(body.dropFirst(10)), stall: 5000)
                client.shutdownWrite()
            }
            var received: [UInt8] = []
            let small = Buffer(capacityBytes: 100)
            let large = Buffer(capacityBytes: 64 << 10)
            while true {
                let buffer = received.count < 2000 || received.count % 7 == 0 ? small : large
                let count = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                if count == 0 { break }
                buffer.move(buffer.count, to: &received)
            }
            try await sender.value
            return received == body
        }
        #expect(isWhole)
    }
}
