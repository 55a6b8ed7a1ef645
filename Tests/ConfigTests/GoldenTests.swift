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
/// `include base.conf` brings in what a gateway needs to have at all. In `== NAME escaped`, `\xHH` is a byte. Behind
/// `== NAME × 40`, the text stands 40 times, with its number for each `№`; with a `№` in NAME there are as many files, and
/// `№+1` is the number of the next one.
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
        let recorded = try Self.parts(of: name).expected
        var sections = Self.sections(of: try String(contentsOf: file, encoding: .utf8))
        sections["expected"] = nil
        var environment: [String: String] = [:]
        for line in (sections.removeValue(forKey: "env") ?? "").split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            environment[String(parts[0])] = String(parts[1])
        }
        sections[""] = nil
        var world = World(["base.conf": minimal], environment: environment)
        for (header, text) in sections { world.files.merge(Self.files(header, text)) { $1 } }

        var problems = Problems()
        let configuration = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
        let table = RouteTable(configuration, problems: &problems)
        table.check(configuration.expectations, problems: &problems)
        if let page = configuration.signInPage {
            table.check(signInPage: page, host: configuration.publicURL.host, problems: &problems)
        }
        Lints.run(configuration, table, problems: &problems)
        _ = ShadowRules(configuration, beside: table, problems: &problems)

        let report = problems.report()
        if ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_GOLDEN"] != nil {
            try Self.write(report, to: file)
        } else {
            #expect(report == recorded)
        }
    }

    /// What stands before `== expected`, and behind it.
    static func parts(of name: String) throws -> (input: String, expected: String) {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        let parts = text.components(separatedBy: "== expected\n")
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }

    private static func files(_ header: String, _ text: String) -> [String: [UInt8]] {
        if header.hasSuffix(" escaped") {
            let pieces = text.components(separatedBy: "\\x")
            let bytes = pieces.dropFirst().flatMap { piece -> [UInt8] in
                [UInt8(piece.prefix(2), radix: 16) ?? 0] + Array(piece.dropFirst(2).utf8)
            }
            return [String(header.dropLast(8)): Array(pieces[0].utf8) + bytes]
        }
        let parts = header.components(separatedBy: " × ")
        guard parts.count == 2, let count = Int(parts[1]) else { return [header: Array(text.utf8)] }
        func numbered(_ text: String, _ number: Int) -> String {
            text.contains("№")
                ? text.replacingOccurrences(of: "№+1", with: "\(number + 1)")
                    .replacingOccurrences(of: "№", with: "\(number)") : text
        }
        var files: [String: [UInt8]] = [:]
        for number in 1...count { files[numbered(parts[0], number), default: []] += numbered(text, number).utf8 }
        return files
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
