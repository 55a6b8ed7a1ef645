import Testing

@testable import EventLoop

@Suite struct WorkerPoolTests {
    @Test("a job's result comes back to the loop that asked")
    func returnsToLoop() async throws {
        let resident = try Resident()
        let pool = try WorkerPool(name: "pool", threads: 2, queueMax: 8, nice: 0)
        let (value, onLoop) = try await resident.run { resident in
            let value = try await pool.run { resident.loop.isOnLoopThread ? 0 : 42 }
            return (value, resident.loop.isOnLoopThread)
        }
        #expect(value == 42)
        #expect(onLoop)
        pool.stop()
    }

    @Test("a full queue refuses at once")
    func full() async throws {
        let pool = try WorkerPool(name: "pool", threads: 1, queueMax: 1, nice: 0)
        let gate = Latch()
        async let first: Void = pool.run { gate.wait() }
        await gate.waitUntilEntered()
        async let second: Void = pool.run {}
        while pool.queueLength == 0 { await Task.yield() }
        await #expect(throws: WorkerPool.QueueFull.self) { try await pool.run {} }
        gate.open()
        try await first
        try await second
        pool.stop()
    }
}
