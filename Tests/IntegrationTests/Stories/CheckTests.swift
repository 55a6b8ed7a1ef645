import Foundation
import Testing

/// What `check` says about a configuration that would be served, and in which form.
@Suite("Check")
struct CheckTests {
    private func folder(_ lines: String...) throws -> TemporaryFolder {
        let folder = try TemporaryFolder("check")
        _ = try GatewayBinary.run(["init"], in: folder)
        try folder.write("gateway.conf", try folder.read("gateway.conf") + lines.joined(separator: "\n") + "\n")
        return folder
    }

    @Test("a warning has a place and says what to do, and the file can still be used")
    func warning() throws {
        let folder = try folder("route /admin/health public -> backend")
        let ran = try GatewayBinary.run(["check", "--offline"], in: folder)
        #expect(ran.ending == .exit(0))
        #expect(
            ran.errors.contains("gateway.conf:30:1: warning: everybody passes here, inside /admin/*"), "\(ran.errors)")
        #expect(ran.errors.contains("expect GET /admin/health as nobody -> 200"))
        #expect(ran.output.contains("with 1 warning"))
    }

    @Test("an expectation that says what is meant takes the warning away")
    func meant() throws {
        let folder = try folder(
            "route /admin/health public -> backend", "expect GET /admin/health as nobody -> 200")
        let ran = try GatewayBinary.run(["check", "--offline"], in: folder)
        #expect(ran.errors.isEmpty, "\(ran.errors)")
    }

    @Test("the gateway warns of the same at its start, and keeps notes to itself")
    func sameAtStart() throws {
        let folder = try folder("route /admin/health public -> backend")
        let checked = try GatewayBinary.run(["check", "--offline"], in: folder)
        let stage = try Stage {
            .standard($0).with("route /admin/health public -> backend")
        }
        #expect(checked.errors.contains("warning: everybody passes here, inside /admin/*"))
        #expect(stage.gateway.errors.text.contains("warning: everybody passes here, inside /admin/*"))
        #expect(checked.output.contains("note: registration is open"))
        #expect(!stage.gateway.errors.text.contains("registration is open"))
        try stage.end()
    }

    @Test("remarks for a pull request are one line each, whatever the file is called")
    func annotations() throws {
        let folder = try folder("include \"a:b,c%.conf\"", "route /admin/health public -> backend")
        try folder.write("a:b,c%.conf", "route /admin/open public -> backend\nroute /x usr -> backend\n")
        let bad = try GatewayBinary.run(["check", "--format", "github"], in: folder)
        #expect(bad.ending == .exit(78))
        #expect(bad.errors.isEmpty)
        let error = "::error file=a%3Ab%2Cc%25.conf,line=2,col=10,title=gatehouse check::`usr` is not a word of a route"
        #expect(bad.output.contains(error), "\(bad.output)")
        try folder.write("a:b,c%.conf", "")
        let well = try GatewayBinary.run(["check", "--offline", "--format", "github"], in: folder)
        #expect(well.ending == .exit(0))
        let lines = well.output.split(separator: "\n")
        #expect(
            lines.count == 2 && lines.allSatisfy { $0.hasPrefix("::warning ") || $0.hasPrefix("::notice ") }, "\(lines)"
        )
    }

    @Test("a backend that does not answer is a note here and a warning elsewhere, and --offline does not ask")
    func backends() throws {
        let listening = try RecordingBackend()
        let folder = try folder("upstream other { server \(listening.address) }", "route /other/* user -> other")
        let local = try GatewayBinary.run(["check"], in: folder)
        #expect(local.errors.isEmpty)
        #expect(
            local.output.contains("note: the server `127.0.0.1:3000` of backend does not answer"), "\(local.output)")
        #expect(!local.output.contains("\(listening.address)` of other"))
        #expect(!(try GatewayBinary.run(["check", "--offline"], in: folder).output.contains("does not answer")))
        listening.stop()
    }

    @Test("a database that everybody on the machine can read is a warning")
    func readableDatabase() throws {
        let folder = try folder("")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: folder.file("gatehouse.db"))
        let ran = try GatewayBinary.run(["check", "--offline"], in: folder)
        #expect(ran.errors.contains("everybody on this machine can read"), "\(ran.errors)")
        #expect(ran.errors.contains("chmod 600"))
    }

    @Test("the shipped example has neither a warning nor a note but for backends that are not there")
    func example() throws {
        let folder = try folder("")
        let example = try String(
            contentsOf: GatewayBinary.package.appendingPathComponent("gateway.conf.example"), encoding: .utf8)
        try folder.write("gateway.conf", example)
        let ran = try GatewayBinary.run(["check", "--offline"], in: folder)
        #expect(ran.ending == .exit(0))
        #expect(ran.errors.isEmpty, "\(ran.errors)")
        #expect(ran.output.hasPrefix("gateway.conf is well"), "\(ran.output)")
    }
}
