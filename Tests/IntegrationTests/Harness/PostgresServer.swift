import Foundation

/// A PostgreSQL server of this run, in a temporary folder, reached through a Unix socket and TCP on a free port.
final class PostgresServer: @unchecked Sendable {
    private let folder: TemporaryFolder
    /// Keeps the port ours, bound without listening, while the server is down.
    private let reserved: BoundSocket
    private var port: UInt16 { reserved.address.port }
    var address: SocketAddress { reserved.address }
    private let lock = NSLock()
    private var process: ChildProcess?

    /// The one that tests share; each test makes a database of its own in it. Stopped when the run ends.
    static func shared() throws -> PostgresServer { try sharedResult.get() }
    private static let sharedResult = Result { try PostgresServer() }

    private let settings: [String]

    /// - Parameter settings: what stands behind `-c`, beside what all these servers have.
    init(settings: [String] = []) throws {
        self.settings = settings
        folder = try TemporaryFolder("postgres")
        reserved = try BoundSocket()
        if getuid() == 0 {
            _ = try ChildProcess.run(["/usr/bin/env", "chown", "postgres:postgres", folder.path])
        }
        let made = try ChildProcess.run(
            [
                Self.program("initdb"), "-D", folder.file("data"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C", "--no-sync",
            ], folder: folder.path, user: "postgres")
        guard made.ending == .exit(0) else { throw Failure("initdb: \(made.errors)") }
        try start()
    }

    /// Starts the server, also again after `stop`.
    func start() throws {
        let process = try ChildProcess(
            [
                Self.program("postgres"), "-D", folder.file("data"), "-k", folder.path, "-p", "\(port)", "-h",
                "127.0.0.1", "-F", "-c", "max_connections=200", "-c", "shared_buffers=16MB",
            ] + settings.flatMap { ["-c", $0] }, folder: folder.path, user: "postgres", onDeath: "QUIT")
        _ = try process.errors.waitFor("ready to accept connections", by: .seconds(30))
        lock.withLock { self.process = process }
    }

    /// Ends every connection and the server.
    ///
    /// - Parameter signal: SIGQUIT is a crash: nothing is written out, and the next start recovers.
    func stop(signal: Int32 = SIGINT) {
        lock.withLock { process }?.stop(signal: signal)
    }

    /// Stops every process of the server where it stands, or lets all go on.
    func freeze(_ isFrozen: Bool) throws {
        guard let process = lock.withLock({ process }) else { return }
        let signal = isFrozen ? SIGSTOP : SIGCONT
        process.signal(signal)
        let children = try String(contentsOfFile: "/proc/\(process.pid)/task/\(process.pid)/children", encoding: .utf8)
        for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, signal) }
    }

    /// A client that takes a connection, if there is one, and keeps it.
    func session(as role: String) throws -> ChildProcess {
        try ChildProcess([
            Self.program("psql"), "-h", "127.0.0.1", "-p", "\(port)", "-U", role, "-d", "postgres", "-X", "-c",
            "SELECT pg_sleep(60)",
        ])
    }

    /// Makes an empty database.
    ///
    /// - Returns: the words behind `database` in a gateway.conf.
    func makeDatabase() throws -> Database {
        let name = "gatehouse_\(Counter.next())"
        _ = try query("CREATE DATABASE \(name)", in: "postgres")
        return Database(name: name, url: "postgresql://postgres@127.0.0.1:\(port)/\(name)")
    }

    /// Makes an empty database whose tables lie on a small disk.
    func makeDatabase(on disk: SmallDisk) throws -> Database {
        let name = "gatehouse_\(Counter.next())"
        let place = disk.file("tables")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for path in [(place as NSString).deletingLastPathComponent, place] {
            _ = try ChildProcess.run(["/usr/bin/env", "chown", "postgres:postgres", path])
        }
        try query("CREATE TABLESPACE \(name) LOCATION '\(place)'", in: "postgres")
        try query("CREATE DATABASE \(name) TABLESPACE \(name)", in: "postgres")
        return Database(name: name, url: "postgresql://postgres@127.0.0.1:\(port)/\(name)")
    }

    struct Database: Sendable {
        let name: String
        let url: String
        var directive: String { "postgres \"\(url)\"" }
    }

    /// Runs one statement and answers its rows, columns parted by `|`.
    @discardableResult
    func query(_ sql: String, in database: String) throws -> [String] {
        let ran = try ChildProcess.run([
            Self.program("psql"), "-h", folder.path, "-p", "\(port)", "-U", "postgres", "-d", database, "-X", "-A",
            "-t",
            "-q", "-v", "ON_ERROR_STOP=1", "-c", sql,
        ])
        guard ran.ending == .exit(0) else { throw Failure("psql: \(ran.errors)") }
        return ran.output.split(separator: "\n").map(String.init)
    }

    /// Debian keeps the server's programs away from the path, a folder for each version.
    private static func program(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newestFirst = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
        let candidates =
            newestFirst.map { "\(root)/\($0)/bin/\(name)" } + ["/usr/local/bin/\(name)", "/usr/bin/\(name)"]
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw Failure("PostgreSQL is not installed; deploy/test installs it")
        }
        return found
    }
}
