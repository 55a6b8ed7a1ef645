import EventLoop
import Foundation
import Synchronization
import Testing

@testable import Telemetry

/// A directory of its own for each test, gone afterwards.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "telemetry-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}

/// What the writer said for people.
final class Reports: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// The reading end of a named pipe, non-blocking.
final class PipeReader {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_NONBLOCK)
        try #require(descriptor >= 0)
    }

    deinit { close(descriptor) }

    var bytesWaiting: Int {
        var count: Int32 = 0
        let fionread: UInt = 0x541B
        return ioctl(descriptor, fionread, &count) == 0 ? Int(count) : 0
    }

    /// Waits until something can be read, and reads it.
    func read() -> String {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&question, 1, 5000)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}

@Suite("The access log", .serialized)
struct AccessLogTests {
    let scratch: Scratch
    let reports = Reports()

    init() throws {
        scratch = try Scratch()
        // As the gateway does at start.
        signal(SIGPIPE, SIG_IGN)
    }

    func log(_ path: String, batchesMax: Int = 256) throws -> AccessLog {
        try AccessLog(.file(path), format: .json, batchesMax: batchesMax, report: reports.add)
    }

    /// The writer's thread tells nobody what it has done: looked at until it has, for ten seconds at most.
    func wait(until holds: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try !holds() {
            try #require(ContinuousClock.now < deadline, "not within ten seconds")
            sched_yield()
        }
    }

    @Test("every line of every core is written once and whole")
    func allLines() throws {
        let log = try log(scratch.file("access.log"), batchesMax: 10_000)
        DispatchQueue.concurrentPerform(iterations: 4) { core in
            let buffer = LogBuffer(log)
            for number in 0..<5000 {
                var line = AccessLogLine()
                line.route = LogWord("\(core)-\(number)")
                buffer.append(line)
            }
            buffer.flush()
        }
        #expect(log.close())
        let lines = try scratch.text("access.log").split(separator: "\n")
        let identifiers = try lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object?["route"] as? String)
        }
        #expect(identifiers.count == 20_000)
        #expect(Set(identifiers).count == 20_000)
        #expect(identifiers.filter { $0.hasPrefix("2-") } == (0..<5000).map { "2-\($0)" })
        #expect(log.linesDropped == 0)
    }

    @Test("a buffer hands itself over when it is full, and not before")
    func batches() throws {
        let log = try log(scratch.file("access.log"))
        let buffer = LogBuffer(log)
        let line = AccessLogLine()
        buffer.append(line)
        #expect(!buffer.isEmpty)
        for _ in 0..<1000 where !buffer.isEmpty { buffer.append(line) }
        #expect(buffer.isEmpty)
        log.close()
        #expect(try scratch.text("access.log").utf8.count >= LogBuffer.batchBytesMax)
    }

    @Test("after a rotation the old file keeps what came before, and the new one gets what comes after")
    func rotation() throws {
        let log = try log(scratch.file("access.log"))
        log.submit(Array("before\n".utf8), lines: 1)
        try FileManager.default.moveItem(atPath: scratch.file("access.log"), toPath: scratch.file("access.log.1"))
        log.reopen()
        log.close()
        #expect(try scratch.text("access.log.1") == "before\n")
        #expect(try scratch.text("access.log") == "")
    }

    @Test("a name that cannot be opened again leaves the old file in use")
    func rotationFails() throws {
        let directory = scratch.file("logs")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let log = try log(directory + "/access.log")
        try FileManager.default.moveItem(atPath: directory, toPath: scratch.file("moved"))
        log.reopen()
        log.submit(Array("kept\n".utf8), lines: 1)
        log.close()
        #expect(try scratch.text("moved/access.log") == "kept\n")
        #expect(reports.all.count == 1)
        #expect(reports.all.first?.contains("No such file or directory") == true)
    }

    @Test("a full disk loses lines, counts them and says so once")
    func fullDisk() throws {
        let log = try log("/dev/full")
        for _ in 0..<3 { log.submit(Array("one\ntwo\n".utf8), lines: 2) }
        log.close()
        #expect(log.linesDropped == 6)
        #expect(reports.all.count == 1)
        #expect(reports.all.first?.contains("No space left on device") == true)
    }

    @Test("a reader that goes away and comes back loses what was written in between, and nothing else")
    func brokenPipe() throws {
        let path = scratch.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        var reader: PipeReader? = try PipeReader(path)
        let log = try log(path)
        log.submit(Array("first\n".utf8), lines: 1)
        #expect(reader?.read() == "first\n")
        reader = nil
        log.submit(Array("lost\nlost\n".utf8), lines: 2)
        try wait { log.linesDropped == 2 }
        reader = try PipeReader(path)
        log.submit(Array("again\n".utf8), lines: 1)
        #expect(reader?.read() == "again\n")
        log.close()
        #expect(log.linesDropped == 2)
        #expect(reports.all.count == 2)
        #expect(reports.all.last?.contains("works again") == true)
    }

    @Test("a reader that stands still costs lines, never the core's time, and a bounded close")
    func stuckPipe() throws {
        let path = scratch.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let reader = try PipeReader(path)
        let log = try log(path, batchesMax: 4)
        let batch = [UInt8](repeating: UInt8(ascii: "x"), count: 128 * 1024 - 1) + [UInt8(ascii: "\n")]
        for _ in 0..<20 { log.submit(batch, lines: 1) }
        #expect(log.linesDropped >= 15)
        #expect(!log.close(secondsMax: 0))
        let written = 20 - log.linesDropped
        var seen = 0
        while seen < Int(written) * batch.count {
            let piece = reader.read()
            try #require(!piece.isEmpty, "only \(seen) bytes came")
            seen += piece.utf8.count
        }
        #expect(log.close())
    }

    @Test("a line that was cut off does not become the head of the next one")
    func torn() throws {
        let path = scratch.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        var reader: PipeReader? = try PipeReader(path)
        let log = try log(path)
        log.submit([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20) + [UInt8(ascii: "\n")], lines: 1)
        // The writer is in the middle of the line once the pipe is full (pipe(7): 64 KiB).
        try wait { try #require(reader).bytesWaiting == 1 << 16 }
        reader = nil
        try wait { log.linesDropped == 1 }
        let next = try PipeReader(path)
        log.submit(Array("next\n".utf8), lines: 1)
        var seen = ""
        while !seen.hasSuffix("next\n") {
            let piece = next.read()
            try #require(!piece.isEmpty, "the next line did not come")
            seen += piece
        }
        #expect(seen.hasSuffix("x\nnext\n"))
        log.close()
    }

    @Test("a destination that cannot be opened is an error at start")
    func unopenable() {
        #expect(throws: FileProblem.self) { try log("/nonexistent/access.log") }
    }
}
