import ArgumentParser
import Config
import EventLoop
import Gateway

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the running gateway read its configuration anew, and say what changed.",
        discussion: """
            Asks through the `admin` address of the file; without one, send HUP to the process. All or nothing: a file with a \
            mistake changes nothing (exit code 78). Open connections stay open.
            """)

    @OptionGroup var configurationOption: ConfigurationOption

    func run() throws {
        // The file may have mistakes, about which the gateway has more to say.
        var problems = Problems()
        let configuration = Configuration.read(configurationOption.file, from: .system, problems: &problems)
        guard let admin = configuration.admin?.value else {
            throw CommandFailure("\(configurationOption.file) has no `admin` address; send HUP to the gateway instead")
        }
        // Before any thread starts: threads inherit which signals are blocked.
        let signals: Signals
        do { signals = try Signals() } catch { throw CommandFailure("signals cannot be received: \(error)") }
        let caller: AdminCaller
        do {
            let loop = try EventLoop(name: "reload")
            try loop.start()
            caller = AdminCaller(loop: loop)
        } catch { throw CommandFailure("nothing can be asked: \(error.words)") }
        defer { caller.loop.stop() }
        guard let answer = signals.wait(for: { await caller.put("/reload", to: admin) }) else { return }
        switch answer {
        case .failure(let failure): throw failure
        case .success((200, let text)): print(text, terminator: "")
        case .success((409, let text)):
            StandardStreams.reportError(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            throw QuietFailure(status: .badConfiguration)
        case .success((let status, _)):
            throw CommandFailure("\(admin) answers \(status): is that the gateway's `admin`?")
        }
    }
}

/// One request to the admin listener.
private actor AdminCaller: LoopResident {
    nonisolated let loop: EventLoop
    nonisolated let home: LoopHome
    private var answer: Result<(UInt16, String), CommandFailure> = .failure(CommandFailure("no answer"))

    /// A reload looks names up, which may take a while.
    private static let waitMilliseconds: Milliseconds = 60_000
    private static let answerBytesMax = 1 << 20

    init(loop: EventLoop) {
        self.loop = loop
        home = loop.asHome
    }

    nonisolated func put(_ path: String, to address: ListenAddress) async -> Result<(UInt16, String), CommandFailure> {
        await start { await $0.call(path, address) }.value
        return await answer
    }

    private func call(_ path: String, _ address: ListenAddress) async {
        do {
            guard let first = try SocketAddress.resolve(address).first else { return }
            let socket = try await loop.connect(to: first, deadline: loop.deadline(after: 5_000))
            defer { socket.close() }
            let request = "PUT \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            try await socket.send(Array(request.utf8), stall: 5_000)
            answer = read(try await receiveAll(socket))
        } catch let error as IOError {
            answer = .failure(CommandFailure("\(address) does not answer: \(error.words); does the gateway run?"))
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

    private func read(_ bytes: [UInt8]) -> Result<(UInt16, String), CommandFailure> {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 "), let status = UInt16(text.dropFirst(9).prefix(3)),
            let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) })
        else { return .failure(CommandFailure("the answer is not the gateway's")) }
        return .success((status, String(decoding: bytes[(end + 4)...], as: UTF8.self)))
    }
}
