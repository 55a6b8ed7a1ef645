import ArgumentParser
import EventLoop
import Gateway

struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Run a backend that answers with what it received.")

    @Option(help: "The port to listen on; 0: any that is free.")
    var port: UInt16 = 3000

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @OptionGroup var configurationOption: ConfigurationOption

    func run() throws {
        do {
            // Before any thread starts: threads inherit which signals are blocked.
            try serve(Signals())
        } catch let problem as IOError {
            throw CommandFailure("cannot listen on \(host):\(port): \(problem.words)")
        } catch let problem as SocketAddress.ResolutionError {
            throw CommandFailure("cannot listen on \(host): \(problem.words)")
        }
    }

    private func serve(_ signals: consuming Signals) throws {
        let loop = try EventLoop(name: "echo")
        let listening = try ListeningDescriptor(
            binding: SocketAddress.resolve(host: host, port: port)[0], sharesPort: false)
        let address = listening.address
        let server = EchoServer(listening, on: loop)
        try loop.start()
        guard let started = signals.wait(for: { await server.start() }) else { return }
        if let problem = started { throw problem }
        StandardStreams.write("gatehouse echo listens on http://\(address)")
        while signals.next() != .terminate {}
        loop.stop()
    }
}
