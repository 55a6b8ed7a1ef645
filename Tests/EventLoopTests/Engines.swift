import Testing

@testable import EventLoop

/// The engines to be had here. Every test of sockets runs on each of them.
let engines: [Engine] = Engine.allCases.filter { $0.unavailability == nil }

@Suite struct EngineTests {
    @Test(
        "this kernel has io_uring, so that its tests have run",
        .enabled(if: Engine.ioUring.unavailability == nil, "io_uring is refused here: its tests are skipped"))
    func bothEngines() {
        #expect(engines == [.epoll, .ioUring])
    }

    @Test("a loop runs on the engine it was asked for", arguments: engines)
    func engine(engine: Engine) throws {
        let loop = try EventLoop(name: "test", engine: engine)
        #expect(loop.engine == engine)
    }
}
