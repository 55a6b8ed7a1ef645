import Testing

@testable import EventLoop

/// Tasks that meet at one socket, and tasks that never have to wait.
@Suite(.timeLimit(.minutes(1))) struct SocketWaitTests {
    @Test(
        "two tasks that send on one socket at the same time both fail, and the bytes of the second never mix in",
        arguments: engines)
    func twoWriters(engine: Engine) async throws {
        let resident = try Resident(engine)
        let outcomes = try await resident.run { resident in
            let path = "/tmp/gatehouse-test-\(UInt32.random(in: 0 ... .max)).sock"
            let (client, server) = try await resident.pair(try resident.listen(.unix(path: path)))
            let earlier = resident.meanwhile(server) { _, socket in
                // More than the kernel takes: it waits until somebody reads.
                try await socket.send([UInt8](repeating: 1, count: 8 << 20), stall: 60_000)
            }
            while !server.isSending { await resident.loop.sleep(milliseconds: 1) }
            let later = resident.meanwhile(server) { _, socket in try await socket.send([2], stall: 60_000) }
            let first = await earlier.result
            let second = await later.result
            server.close()
            let buffer = Buffer(capacityBytes: 1 << 16)
            let deadline = resident.loop.deadline(after: 5000)
            var isMixed = false
            while try await client.receive(into: buffer, deadline: deadline) > 0 {
                if buffer.readable[buffer.count - 1] == 2 { isMixed = true }
                buffer.removeAll()
            }
            return (first, second, isMixed)
        }
        #expect(throws: IOError.cancelled) { try outcomes.0.get() }
        #expect(throws: IOError.cancelled) { try outcomes.1.get() }
        #expect(!outcomes.2)
    }

    @Test("refused receives end also when they begin later, and the socket goes on afterwards", arguments: engines)
    func refusedReceives(engine: Engine) async throws {
        let resident = try Resident(engine)
        let received = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            let buffer = Buffer(capacityBytes: 64)
            server.refuseReceives()
            do throws(IOError) {
                _ = try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
                Issue.record("received although it was refused")
            } catch {
                #expect(error == .cancelled)
            }
            server.allowReceives()
            try await client.send(Array("on".utf8), stall: 5000)
            return try await server.receive(into: buffer, deadline: resident.loop.deadline(after: 5000))
        }
        #expect(received == 2)
    }

    @Test("a task whose socket always has more to read does not keep the others from the loop", arguments: engines)
    func fairness(engine: Engine) async throws {
        let resident = try Resident(engine)
        let ranBefore = try await resident.run { resident in
            let (client, server) = try await resident.pair(try resident.listen())
            try await client.send([UInt8](repeating: 7, count: 64 * 200), stall: 5000)
            let deadline = resident.loop.deadline(after: 5000)
            let buffer = Buffer(capacityBytes: 64)
            // From here on every receive finds a full buffer at once.
            _ = try await server.receive(into: buffer, deadline: deadline)
            let other = resident.meanwhile(client) { _, socket in socket.close() }
            for _ in 0..<100 {
                buffer.removeAll()
                _ = try await server.receive(into: buffer, deadline: deadline)
            }
            let hasRun = client.isClosed
            try await other.value
            return hasRun
        }
        #expect(ranBefore)
    }
}
