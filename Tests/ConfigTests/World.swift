import Config

/// A world of a few files and variables, all in memory.
struct World {
    var files: [String: [UInt8]]
    var environment: [String: String] = [:]

    struct Missing: Error, CustomStringConvertible {
        var description: String { "no such file" }
    }

    struct Locked: Error, CustomStringConvertible {
        var description: String { "permission denied" }
    }

    init(_ files: [String: String], environment: [String: String] = [:]) {
        self.files = files.mapValues { Array($0.utf8) }
        self.environment = environment
    }

    var surroundings: Surroundings {
        let (files, environment) = (files, environment)
        return Surroundings(
            read: { path, bytesMax in
                guard let bytes = files[path] else { throw Missing() }
                return Array(bytes.prefix(bytesMax))
            },
            list: { pattern in
                if pattern.hasPrefix("locked/") { throw Locked() }
                return files.keys.filter { Self.matches($0[...], pattern[...]) }.sorted(by: >)
            },
            environment: { environment[$0] })
    }

    /// `*` only, and never across a slash, as a shell does it.
    private static func matches(_ path: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "*" {
            if matches(path, pattern.dropFirst()) { return true }
            guard let next = path.first, next != "/" else { return false }
            return matches(path.dropFirst(), pattern)
        }
        return path.first == first && matches(path.dropFirst(), pattern.dropFirst())
    }
}

/// What a gateway needs to have at all, so that a test's own lines stand out.
let minimal = """
    listen 127.0.0.1:8080
    public-url http://localhost:8080
    tokens { audience app; key es256 file access.pem }
    upstream web { server 127.0.0.1:3000 }
    route /base -> web

    """

/// Reads a text as `gateway.conf`.
func read(
    _ text: String, files: [String: String] = [:], environment: [String: String] = [:]
) -> (configuration: Configuration, problems: Problems) {
    var problems = Problems()
    let world = World(files.merging(["gateway.conf": text]) { $1 }, environment: environment)
    let configuration = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
    return (configuration, problems)
}
