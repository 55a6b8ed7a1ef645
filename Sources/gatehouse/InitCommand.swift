import ArgumentParser
import Config
import Crypto
import EventLoop
import Gateway
import Storage

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a configuration, a signing key and a database that work at once.",
        discussion: "Nothing is ever overwritten.")

    @Argument(help: "Where to put them; made when it is missing.")
    var directory = "."

    @Option(help: "Where the gateway listens.")
    var listen = "127.0.0.1:8080"

    @Option(help: "The backend behind it.")
    var backend = "127.0.0.1:3000"

    @Option(help: "Where /healthz, /readyz and /metrics are answered.")
    var admin = "127.0.0.1:9901"

    @Option(name: [.customShort("c"), .customLong("config")], help: "The name of the configuration file.")
    var file = "gateway.conf"

    func run() throws {
        let starter = try StarterConfiguration(listen: listen, backend: backend, admin: admin)
        let configuration = join(directory, file)
        let keys = join(FileSystem.parent(of: configuration), "keys")
        let key = join(keys, "access.pem")
        let database = join(FileSystem.parent(of: configuration), "gatehouse.db")
        let present = [configuration, key, database].filter(FileSystem.exists)
        guard present.isEmpty else {
            throw CommandFailure("\(present.joined(separator: ", ")): there already, and left as it is")
        }
        do {
            try FileSystem.makeDirectory(FileSystem.parent(of: configuration), mode: 0o755)
            try FileSystem.makeDirectory(keys, mode: 0o700)
            let pem = try PrivateKey.generate(.p256).pem()
            try pem.withBytes { (bytes: borrowing Span<UInt8>) throws(FileProblem) in
                try FileSystem.create(key, contents: bytes, mode: 0o600)
            }
            try Store.open(.sqlite(path: database), sealing: Unsealed()).close()
            // Last, so that a configuration that is there has all that it names.
            try FileSystem.create(configuration, contents: Array(starter.text.utf8).span, mode: 0o644)
            // What was made is held to what it promises, before anybody relies on it.
            _ = try LoadedConfiguration.load(configuration)
        } catch {
            // Half of it would keep the next try from making the whole.
            for path in [configuration, key, database] { try? FileSystem.remove(path) }
            if let problems = error as? Problems { throw BadConfiguration(problems: problems) }
            throw CommandFailure("\(error)")
        }
        print(
            """
            Made \(configuration), \(key) and \(database).
            Try it: gatehouse echo --port \(starter.backendPort) &
                    gatehouse run -c \(configuration)
            """)
    }

    private func join(_ directory: String, _ name: String) -> String {
        name.utf8.first == UInt8(ascii: "/") || directory == "." ? name : "\(directory)/\(name)"
    }
}
