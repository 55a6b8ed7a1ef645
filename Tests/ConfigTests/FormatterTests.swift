import Config
import Foundation
import TestRandom
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

    @Test("a semicolon in front of a directive goes, and its line is laid out like those around it")
    func leadingSemicolon() throws {
        let once = try format("limits {\n;login 10 per 15m\nrefresh 5 per 1m\n;; # end\n}\n")
        #expect(once == "limits {\n    login   10 per 15m\n    refresh 5 per 1m\n    # end\n}\n")
    }

    /// What a layout could tear apart or join.
    private static let pieces = [
        "\"", "\\", "#", ";", "{", "}", "{id}", "->", " -> ", "\n", "\t", "  ", "${A}", "${A:-b}", "$", "\"a b\"",
        "# c\n",
        "; #", "\n\n\n", "route /a -> b\n", "expect GET /a as nobody -> 200\n", "shadow", "not",
        "policy p { any { a; b } }",
        "\u{e9}", "e\u{301}", "\u{301}", "\u{1F468}",
    ]

    @Test("a text with mistakes and oddities in it means the same after formatting, and is not changed a second time")
    func meaning() throws {
        var random = SplitMix(seed: 5)
        var formatted = 0
        for _ in 0..<600 {
            var scalars = Array((Self.texts.randomElement(using: &random) ?? "").unicodeScalars.prefix(600))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0...scalars.count, using: &random)
                if Bool.random(using: &random) {
                    scalars.insert(contentsOf: (Self.pieces.randomElement(using: &random) ?? "").unicodeScalars, at: at)
                } else {
                    scalars.removeSubrange(at..<min(scalars.count, at + Int.random(in: 1...6, using: &random)))
                }
            }
            let text = String(String.UnicodeScalarView(scalars))
            guard let once = try format(text) else { continue }
            formatted += 1
            #expect(try format(once) == once, "\(text)")
            #expect(Self.configuration(once) == Self.configuration(text), "\(text)")
        }
        #expect(formatted > 100)
    }

    /// What is read from a text, and what is wrong with it, wherever it stands.
    private static func configuration(_ text: String) -> [String] {
        let (configuration, problems) = read(text, files: ["base.conf": minimal], environment: ["A": "a b;{"])
        let routes = (configuration.routes + configuration.shadows).map {
            "\($0.label) \(rule($0)) \($0.conditions.map(\.text)) \($0.accept.map(\.value)) \($0.upstream.value)"
        }
        let expectations = configuration.expectations.map {
            "\($0.path.value) \($0.circumstances.text) \($0.status.value)"
        }
        return routes + expectations + configuration.policies.map { "\($0.name.value) \($0.conditions.map(\.text))" }
            + problems.all.map { $0.message.filter { !$0.isNumber } }
    }

    private static func rule(_ line: RouteLine) -> String {
        if case .roles(let names) = line.rule.value { return "\(names.map(\.value))" }
        return "\(line.rule.value)"
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
