import Foundation

/// A PostgreSQL server for tests: its own data folder and port, gone when the test process is gone.
///
/// PostgreSQL refuses to run as root, so root runs it as the user `postgres`. A shell watches over the server and takes
/// orders from a pipe whose other end only this process holds: however the process ends, the shell sees the end of the pipe,
/// stops the server and removes the folder. The orders go through that shell, too, because a server started by a `Process`
/// of its own would keep that one's `waitUntilExit` waiting.
final class PostgresServer: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// One server for all tests that do not stop it.
    static let shared = Result { try PostgresServer() }

    let port: UInt16
    private let folder: String
    private let watch = Process()
    private let orders = Pipe()
    private let replies = Pipe()

    init() throws {
        port = try Self.freePort()
        folder = try Self.makeFolder()
        let programs = try Self.programs()
        // The parts of durability that only matter when the machine itself fails are off.
        let options = """
            -p \(port) -k \(folder) -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
            -c max_connections=200 -c deadlock_timeout=50ms -c shared_buffers=16MB -c log_min_messages=fatal
            """
        let script = """
            cd \(folder) && export PATH=\(programs):$PATH PGDATA=\(folder)/data
            initdb -U gatehouse --auth=trust --no-sync --no-instructions -E UTF8 --locale=C >log 2>&1
            while echo "done $?" && read -r order; do
                case $order in
                    start) pg_ctl -w -l log -o "\(options)" start >>log 2>&1 ;;
                    stop) pg_ctl -w -m immediate stop >>log 2>&1 ;;
                    quit) break ;;
                esac
            done
            pg_ctl -m immediate stop >>log 2>&1
            rm -rf \(folder)
            """
        (watch.executableURL, watch.arguments) = Self.asPostgres(["sh", "-c", script])
        watch.standardInput = orders
        watch.standardOutput = replies
        try watch.run()
        try awaitReply("initdb")
        try start()
    }

    deinit {
        try? orders.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
        watch.waitUntilExit()
    }

    func start() throws {
        try orders.fileHandleForWriting.write(contentsOf: Data("start\n".utf8))
        try awaitReply("start")
    }

    /// Stops the server as a crash would; connections break.
    func stop() throws {
        try orders.fileHandleForWriting.write(contentsOf: Data("stop\n".utf8))
        try awaitReply("stop")
    }

    private func awaitReply(_ order: String) throws {
        var reply = ""
        while !reply.hasSuffix("\n") {
            let data = replies.fileHandleForReading.availableData
            if data.isEmpty { break }
            reply += String(decoding: data, as: UTF8.self)
        }
        guard reply == "done 0\n" else {
            let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
            throw Failure(description: "PostgreSQL, \(order): \(reply)\n\(log)")
        }
    }

    /// A new, empty database.
    func makeDatabase() throws -> String {
        let name = "test_\(UUID().uuidString.prefix(8).lowercased())"
        try query("CREATE DATABASE \(name)", database: "postgres")
        return name
    }

    func url(_ database: String, port: UInt16? = nil, user: String = "gatehouse") -> String {
        "postgresql://\(user)@127.0.0.1:\(port ?? self.port)/\(database)"
    }

    /// Runs SQL through psql; its answer, one row a line.
    @discardableResult
    func query(_ sql: String, database: String) throws -> String {
        try Self.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url(database), "-c", sql])
    }

    private static func asPostgres(_ words: [String]) -> (URL, [String]) {
        (
            URL(fileURLWithPath: "/usr/bin/env"),
            (geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] : []) + words
        )
    }

    /// Runs a program to its end; what it printed.
    @discardableResult
    static func run(_ words: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "\(words): \(said)") }
        return said.trimmingCharacters(in: .newlines)
    }

    /// The newest version that Debian has installed.
    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.max(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) else {
            throw Failure(description: "PostgreSQL is not installed: apt install postgresql")
        }
        return "\(root)/\(newest)/bin"
    }

    private static func makeFolder() throws -> String {
        // Short: a socket's path has 107 bytes at most.
        var template = Array("/tmp/gatehouse-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no folder in /tmp") }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        return folder
    }

    /// A port that the kernel just gave out, and is unlikely to give out again soon.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard named else { throw Failure(description: "no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
