import Foundation

/// A `gateway.conf` for one test: what nearly all share, with the parts that differ as plain lines of the language.
struct Configuration: Sendable {
    var listen = ["127.0.0.1:0"]
    var publicURL = "http://localhost:8080"
    var database = "sqlite gatehouse.db"
    /// Nil leaves the default.
    var registration: String? = "open"
    /// As cheap as bcrypt can be.
    var bcryptCost = 4
    /// Inside `tokens { … }`, after issuer and audience.
    var tokens = ["key hs256 file secret"]
    /// Inside `limits { … }`. Off, so that tests may log in as often as they like.
    var limits = ["login off", "register off", "refresh off"]
    /// Inside `timeouts { … }`.
    var timeouts: [String] = []
    /// Inside `sizes { … }`.
    var sizes: [String] = []
    var admin: String? = "127.0.0.1:0"
    var accessLog = "stdout"
    var workers = 1
    /// The engine that all gateways of this run get; `auto` when nobody says. `deploy/test` runs these tests on each of them.
    var ioEngine = ProcessInfo.processInfo.environment["GATEHOUSE_IO_ENGINE"]
    /// Any other directive: upstreams, routes, headers.
    var lines: [String]

    init(_ lines: String...) {
        self.lines = lines
    }

    var text: String {
        var text = listen.map { "listen \($0)\n" }.joined()
        text += """
            public-url \(publicURL)
            database \(database)
            access-log \(accessLog)
            workers \(workers)
            bcrypt-cost \(bcryptCost)

            """
        if let ioEngine { text += "io-engine \(ioEngine)\n" }
        if let registration { text += "registration \(registration)\n" }
        if let admin { text += "admin \(admin)\n" }
        text += block("tokens", ["issuer \(Forge.issuer)", "audience \(Forge.audience)"] + tokens)
        text += block("limits", limits)
        text += block("timeouts", timeouts)
        text += block("sizes", sizes)
        return text + lines.joined(separator: "\n") + "\n"
    }

    private func block(_ name: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(name) {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
    }

    /// The routes most tests need: open, for the signed-in, for administrators.
    static func standard(_ backend: RecordingBackend, catchAll: Bool = false) -> Configuration {
        var configuration = Configuration(
            "upstream backend { server \(backend.address) }",
            "route /public/* public -> backend",
            "route /api/* user -> backend",
            "route /admin/* role admin -> backend",
            "route DELETE /api/* role admin -> backend",
            "route /strip/* user strip-authorization -> backend")
        if catchAll { configuration.lines.append("route /* public -> backend") }
        if Database.ofThisRun == .postgres, let directive = try? Database.postgres.directive() {
            configuration.database = directive
        }
        return configuration
    }
}

// MARK: Variations

extension Configuration {
    func with(_ lines: String...) -> Configuration {
        var copy = self
        copy.lines += lines
        return copy
    }

    /// For what is about SQLite, on whatever database this run is.
    func onSQLite() -> Configuration {
        var copy = self
        copy.database = "sqlite gatehouse.db"
        return copy
    }

    func with(sizes: String...) -> Configuration {
        var copy = self
        copy.sizes += sizes
        return copy
    }

    func with(timeouts: String...) -> Configuration {
        var copy = self
        copy.timeouts += timeouts
        return copy
    }

    func with(tokens: String...) -> Configuration {
        var copy = self
        copy.tokens += tokens
        return copy
    }
}
