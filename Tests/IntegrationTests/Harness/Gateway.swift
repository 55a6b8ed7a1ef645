import Foundation

/// The real binary, running with a configuration of its own.
final class Gateway: Sendable {
    let folder: TemporaryFolder
    let configuration: Configuration
    let process: ChildProcess
    /// Every `listen`, in order.
    let addresses: [SocketAddress]
    let admin: SocketAddress?

    var address: SocketAddress { addresses[0] }

    /// The access log of a gateway with `access-log stdout`.
    var accessLog: LineLog { process.output }
    var errors: LineLog { process.errors }

    /// Starts the gateway and waits until it says that it is ready.
    ///
    /// - Parameter folder: one that another gateway used before, to start again on its database.
    init(
        _ configuration: Configuration, in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
        wrapper: [String] = []
    ) throws {
        self.folder = try folder ?? TemporaryFolder("gateway")
        self.configuration = configuration
        try Self.prepare(self.folder, configuration)
        process = try ChildProcess(
            wrapper + [GatewayBinary.path(), "run", "-c", "gateway.conf"], environment: environment,
            folder: self.folder.path)
        do {
            _ = try process.errors.waitFor("gatehouse: ready", by: .seconds(30))
        } catch {
            process.stop(signal: SIGKILL)
            throw error
        }
        addresses = try Self.addresses(process.errors, after: "gatehouse: listening on ")
        admin = try Self.addresses(process.errors, after: "gatehouse: admin listening on ").first
        guard addresses.count == configuration.listen.count else {
            process.stop()
            throw Failure("the gateway named \(addresses) for \(configuration.listen)")
        }
    }

    /// Writes the configuration, and the secret that the tests sign tokens with.
    static func prepare(_ folder: TemporaryFolder, _ configuration: Configuration) throws {
        try folder.write("gateway.conf", configuration.text)
        if !FileManager.default.fileExists(atPath: folder.file("secret")) {
            try folder.write("secret", Forge.secretText)
        }
    }

    private static func addresses(_ log: LineLog, after words: String) throws -> [SocketAddress] {
        try log.all.compactMap { line in
            guard let range = line.range(of: words) else { return nil }
            return try SocketAddress(parsing: line[range.upperBound...].prefix { $0 != " " })
        }
    }

    /// Asks the gateway to stop as an operator would, and insists on a clean end.
    func stop(by deadline: Deadline = .soon) throws {
        process.signal(SIGTERM)
        let ending: ChildProcess.Ending
        do {
            ending = try process.waitForEnd(by: deadline)
        } catch {
            process.stop(signal: SIGKILL)
            throw error
        }
        guard ending == .exit(0) else {
            throw Failure("the gateway ended with \(ending):\n\(errors.text)")
        }
    }

    /// Ends the gateway without asking, as a power cut would.
    func kill() throws {
        process.signal(SIGKILL)
        _ = try process.waitForEnd()
    }

    func connect() throws -> WireClient { try WireClient(to: address) }

    /// Resident memory in KiB, as the kernel counts it.
    func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let count = Int(line.split(separator: " ", omittingEmptySubsequences: true)[1])
        else { throw Failure("no VmRSS") }
        return count
    }

    /// Processor time used so far, in seconds.
    func cpuSeconds() throws -> Double {
        let stat = try String(contentsOfFile: "/proc/\(process.pid)/stat", encoding: .utf8)
        let fields = stat[stat.index(after: stat.lastIndex(of: ")")!)...].split(separator: " ")
        return (Double(fields[11])! + Double(fields[12])!) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
