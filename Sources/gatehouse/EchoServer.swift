import Bytes
import Encoding
import EventLoop
import HTTP
import Reasons

/// The backend of `gatehouse echo`: it answers every request with what it has received, as JSON.
actor EchoServer: LoopResident {
    nonisolated let loop: EventLoop
    nonisolated let home: LoopHome
    private var listening: ListeningDescriptor?
    private var listener: Listener?
    private var connections: [Int: Socket] = [:]
    private var nextID = 0

    private static let idleMilliseconds: Milliseconds = 60_000
    /// Of a body, this much is shown; the rest is read and counted.
    private static let bodyShownBytesMax = 64 * 1024

    init(_ listening: consuming ListeningDescriptor, on loop: EventLoop) {
        self.listening = consume listening
        self.loop = loop
        home = loop.asHome
    }

    /// - Returns: why connections cannot be accepted; nil when they are.
    func start() -> IOError? {
        guard let listening = listening.take() else { return nil }
        do {
            listener = try Listener(listening, for: self) { server, socket, _ in server.accepted(socket) }
            return nil
        } catch {
            return error
        }
    }

    private func accepted(_ socket: Socket) {
        let id = nextID
        nextID += 1
        connections[id] = socket
        start { await $0.serve(id) }
    }

    /// One request after the other, until the client or an error ends it.
    private func serve(_ id: Int) async {
        guard let socket = connections[id] else { return }
        defer {
            socket.close()
            connections[id] = nil
        }
        let input = Buffer(capacityBytes: 16 * 1024)
        var head = RequestHead()
        do {
            while try await serveNext(socket, input, &head) {}
        } catch let reason as Reason {
            try? await socket.send(
                answer(reason.status, Array("\(reason.sentence)\n".utf8), keepAlive: false, isHead: false),
                stall: Self.idleMilliseconds)
        } catch {
            // The client went away, or said nothing for too long.
        }
    }

    /// - Returns: whether the connection goes on.
    private func serveNext(_ socket: Socket, _ input: Buffer, _ head: inout RequestHead) async throws -> Bool {
        let limits = HeadLimits()
        head.reset()
        var headBytes: Int?
        while headBytes == nil {
            if case .complete(let count) = try head.parse(input.readable, limits: limits) {
                headBytes = count
            } else if try await receive(socket, input) == 0 {
                return false
            }
        }
        var message: [UInt8] = []
        input.move(headBytes ?? 0, to: &message)
        if head.expectsContinue {
            try await socket.send(
                Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), stall: Self.idleMilliseconds)
        }
        guard let body = try await readBody(socket, input, head.framing) else { return false }
        let shown = show(message.span, head, body)
        try await socket.send(
            answer(200, shown, keepAlive: head.keepAlive, isHead: head.knownMethod == .head),
            stall: Self.idleMilliseconds)
        return head.keepAlive
    }

    private func receive(_ socket: Socket, _ input: Buffer) async throws -> Int {
        guard input.makeRoom(limitBytes: 128 * 1024) else { throw Reason.headTooLarge }
        return try await socket.receive(into: input, deadline: loop.deadline(after: Self.idleMilliseconds))
    }

    private struct Body {
        var shown: [UInt8] = []
        var bytes: UInt64 = 0
    }

    /// - Returns: nil when the connection ended before the body did.
    private func readBody(_ socket: Socket, _ input: Buffer, _ framing: BodyFraming) async throws -> Body? {
        var body = Body()
        switch framing {
        case .none, .untilClose:
            break
        case .length(let length):
            while body.bytes < length {
                if input.isEmpty, try await receive(socket, input) == 0 { return nil }
                take(min(input.count, Int(clamping: length - body.bytes)), of: input, into: &body)
            }
        case .chunked:
            var decoder = ChunkDecoder()
            decoding: while true {
                switch try decoder.next(input.readable, from: 0) {
                case .data(let range):
                    input.consume(range.lowerBound)
                    take(range.count, of: input, into: &body)
                case .end(let consumed):
                    input.consume(consumed)
                    break decoding
                case .needMore:
                    input.removeAll()
                    if try await receive(socket, input) == 0 { return nil }
                }
            }
        }
        return body
    }

    private func take(_ count: Int, of input: Buffer, into body: inout Body) {
        body.bytes &+= UInt64(clamping: count)
        let shown = min(count, Self.bodyShownBytesMax - body.shown.count)
        input.move(shown, to: &body.shown)
        input.consume(count - shown)
    }

    // MARK: - The answer

    /// One header a line, so that people can read it too.
    private func show(_ bytes: borrowing Span<UInt8>, _ head: borrowing RequestHead, _ body: Body) -> [UInt8] {
        var json = Array("{\"method\":".utf8)
        json.append(quoted: bytes.extracting(head.method))
        json.append(contentsOf: ",\"target\":".utf8)
        json.append(quoted: bytes.extracting(head.target))
        json.append(contentsOf: ",\"headers\":[".utf8)
        for (index, field) in head.fields.enumerated() {
            json.append(contentsOf: (index == 0 ? "\n  [" : ",\n  [").utf8)
            json.append(quoted: bytes.extracting(field.name))
            json.append(UInt8(ascii: ","))
            json.append(quoted: bytes.extracting(field.value))
            json.append(UInt8(ascii: "]"))
        }
        json.append(contentsOf: "\n],\"body\":".utf8)
        json.append(quoted: body.shown.span)
        json.append(contentsOf: ",\"bodyBytes\":\(body.bytes)}\n".utf8)
        return json
    }

    private func answer(_ status: UInt16, _ content: [UInt8], keepAlive: Bool, isHead: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendStatusLine(status)
        bytes.appendField("Content-Type", status == 200 ? "application/json" : "text/plain")
        bytes.appendField("Content-Length", decimal: UInt64(clamping: content.count))
        if !keepAlive { bytes.appendField("Connection", "close") }
        bytes.appendCRLF()
        if !isHead { bytes.append(contentsOf: content) }
        return bytes
    }
}

extension [UInt8] {
    /// A JSON string; what is not UTF-8 becomes U+FFFD.
    fileprivate mutating func append(quoted text: borrowing Span<UInt8>) {
        var json = JSONWriter(appendingTo: self)
        json.string(repairing: text)
        self = json.finish()
    }
}
