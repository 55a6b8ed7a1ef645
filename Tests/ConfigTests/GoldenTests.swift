import Config
import Foundation
import Policy
import Testing

/// Configurations with mistakes and, byte for byte, what people are told about them. Each file of `Golden` holds
/// ```
/// What the case shows.
/// == gateway.conf
/// … further `== NAME` files, and `== env` with NAME=value lines
/// == expected
/// … the report, or nothing when there is no problem
/// ```
/// `include base.conf` brings in what a gateway needs to have at all.
///
/// `GATEHOUSE_WRITE_GOLDEN=1` writes the expected parts anew; read the difference before you commit it.
@Suite("What people are told about their configuration")
struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test("there are cases") func thereAreCases() {
        #expect(Self.names.count >= 40)
    }

    @Test("a configuration with mistakes is answered as recorded", arguments: names)
    func reportIsAsRecorded(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        var sections = Self.sections(of: try String(contentsOf: file, encoding: .utf8))
        let recorded = sections.removeValue(forKey: "expected") ?? ""
        var environment: [String: String] = [:]
        for line in (sections.removeValue(forKey: "env") ?? "").split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            environment[String(parts[0])] = String(parts[1])
        }
        sections[""] = nil
        sections["base.conf"] = minimal

        var problems = Problems()
        let world = World(sections, environment: environment)
        let configuration = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
        let table = RouteTable(configuration, problems: &problems)
        table.check(configuration.expectations, problems: &problems)
        if let page = configuration.signInPage {
            table.check(signInPage: page, host: configuration.publicURL.host, problems: &problems)
        }
        Lints.run(configuration, table, problems: &problems)

        let report = problems.report()
        if ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_GOLDEN"] != nil {
            try Self.write(report, to: file)
        } else {
            #expect(report == recorded)
        }
    }

    private static func sections(of text: String) -> [String: String] {
        var sections: [String: String] = [:]
        var name = ""
        // The newline at the end of the file does not begin another line.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("== ") {
                name = String(line.dropFirst(3))
                sections[name] = ""
            } else {
                sections[name, default: ""] += line + "\n"
            }
        }
        return sections
    }

    private static func write(_ report: String, to file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let input = text.components(separatedBy: "== expected")[0]
        try (input + "== expected\n" + report).write(to: file, atomically: true, encoding: .utf8)
    }
}
