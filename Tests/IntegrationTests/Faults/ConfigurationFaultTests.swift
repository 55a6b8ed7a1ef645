import Foundation
import Testing

/// Group G of the catalogue: mistakes in the configuration. None starts a gateway.
@Suite("G: configuration mistakes")
struct ConfigurationFaultTests {
    /// What `run` and `check` say of a configuration that must not be used.
    private func refusal(
        of text: String, files: [String: String] = [:], environment: [String: String] = [:], status: Int32 = 78
    ) throws -> String {
        let folder = try TemporaryFolder("mistake")
        try folder.write("secret", Forge.secretText)
        try folder.write("gateway.conf", text)
        for (name, contents) in files { try folder.write(name, contents) }
        var words = ""
        for command in [["check", "--offline"], ["run"]] {
            let ran = try GatewayBinary.run(command + ["-c", "gateway.conf"], in: folder, environment: environment)
            #expect(ran.ending == .exit(status), "\(command): \(ran.ending) \(ran.errors)")
            words = ran.errors
        }
        #expect(
            !FileManager.default.fileExists(atPath: folder.file("gatehouse.db")),
            "a bad configuration makes no database")
        return words
    }

    private static let good = """
        listen 127.0.0.1:0
        public-url http://localhost:8080
        database sqlite gatehouse.db
        tokens {
            issuer http://localhost:8080
            audience a
            key hs256 file secret
        }
        upstream web { server 127.0.0.1:9 }
        route /* public -> web

        """

    /// A line that is wrong, where in it, and a word that the message must hold.
    static let mistakes: [(line: String, column: Int, word: String)] = [
        ("lisen 127.0.0.1:1", 1, "listen"),
        ("database sqlite other.db", 1, "database"),
        ("listen 127.0.0.1:99999", 8, "port"),
        ("listen", 1, "listen"),
        ("registration opened", 14, "open"),
        ("route /x role -> web", 1, "role"),
        ("route /x user -> wep", 18, "web"),
        ("route /x admin -> web", 10, "admin"),
        ("route x user -> web", 7, "x"),
        ("route /api/auth/x public -> web", 7, "/api/auth"),
        ("route /a/*/b public -> web", 7, "*"),
        ("route /* user -> web", 1, "route"),
        ("route /x accept everything -> web", 17, "everything"),
        ("expect GET /x as nobody -> 401", 1, "/x"),
        ("expect GET /x as somebody -> 200", 18, "somebody"),
        ("trusted-proxies 10.0.0.0/99", 17, "10.0.0.0/99"),
        ("trusted-proxies all", 17, "all"),
        ("bcrypt-cost 99", 13, "99"),
        ("timeouts { head soon }", 17, "soon"),
        ("timeouts { heads 1s }", 12, "head"),
        ("sizes { head 1z }", 14, "1z"),
        ("limits { login many per 15m }", 16, "many"),
        ("upstream web { server 127.0.0.1:1 }", 10, "web"),
        ("upstream none { }", 10, "none"),
        ("headers { user-id X User }", 1, "headers"),
        ("cors example.com", 6, "example.com"),
        ("include nothing.conf", 9, "nothing.conf"),
        ("audience ${GATEHOUSE_TEST_UNSET_VARIABLE}", 1, "audience"),
        ("drain-grace ${GATEHOUSE_TEST_UNSET_VARIABLE}", 13, "GATEHOUSE_TEST_UNSET_VARIABLE"),
        ("access-log \"unclosed", 12, "\""),
        ("upstream open {", 1, "{"),
        ("}", 1, "}"),
    ]

    @Test("G-01 a mistake is refused with file, line, column, the line and a caret", arguments: mistakes)
    func mistake(line: String, column: Int, word: String) throws {
        let words = try refusal(of: Self.good + line + "\n")
        let number = Self.good.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(words.contains("gateway.conf:\(number):"), "\(words)")
        #expect(words.contains(word), "\(words)")
        #expect(words.contains("^"), "\(words)")
        if words.contains("gateway.conf:\(number):\(column):") == false, column > 1 {
            Issue.record("not at column \(column): \(words)")
        }
    }

    @Test("G-01 every mistake is reported in one run")
    func all() throws {
        let words = try refusal(of: Self.good + "lisen 1\nregistration maybe\nbcrypt-cost x\n")
        for line in 11...13 { #expect(words.contains("gateway.conf:\(line):"), "\(words)") }
    }

    @Test("G-01 what is not built yet says so", arguments: ["tls cert.pem key.pem", "acme someone@example.com"])
    func notBuilt(line: String) throws {
        #expect(try !refusal(of: Self.good + line + "\n").isEmpty)
    }

    @Test("G-01 an include that includes itself is refused")
    func includeLoop() throws {
        let words = try refusal(of: Self.good + "include more.conf\n", files: ["more.conf": "include gateway.conf\n"])
        #expect(words.contains("more.conf:1:"), "\(words)")
    }

    @Test("G-01 NUL, a byte that is no UTF-8, and an enormous file are refused")
    func bytes() throws {
        _ = try refusal(of: Self.good + "# a\0b\n\0\n")
        let folder = try TemporaryFolder("bytes")
        try folder.write("secret", Forge.secretText)
        for contents in [
            Data(Self.good.utf8) + Data([0xFF, 0xFE, 0x0A]), Data(count: 100 << 20),
            Data(repeating: 0x61, count: 100 << 20), Data(),
        ] {
            try folder.write("gateway.conf", contents)
            let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
            #expect(ran.ending == .exit(78), "\(ran.ending)")
            #expect(ran.errors.utf8.count < 100_000)
        }
        let missing = try GatewayBinary.run(["run", "-c", "none.conf"], in: folder)
        #expect(missing.ending == .exit(78) && missing.errors.contains("none.conf"))
    }

    @Test("G-01 CRLF line ends and a byte order mark are taken or refused with a word, never misread")
    func lineEnds() throws {
        let folder = try TemporaryFolder("crlf")
        try folder.write("secret", Forge.secretText)
        for text in [Self.good.replacing("\n", with: "\r\n"), "\u{FEFF}" + Self.good] {
            try folder.write("gateway.conf", text)
            let ran = try GatewayBinary.run(["check", "--offline", "-c", "gateway.conf"], in: folder)
            #expect(
                ran.ending == .exit(0) || (ran.ending == .exit(78) && ran.errors.contains("gateway.conf:1:")),
                "\(ran.errors)")
        }
    }

    @Test("G-02 a secret that is missing, short, or readable by others is refused, and never shown")
    func secrets() throws {
        let text = Self.good.replacing("hs256 file secret", with: "hs256 env GATEHOUSE_TEST_SECRET")
        #expect(try refusal(of: text).contains("GATEHOUSE_TEST_SECRET"))
        let short = try refusal(of: text, environment: ["GATEHOUSE_TEST_SECRET": "31bytes-31bytes-31bytes-31bytes"])
        #expect(short.contains("32"))
        #expect(!short.contains("31bytes-31bytes"))
        #expect(try refusal(of: text, environment: ["GATEHOUSE_TEST_SECRET": ""]).contains("GATEHOUSE_TEST_SECRET"))

        let folder = try TemporaryFolder("readable")
        try folder.write("gateway.conf", Self.good)
        let onMemory = try ChildProcess.run(["/usr/bin/env", "stat", "-f", "-c", "%T", folder.path]).output == "tmpfs"
        for (contents, mode, isGood) in [
            (Forge.secretText, 0o644, onMemory), (Forge.secretText, 0o600, true),
            (String(Forge.secretText.dropLast()), 0o600, false),
            (String(Forge.secretText.dropLast()) + "\n", 0o600, false),
            (Forge.secretText + "\n", 0o600, true), ("", 0o600, false),
        ] {
            try folder.write("secret", contents, mode: mode)
            let ran = try GatewayBinary.run(["check", "--offline", "-c", "gateway.conf"], in: folder)
            #expect(
                ran.ending == .exit(isGood ? 0 : 78),
                "\(contents.count) bytes, \(String(mode, radix: 8)): \(ran.errors)")
            #expect(!ran.errors.contains(Forge.secretText.prefix(20)))
        }
    }

    @Test("G-02 the secret of the example configuration is no secret: init makes a key of its own")
    func initKeys() throws {
        var keys: Set<String> = []
        for _ in 1...2 {
            let folder = try TemporaryFolder("init")
            let ran = try GatewayBinary.run(["init", "."], in: folder)
            try #require(ran.ending == .exit(0), "\(ran.errors)")
            let checked = try GatewayBinary.run(["check", "-c", "gateway.conf"], in: folder)
            #expect(checked.ending == .exit(0), "\(checked.errors)")
            let again = try GatewayBinary.run(["init", "."], in: folder)
            #expect(again.ending == .exit(1), "nothing is overwritten")
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where name.hasSuffix(".pem") {
                keys.insert(try folder.read(name))
                let mode =
                    try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
        }
        #expect(keys.count == 2)
    }

    @Test("G-07 with roles listed, a rule for a role that nobody can have is refused")
    func unknownRole() throws {
        let words = try refusal(of: Self.good + "roles user admin\nroute /x role admni -> web\n")
        #expect(words.contains("admni") && words.contains("admin"), "\(words)")
        #expect(try !refusal(of: Self.good + "roles user admin\nexpect GET /x as role owner -> 200\n").isEmpty)
    }

    @Test("G-04 two routes that tie are an error that names both lines")
    func tie() throws {
        let words = try refusal(of: Self.good + "route /x/* user -> web\nroute /x/* public -> web\n")
        #expect(words.contains("gateway.conf:12:") && words.contains("11"), "\(words)")
    }

    @Test("G-12 a log that cannot be written, and a database that cannot, stop the start with exit 1")
    func unwritable() throws {
        for line in ["access-log /nowhere/at/all.log", "database sqlite /nowhere/at/all.db"] {
            let folder = try TemporaryFolder("unwritable")
            try folder.write("secret", Forge.secretText)
            let base =
                line.hasPrefix("database") ? Self.good.replacing("database sqlite gatehouse.db\n", with: "") : Self.good
            try folder.write("gateway.conf", base + line + "\n")
            let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
            #expect(ran.ending == .exit(1), "\(ran.ending) \(ran.errors)")
            #expect(ran.errors.contains("/nowhere/at/all"), "\(ran.errors)")
        }
    }

    @Test("the example configuration, as it is shipped, has no mistake")
    func example() throws {
        let folder = try TemporaryFolder("example")
        let text = try String(
            contentsOf: GatewayBinary.package.appendingPathComponent("gateway.conf.example"), encoding: .utf8)
        try folder.write("gateway.conf", text)
        _ = try GatewayBinary.run(["init", "made"], in: folder)
        if FileManager.default.fileExists(atPath: folder.file("made/keys")) {
            try FileManager.default.copyItem(atPath: folder.file("made/keys"), toPath: folder.file("keys"))
        }
        let ran = try GatewayBinary.run(
            ["check", "--offline", "-c", "gateway.conf"], in: folder,
            environment: ["ACCESS_TOKEN_SECRET": Forge.secretText])
        #expect(ran.ending == .exit(0), "\(ran.errors)")
    }
}

/// A gateway that is its own backend.
@Suite("G: loops")
struct LoopTests {
    @Test("G-09 an upstream that is the gateway itself ends in 508, not in a storm")
    func loop() throws {
        // The port must be known before the gateway starts: a Unix socket has a name of the test's own choice.
        let folder = try TemporaryFolder("loop")
        var configuration = Configuration(
            "upstream self { server unix:\(folder.file("self.sock")) }", "route /* public -> self")
        configuration.listen = ["127.0.0.1:0", "unix:\(folder.file("self.sock"))"]
        let gateway = try Gateway(configuration)
        let answer = try gateway.send(.get("/x"))
        #expect(answer.status == 508)
        #expect(answer.code == "LOOP_DETECTED")
        try gateway.stop()
    }
}
