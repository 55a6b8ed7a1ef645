import ArgumentParser
import EventLoop

struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Run a backend that answers with what it received.")

    @Option(help: "The port to listen on; 0: any that is free.")
    var port: UInt16 = 3000

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @OptionGroup var configurationOption: ConfigurationOption

    func run() async throws {
        // Before any thread starts: threads inherit which signals are blocked.
        let signals = try Signals()
        let loop = try EventLoop(name: "echo")
        let listening: ListeningDescriptor
        do {
            let address = try SocketAddress.resolve(host: host, port: port)[0]
            listening = try ListeningDescriptor(binding: address, sharesPort: false)
        } catch {
            throw CommandFailure("cannot listen on \(host):\(port): \(error)")
        }
        let address = listening.address
        let server = EchoServer(listening, on: loop)
        try loop.start()
        let started = Task(executorPreference: loop) { try await server.start() }
        try await started.value
        StandardStreams.write("gatehouse echo listens on http://\(address)")
        while signals.next() != .terminate {}
        loop.stop()
    }
}
