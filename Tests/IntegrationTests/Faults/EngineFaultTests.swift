import Testing

/// A kernel, or a sandbox, that has no io_uring for us.
@Suite("io_uring is refused")
struct EngineFaultTests {
    /// As the child itself, so that signals and exit codes are the gateway's.
    private static let refusing = [
        "/usr/bin/env", "strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=io_uring_setup", "-e",
        "inject=io_uring_setup:error=EPERM",
    ]

    @Test("`auto` runs on epoll, and says why")
    func fallsBack() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.ioEngine = "auto"
        let gateway = try Gateway(configuration, wrapper: Self.refusing)
        #expect(gateway.errors.text.contains("by epoll; no io_uring: the kernel or a sandbox forbids it"))
        let client = try gateway.connect()
        try client.send("GET /public/x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.mustRespond().status == 200)
        try gateway.stop()
    }

    @Test("`io-engine io_uring` ends the start with the reason and exit 1")
    func insists() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.ioEngine = "io_uring"
        let folder = try TemporaryFolder("engine")
        try Gateway.prepare(folder, configuration)
        let ran = try ChildProcess.run(
            Self.refusing + [GatewayBinary.path(), "run", "-c", "gateway.conf"], folder: folder.path)
        #expect(ran.ending == .exit(1), "\(ran.errors)")
        #expect(ran.errors.contains("`io-engine io_uring` is not to be had: the kernel or a sandbox forbids it"))
        #expect(!ran.errors.contains("ready"))
    }
}
