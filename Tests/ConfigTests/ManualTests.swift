import Config
import Foundation
import Policy
import Testing

@Suite("The manual and the language are one")
struct ManualTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ name: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    }

    @Test("the reference in docs/configuration.md is the table's; GATEHOUSE_WRITE_DOCS=1 writes it anew")
    func reference() throws {
        let (begin, end) = ("<!-- reference: begin -->\n", "<!-- reference: end -->\n")
        let document = try Self.text("docs/configuration.md")
        let head = try #require(document.range(of: begin))
        let tail = try #require(document.range(of: end))
        let reference = "\n" + Manual.markdown()
        if ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_DOCS"] != nil {
            let written = document[..<head.upperBound] + reference + document[tail.lowerBound...]
            try String(written).write(
                to: Self.root.appendingPathComponent("docs/configuration.md"), atomically: true, encoding: .utf8)
        } else {
            #expect(document[head.upperBound..<tail.lowerBound] == reference)
        }
    }

    @Test("the example names every directive in its block, with its default")
    func exampleNamesEveryDirective() throws {
        let lines = try Self.text("gateway.conf.example").split(separator: "\n").map { line in
            line.drop { $0 == " " || $0 == "#" }.split(separator: " ").joined(separator: " ")
        }
        for (name, block, standard) in Manual.directives {
            #expect(lines.contains { $0 == name || $0.hasPrefix(name + " ") }, "\(block): \(name)")
            guard let standard,
                standard.first.map({ $0.isNumber }) ?? false
                    || ["on", "off", "drop", "closed", "auto"].contains(standard)
            else { continue }
            #expect(
                lines.contains { $0 == "\(name) \(standard)" || $0.hasPrefix("\(name) \(standard) #") },
                "\(block): \(name) \(standard)")
        }
    }

    @Test(
        "the editors' grammars name every directive",
        arguments: [
            "deploy/editor/vim/syntax/gatehouse.vim", "deploy/editor/vscode/syntaxes/gatehouse.tmLanguage.json",
        ])
    func grammars(file: String) throws {
        let words = Set(
            try Self.text(file).split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map(String.init))
        for (name, block, _) in Manual.directives { #expect(words.contains(name), "\(block): \(name)") }
        for spelling in AcceptedSpelling.allCases { #expect(words.contains(spelling.rawValue)) }
        if file.hasSuffix(".json") { _ = try JSONSerialization.jsonObject(with: Data(try Self.text(file).utf8)) }
    }

    @Test("the example is read, compiled and expected without a complaint") func exampleIsRead() throws {
        #expect(Self.report(try Self.text("gateway.conf.example")) == "")
    }

    @Test("the example with every default written out means the same") func exampleWithDefaults() throws {
        // A commented line that begins with a directive is a default or an example.
        let names = Set(Manual.directives.map(\.name))
        let block = Set(["login", "register", "refresh"])
        let lines = try Self.text("gateway.conf.example").split(separator: "\n", omittingEmptySubsequences: false)
        let written = lines.map { line -> String in
            let bare = line.drop { $0 == " " }
            guard bare.hasPrefix("# "), let word = bare.dropFirst(2).split(separator: " ").first.map(String.init),
                names.contains(word) || block.contains(word) || word == "}", !bare.contains("[METHOD"),
                !bare.contains("postgres"),
                !bare.contains(" env ")
            else { return String(line) }
            return String(bare.dropFirst(2))
        }
        #expect(Self.report(written.joined(separator: "\n")) == "")
    }

    private static func report(_ text: String) -> String {
        var problems = Problems()
        let world = World(["gateway.conf": text])
        let configuration = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
        let table = RouteTable(configuration, problems: &problems)
        table.check(configuration.expectations, problems: &problems)
        Lints.run(configuration, table, problems: &problems)
        return problems.report()
    }
}
