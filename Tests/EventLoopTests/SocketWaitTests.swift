import Testing

@testable import EventLoop

/// Tasks that meet at one socket, and tasks that never have to wait.
@Suite struct SocketWaitTests {
    @Test("a task whose socket always has more to read does not keep the others from the loop")
    func fairness() async throws {
        let resident = try Resident()
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
