import Foundation
import Testing

/// Group R of the catalogue, in short form; the long runs are in `Tests/Long`.
@Suite("R: resources", .serialized)
struct ResourceTests {
    private static let bodyBytes = 128 << 20
    private static let memoryKiBMax = 64 << 10

    @Test("R-05 a long upload passes within 64 MiB, and a slow backend slows its client")
    func upload() throws {
        let stage = try Stage { .standard($0) }
        let latch = Latch()
        stage.backend.on("/public/up", Script(isEarly: true) { _, _ in latch.wait() })
        let client = try stage.gateway.connect()
        try client.send("POST /public/up HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.bodyBytes)\r\n\r\n")
        // Nobody reads at the other end: soon nobody takes bytes at this end either.
        var sent = 0
        while sent < Self.bodyBytes, (try? client.socket.send(Pattern.block, by: .seconds(1))) != nil {
            sent += Pattern.block.count
        }
        #expect(sent < 32 << 20, "the gateway took \(sent) bytes that nobody read")
        #expect(try stage.gateway.residentKiB() < Self.memoryKiBMax)
        latch.open()
        client.socket.reset()
        try stage.expectAlive()

        stage.backend.on("/public/whole", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"))
        let mark = stage.backend.mark
        let second = try stage.gateway.connect()
        try second.send("POST /public/whole HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.bodyBytes)\r\n\r\n")
        for _ in 0..<(Self.bodyBytes / Pattern.block.count) { try second.socket.send(Pattern.block, by: .seconds(30)) }
        #expect(try second.mustRespond(by: .seconds(30)).body.text == "whole")
        let whole = stage.backend.requests(since: mark).filter { $0.target == "/public/whole" }
        #expect(whole.map(\.bodyCount) == [Self.bodyBytes])
        #expect(try stage.gateway.residentKiB() < Self.memoryKiBMax)
        try stage.end()
    }

    @Test("R-05 a long download passes within 64 MiB, and a slow client slows the backend")
    func download() throws {
        let stage = try Stage { .standard($0) }
        let sent = Box(0)
        stage.backend.on(
            "/public/down",
            Script { peer, _ in
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.bodyBytes)\r\n\r\n")
                while sent.value < Self.bodyBytes {
                    try peer.send(Pattern.block)
                    sent.change { $0 += Pattern.block.count }
                }
                return true
            })
        let client = try WireClient(to: stage.gateway.address, receiveBufferBytes: 65536)
        try client.send("GET /public/down HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try #require(try WireResponse.head(from: client.reader, by: .soon))
        #expect(head["Content-Length"] == "\(Self.bodyBytes)")
        // Nobody reads: the backend comes to a stop. What it has got rid of lies in the buffers on the way.
        var last = -1
        while sent.value != last {
            last = sent.value
            usleep(300_000)  // a stop has no event
        }
        #expect(last < 32 << 20, "the gateway took \(last) bytes that nobody read")
        #expect(try stage.gateway.residentKiB() < Self.memoryKiBMax)
        #expect(try client.reader.skip(Self.bodyBytes, by: .seconds(60)) == Self.bodyBytes)
        #expect(try stage.gateway.residentKiB() < Self.memoryKiBMax)
        try stage.expectAlive()
        try stage.end()
    }

    @Test("R-03 out of descriptors: no busy loop, and accepting again at once when some come free")
    func descriptors() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let gateway = try Gateway(.standard(backend), wrapper: ["/usr/bin/env", "prlimit", "--nofile=64"])
        let clients = try (1...100).map { _ in try gateway.connect() }
        for client in clients.prefix(70) { client.offer(Array("GET /pub".utf8)) }
        let before = try gateway.cpuSeconds()
        usleep(1_000_000)  // the second in which a busy loop would show
        let used = try gateway.cpuSeconds() - before
        #expect(used < 0.2, "\(used) s of processor time in a second of waiting")
        #expect(gateway.process.isRunning)
        for client in clients { client.close() }
        let answer = try gateway.send(.get("/public/x"), by: .seconds(2))
        #expect(answer.status == 200)
        try gateway.stop()
    }

    @Test("R-11 a chunked request that never progresses keeps no thread busy")
    func standstill() throws {
        let stage = try Stage { .standard($0) }
        let clients = try (1...20).map { _ in
            let client = try stage.gateway.connect()
            try client.send("POST /public/still HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")
            return client
        }
        let before = try stage.gateway.cpuSeconds()
        usleep(500_000)  // the time in which spinning would show
        #expect(try stage.gateway.cpuSeconds() - before < 0.2)
        for client in clients { client.close() }
        try stage.expectAlive()
        try stage.end()
    }

    @Test("R-13 clients that vanish in the middle of answers leave neither descriptors nor memory behind")
    func vanishing() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on("/public/vanish", .download(1 << 20))
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(stage.gateway.process.pid)/fd").count
        }
        func vanish(_ count: Int) throws {
            for _ in 1...count {
                let client = try stage.gateway.connect()
                try client.send("GET /public/vanish HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try client.reader.exactly(100, by: .soon)
                client.socket.reset()
            }
            try stage.expectAlive()
        }
        try vanish(50)
        let (open, resident) = (try descriptors(), try stage.gateway.residentKiB())
        try vanish(300)
        let deadline = Deadline.seconds(5)
        while try descriptors() > open + 5, !deadline.hasPassed { try stage.expectAlive() }
        #expect(try descriptors() <= open + 5)
        #expect(try stage.gateway.residentKiB() < resident + 8192)
        try stage.end()
    }

    @Test("four hundred idle connections cost little, and all are served")
    func idle() throws {
        let stage = try Stage { .standard($0) }
        try stage.expectAlive()
        let before = try stage.gateway.residentKiB()
        let clients = try (1...400).map { _ in try stage.gateway.connect() }
        // Accepted in order: when the last one is served, all are there.
        let last = try #require(clients.last)
        try last.send("GET /public/idle HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try last.mustRespond().status == 200)
        let grown = try stage.gateway.residentKiB() - before
        #expect(grown < 400 * 4, "\(grown) KiB for 400 connections")
        for client in clients {
            try client.send("GET /public/again HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.mustRespond().status == 200)
        }
        try stage.end()
    }
}
