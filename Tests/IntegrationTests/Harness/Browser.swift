import Foundation

/// Debian's Chromium without a window, driven over WebDriver (https://www.w3.org/TR/webdriver2/) by chromium-driver.
final class Browser: Sendable {
    private let folder: TemporaryFolder
    private let driver: ChildProcess
    private let address: SocketAddress
    private let session: String

    /// A page that is open.
    struct Tab: Sendable, Equatable {
        fileprivate let handle: String
    }

    static let isInstalled =
        ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    /// Every host name leads to this machine, so that pages can have names.
    init() throws {
        folder = try TemporaryFolder("browser")
        (driver, address) = try Self.startDriver(in: folder)
        do {
            // As root there is no sandbox, and the only pages are ours.
            let arguments = [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(folder.file("profile"))", "--host-resolver-rules=MAP * 127.0.0.1",
                "--disable-background-networking", "--disable-component-update",
            ]
            let chrome: [String: any Sendable] = ["args": arguments, "binary": "/usr/bin/chromium"]
            let wanted: [String: any Sendable] = ["goog:chromeOptions": chrome, "timeouts": ["script": 30_000]]
            let answer = try Self.ask(address, .post("/session"), ["capabilities": ["alwaysMatch": wanted]])
            guard let id = (answer as? [String: Any])?["sessionId"] as? String else { throw Failure("no session") }
            session = id
        } catch {
            driver.stop()
            throw error
        }
    }

    /// With port 0, the driver lets the kernel choose a port for IPv4, asks for the same one for IPv6, and gives up
    /// when another process has that; then it is simply started again.
    private static func startDriver(in folder: TemporaryFolder) throws -> (ChildProcess, SocketAddress) {
        var attemptsLeft = 3
        while true {
            attemptsLeft -= 1
            let driver = try ChildProcess(
                ["/usr/bin/chromedriver", "--port=0"], environment: ["HOME": folder.path, "TMPDIR": folder.path],
                folder: folder.path, onDeath: "TERM")
            do {
                let line = try driver.output.waitFor("started successfully on port", by: .seconds(30))
                guard let port = line.firstMatch(of: #/port (\d+)/#).flatMap({ UInt16($0.1) }) else {
                    throw Failure("no port in \(line)")
                }
                return (driver, .ipv4(port: port))
            } catch {
                driver.stop()
                guard attemptsLeft > 0 else { throw error }
            }
        }
    }

    func stop() {
        _ = try? Self.ask(address, Call("DELETE", "/session/\(session)"), nil)
        driver.stop()
    }

    /// Opens a page in a tab of its own.
    func open(_ url: String) throws -> Tab {
        let made = try command("window/new", ["type": "tab"])
        guard let handle = (made as? [String: Any])?["handle"] as? String else { throw Failure("no tab") }
        try go(to: url, in: Tab(handle: handle))
        return Tab(handle: handle)
    }

    /// Goes to another page, as if its address had been typed.
    func go(to url: String, in tab: Tab) throws {
        try command("window", ["handle": tab.handle])
        try command("url", ["url": url])
    }

    /// The address of the page that is shown.
    func url(of tab: Tab) throws -> String {
        try command("window", ["handle": tab.handle])
        guard let url = try Self.ask(address, .get("/session/\(session)/url"), nil) as? String else {
            throw Failure("no address")
        }
        return url
    }

    /// Runs the body of an async function in the page, and answers what it returns; what it throws is thrown here.
    @discardableResult
    func run(_ body: String, in tab: Tab) throws -> Any {
        try command("window", ["handle": tab.handle])
        let script = """
            const done = arguments[0];
            (async () => { \(body) })().then((value) => done({value: value ?? null}),
                (problem) => done({problem: String(problem?.stack ?? problem)}));
            """
        let answer = try command("execute/async", ["script": script, "args": [String]()]) as? [String: Any]
        if let problem = answer?["problem"] { throw Failure("the page: \(problem)") }
        return answer?["value"] ?? NSNull()
    }

    @discardableResult
    private func command(_ name: String, _ members: [String: any Sendable]) throws -> Any {
        try Self.ask(address, .post("/session/\(session)/\(name)"), members)
    }

    /// One WebDriver command; the `value` of its answer.
    private static func ask(
        _ address: SocketAddress, _ call: Call, _ members: [String: any Sendable]?
    ) throws -> Any {
        let client = try WireClient(to: address)
        defer { client.close() }
        let call = (members.map { call.json($0) } ?? call).with("Host: 127.0.0.1:\(address.port)")
        client.offer(call.wire())
        let answer = try client.mustRespond(to: call.method, by: .seconds(60))
        guard answer.status == 200 else { throw Failure("\(call.target): \(answer.body.text)") }
        return answer.json["value"] ?? NSNull()
    }
}
