import Foundation

/// A backend that nobody here wrote: nginx from Debian.
///
/// It says what it was sent in answer headers, serves files below `/files/`, and takes uploads below `/upload/`.
final class NginxBackend: Sendable {
    let address: SocketAddress
    let folder: TemporaryFolder
    private let process: ChildProcess

    init() throws {
        folder = try TemporaryFolder("nginx")
        let socket = try BoundSocket()
        let port = socket.address.port
        try FileManager.default.createDirectory(atPath: folder.file("www"), withIntermediateDirectories: true)
        try folder.write("www/hello.txt", "hello from nginx\n", mode: 0o644)
        try folder.write("nginx.conf", Self.configuration(port: port, folder: folder.path), mode: 0o644)
        chmod(folder.path, 0o755)
        address = .ipv4(port: port)
        process = try ChildProcess(
            [Self.program(), "-p", folder.path, "-c", folder.file("nginx.conf"), "-e", "stderr"], onDeath: "QUIT")
        // The port stays ours, bound without listening, until nginx listens on it.
        try withExtendedLifetime(socket) { try waitUntilAccepting(address, process) }
    }

    func stop() { process.stop(signal: SIGQUIT) }

    private static func program() throws -> String {
        let candidates = ["/usr/sbin/nginx", "/usr/bin/nginx"]
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw Failure("nginx is not installed; deploy/test installs it")
        }
        return found
    }

    private static func configuration(port: UInt16, folder: String) -> String {
        """
        daemon off; worker_processes 1; pid \(folder)/nginx.pid; error_log stderr warn;
        events { worker_connections 256; }
        http {
            access_log off; client_max_body_size 0; default_type text/plain;
            client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
            server {
                listen 127.0.0.1:\(port);
                location / {
                    add_header Seen-User $http_x_user_id always;
                    add_header Seen-Roles $http_x_user_roles always;
                    return 200 "$request_method $request_uri $http_x_user_email\\n";
                }
                location /public/files/ { alias \(folder)/www/; }
                location /public/upload/ { proxy_pass http://127.0.0.1:\(port)/swallow/; }
                location /swallow/ { return 200 "swallowed $content_length\\n"; }
            }
        }
        """
    }
}

/// Another backend that nobody here wrote: Python's `http.server`, which speaks HTTP/1.0 and closes after each answer.
final class PythonBackend: Sendable {
    let address: SocketAddress
    let folder: TemporaryFolder
    private let process: ChildProcess

    init() throws {
        folder = try TemporaryFolder("python")
        try folder.write("public/hello.txt", "hello from python\n", mode: 0o644)
        try folder.write("api/secret.txt", "only for the signed-in\n", mode: 0o644)
        process = try ChildProcess(
            ["/usr/bin/env", "python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"], folder: folder.path)
        let line = try process.output.waitFor("Serving HTTP on", "port")
        guard let match = line.firstMatch(of: #/port (\d+)/#), let port = UInt16(match.1) else {
            throw Failure("no port in \(line)")
        }
        address = .ipv4(port: port)
    }

    /// The requests it has logged: method, target and status.
    var log: LineLog { process.errors }

    func stop() { process.stop() }
}

/// Waits until a server that does not say when it is ready takes a connection.
func waitUntilAccepting(_ address: SocketAddress, _ process: ChildProcess) throws {
    try until("somebody listens on \(address)") {
        guard process.isRunning else { throw Failure("\(process.errors.text)") }
        guard let socket = try? WireSocket(connectingTo: address) else { return false }
        socket.close()
        return true
    }
}
