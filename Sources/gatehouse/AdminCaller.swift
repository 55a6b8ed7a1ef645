import Config
import EventLoop
import Gateway

/// One request to the admin listener.
actor AdminCaller: LoopResident {
    nonisolated let loop: EventLoop
    nonisolated let home: LoopHome
    private var answer: Result<(status: UInt16, text: String), CommandFailure> = .failure(CommandFailure("no answer"))

    /// A reload looks names up, which may take a while.
    private static let waitMilliseconds: Milliseconds = 60_000
    private static let answerBytesMax = 1 << 20

    init(loop: EventLoop) {
        self.loop = loop
        home = loop.asHome
    }

    /// One call of the `admin` address that a file names; nil when a signal came first.
    ///
    /// The file may have mistakes: the gateway that runs has read another one.
    static func call(
        _ method: String, _ path: String, _ file: String, otherwise: String = ""
    ) throws -> (answer: (status: UInt16, text: String), admin: ListenAddress)? {
        var problems = Problems()
        let configuration = Configuration.read(file, from: .system, problems: &problems)
        guard let admin = configuration.admin?.value else {
            // A file that cannot be read, or in which the word is spelt otherwise, is no file without the address.
            let mistakes = problems.withoutNotes
            if !mistakes.isEmpty { StandardStreams.reportError(mistakes.report()) }
            if problems.hasErrors {
                throw CommandFailure(
                    "\(file) has mistakes, and names no `admin` address, by which the running gateway is asked\(otherwise)",
                    status: .badConfiguration)
            }
            throw CommandFailure("\(file) has no `admin` address, by which the running gateway is asked\(otherwise)")
        }
        // Before any thread starts: threads inherit which signals are blocked.
        let signals: Signals
        do { signals = try Signals() } catch { throw CommandFailure("signals cannot be received: \(error)") }
        let caller: AdminCaller
        do {
            let loop = try EventLoop(name: "admin")
            try loop.start()
            caller = AdminCaller(loop: loop)
        } catch { throw CommandFailure("nothing can be asked: \(error.words)") }
        defer { caller.loop.stop() }
        guard let answer = signals.wait(for: { await caller.ask(method, path, admin) }) else { return nil }
        return (try answer.get(), admin)
    }

    private nonisolated func ask(
        _ method: String, _ path: String, _ address: ListenAddress
    ) async -> Result<(status: UInt16, text: String), CommandFailure> {
        await start { await $0.call(method, path, address) }.value
        return await answer
    }

    private func call(_ method: String, _ path: String, _ address: ListenAddress) async {
        do {
            guard let first = try SocketAddress.resolve(address).first else { return }
            let socket = try await loop.connect(to: first, deadline: loop.deadline(after: 5_000))
            defer { socket.close() }
            let request =
                "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            try await socket.send(Array(request.utf8), stall: 5_000)
            answer = read(try await receiveAll(socket))
        } catch let error as IOError {
            answer = .failure(
                CommandFailure(
                    "\(address) does not answer: \(error.words); does the gateway run, with this `admin`?"))
        } catch {
            answer = .failure(CommandFailure("\(address) does not answer: \(error)"))
        }
    }

    private func receiveAll(_ socket: Socket) async throws(IOError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = Buffer(capacityBytes: 16 << 10)
        let deadline = loop.deadline(after: Self.waitMilliseconds)
        while bytes.count < Self.answerBytesMax, try await socket.receive(into: buffer, deadline: deadline) > 0 {
            buffer.move(buffer.count, to: &bytes)
        }
        return bytes
    }

    private func read(_ bytes: [UInt8]) -> Result<(status: UInt16, text: String), CommandFailure> {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 "), let status = UInt16(text.dropFirst(9).prefix(3)),
            let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) })
        else { return .failure(CommandFailure("the answer is not the gateway's")) }
        return .success((status, String(decoding: bytes[(end + 4)...], as: UTF8.self)))
    }
}
