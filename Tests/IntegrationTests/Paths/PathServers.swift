import Foundation

/// Servers that nobody here wrote, with a section for each region. They answer in `X-Rule` with the section that they
/// found, and in `X-Read` with the path that they have read.
final class PathServers: Sendable {
    /// Each is one way to set such a server up.
    let addresses: [(name: String, address: SocketAddress)]
    private let folders: [TemporaryFolder]
    private let processes: [ChildProcess]

    /// What is not installed.
    static let missing = ["/usr/sbin/nginx", "/usr/sbin/apache2", "/usr/bin/node", "/usr/bin/python3"]
        .filter { !FileManager.default.isExecutableFile(atPath: $0) }
        .map { ($0 as NSString).lastPathComponent }

    init() throws {
        let (nginx, nginxFolder, nginxPorts) = try Self.start("nginx-paths", ["nginx", "nginx merge_slashes off"]) {
            folder, ports in
            let file = try folder.write("nginx.conf", Self.nginx(ports, folder.path), mode: 0o644)
            return ["/usr/sbin/nginx", "-p", folder.path, "-c", file, "-e", "stderr"]
        }
        let setups = ["apache", "apache AllowEncodedSlashes On", "apache NoDecode, MergeSlashes Off"]
        let (apache, apacheFolder, apachePorts) = try Self.start("apache-paths", setups) { folder, ports in
            let file = try folder.write("apache.conf", Self.apache(ports, folder.path), mode: 0o644)
            return ["/usr/sbin/apache2", "-d", folder.path, "-f", file, "-DFOREGROUND"]
        }
        addresses = nginxPorts + apachePorts
        folders = [nginxFolder, apacheFolder]
        processes = [nginx, apache]
    }

    func stop() { for process in processes { process.stop() } }

    private static func start(
        _ name: String, _ setups: [String], _ command: (TemporaryFolder, [UInt16]) throws -> [String]
    ) throws -> (ChildProcess, TemporaryFolder, [(name: String, address: SocketAddress)]) {
        let folder = try TemporaryFolder(name)
        chmod(folder.path, 0o755)
        let sockets = try setups.map { _ in try BoundSocket() }
        let addresses = sockets.map { SocketAddress.ipv4(port: $0.address.port) }
        let process = try ChildProcess(try command(folder, addresses.map(\.port)), onDeath: "TERM")
        // The ports stay ours, bound without listening, until the server listens on them.
        try withExtendedLifetime(sockets) {
            for address in addresses { try waitUntilAccepting(address, process) }
        }
        return (process, folder, Array(zip(setups, addresses)))
    }

    private static func nginx(_ ports: [UInt16], _ folder: String) -> String {
        let servers = zip(ports, ["on", "off"]).map { port, merge in
            let locations = ([""] + Region.all).flatMap { region in
                let said = "add_header X-Rule \(region.isEmpty ? "/" : region); add_header X-Read $uri; return 204;"
                return region.isEmpty
                    ? ["location / { \(said) }"]
                    : ["location = \(region) { \(said) }", "location \(region)/ { \(said) }"]
            }
            return "server { listen 127.0.0.1:\(port); merge_slashes \(merge); \(locations.joined(separator: "\n")) }"
        }
        return """
            daemon off; worker_processes 1; pid \(folder)/nginx.pid; error_log stderr crit;
            events { worker_connections 64; }
            http {
                access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
                client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
                \(servers.joined(separator: "\n"))
            }
            """
    }

    private static func apache(_ ports: [UInt16], _ folder: String) -> String {
        let setups = ["", "AllowEncodedSlashes On", "AllowEncodedSlashes NoDecode\nMergeSlashes Off"]
        // The sections apply in order, and the last one that covers a path has the last word.
        let sections = (["/"] + Region.all.reversed()).map { region in
            """
            <Location "\(region)">
                Header always set X-Rule \(region)
            </Location>
            """
        }
        let hosts = zip(ports, setups).map { port, setup in
            """
            Listen 127.0.0.1:\(port)
            <VirtualHost 127.0.0.1:\(port)>
                \(setup)
                Header always set X-Read "expr=%{REQUEST_URI}"
                \(sections.joined(separator: "\n"))
            </VirtualHost>
            """
        }
        return """
            ServerName a.test
            PidFile \(folder)/apache.pid
            DefaultRuntimeDir \(folder)
            Mutex file:\(folder)
            ErrorLog /dev/stderr
            LogLevel crit
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
            StartServers 1
            User nobody
            Group nogroup
            KeepAlive On
            MaxKeepAliveRequests 0
            KeepAliveTimeout 300
            DocumentRoot \(folder)
            \(hosts.joined(separator: "\n"))
            """
    }
}

extension PathServers {
    /// How a server reads targets: many at once on one connection. Nil for a target that it refuses.
    static func read(_ targets: [[UInt8]], _ name: String, _ address: SocketAddress) throws -> [PathReading?] {
        var readings: [PathReading?] = []
        while readings.count < targets.count {
            let client = try WireClient(to: address)
            defer { client.close() }
            let before = readings.count
            connection: while readings.count < targets.count {
                let batch = targets[readings.count...].prefix(64)
                // Behind a target that it refuses, a server may close the connection.
                client.offer(
                    batch.flatMap { Array("HEAD ".utf8) + $0 + Array(" HTTP/1.1\r\nHost: a.test\r\n\r\n".utf8) })
                for _ in batch {
                    guard let head = try client.reader.through(Array("\r\n\r\n".utf8), by: .soon) else {
                        break connection
                    }
                    readings.append(reading(head, name))
                }
            }
            guard readings.count > before else { throw Failure("\(name) answers nothing to \(targets[before].text)") }
        }
        return readings
    }

    private static func reading(_ head: [UInt8], _ name: String) -> PathReading? {
        var fields: [String: [UInt8]] = [:]
        for line in head.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "X-R".utf8) {
                fields[Array(line.prefix(6)).text] = Array(line.dropFirst(8).dropLast())
            }
        }
        guard let read = fields["X-Read"], let rule = fields["X-Rule"] else { return nil }
        return PathReading(reader: name, path: read, isDecoded: true, region: rule.text)
    }
}
