import Config
import Foundation
import Testing

@Suite("The layout of configuration files")
struct FormatterTests {
    private func format(_ text: String) throws -> String? {
        var problems = Problems()
        return Formatter.format(file: "gateway.conf", Array(text.utf8), problems: &problems)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "routes and expectations become columns, blocks are indented, comments stay; GATEHOUSE_WRITE_GOLDEN=1 writes it anew"
    )
    func layout() throws {
        let after = GoldenTests.folder.appendingPathComponent("layout.after")
        let before = try String(contentsOf: GoldenTests.folder.appendingPathComponent("layout.before"), encoding: .utf8)
        let formatted = try #require(try format(before))
        if ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_GOLDEN"] != nil {
            try formatted.write(to: after, atomically: true, encoding: .utf8)
        } else {
            #expect(try String(contentsOf: after, encoding: .utf8) == formatted)
        }
    }

    /// What the golden files and the example give to read.
    private static let texts: [String] = {
        let files = GoldenTests.names.map { GoldenTests.folder.appendingPathComponent($0) }
        let inputs = files.compactMap { try? String(contentsOf: $0, encoding: .utf8) }.flatMap { text in
            text.components(separatedBy: "\n== ").dropFirst().filter { !$0.hasPrefix("expected") }.map { section in
                section.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().joined(separator: "\n")
            }
        }
        return inputs
    }()

    @Test("formatting twice is formatting once, and no word or comment is lost", arguments: texts.indices)
    func stable(index: Int) throws {
        guard let once = try format(Self.texts[index]) else { return }
        #expect(try format(once) == once)
        let letters = { (text: String) in text.filter { !" \t\n;".contains($0) } }
        #expect(letters(once) == letters(Self.texts[index]))
    }

    @Test("the shipped example is laid out already") func example() throws {
        let text = try String(
            contentsOf: ManualTests.root.appendingPathComponent("gateway.conf.example"), encoding: .utf8)
        #expect(try format(text) == text)
    }

    @Test("what cannot be read is not touched", arguments: ["a \"b", "a }", "a {", "a\r\n", "${"])
    func unreadable(text: String) throws {
        #expect(try format(text) == nil)
    }

    @Test("a file without a word is an empty one") func empty() throws {
        #expect(try format("\n\n") == "")
        #expect(try format("# only") == "# only\n")
    }
}

@Suite("The manual on the terminal")
struct ManualTextTests {
    @Test("a directive in two blocks has two entries, an unknown one none") func entries() throws {
        #expect(Manual.text(of: "timeouts")?.components(separatedBy: "\ntimeouts ").count == 2)
        #expect(Manual.text(of: "nonsense") == nil)
        #expect(Manual.hint(for: "rout") == "did you mean `route`?")
        let lines = try #require(Manual.text()).split(separator: "\n").filter { $0.hasPrefix("    ") }
        #expect(lines.allSatisfy { $0.unicodeScalars.count <= 110 })
    }
}
