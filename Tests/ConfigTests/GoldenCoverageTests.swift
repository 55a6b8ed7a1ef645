import Foundation
import Testing

@testable import Config

/// Golden files are only worth something when they are complete: whatever the language can say to people has been read by
/// somebody in one of them.
@Suite("Golden files for every directive and every message")
struct GoldenCoverageTests {
    /// Sentences that no configuration brings about, or that only other commands say.
    private static let exceptions = [
        // Only `explain` can be given a token of another issuer.
        "another issuer's, who may mean anything by it",
        // When the file itself is missing, which a golden file never is.
        "`gatehouse init` makes one that works at once; `-c FILE` names another",
        // What the twin of a route is called when nobody can say which one it is.
        "another route",
    ]

    /// These write for other commands, or lay out what others say.
    private static let silentFiles = ["Manual.swift", "Formatter.swift", "Problems+Report.swift", "Candidates.swift"]

    @Test("every sentence that the reading of a configuration can say stands in a golden file") func messages() throws {
        let said = Data(try GoldenTests.names.map { try GoldenTests.parts(of: $0).expected }.joined().utf8)
        let manual = Set(DirectiveSpec.all.flatMap { [$0.purpose, $0.arguments, $0.standard ?? ""] })
        for file in try Self.sources() {
            for literal in Literal.all(in: Array(try Data(contentsOf: file))) where literal.isSentence {
                let text = literal.pieces.joined(separator: "…")
                guard !manual.contains(text), !Self.exceptions.contains(text) else { continue }
                #expect(
                    literal.isIn(said),
                    "\(file.lastPathComponent) can say \(text.debugDescription), and no golden file shows it")
            }
        }
    }

    @Test("every directive stands in a golden file") func directives() throws {
        var seen: Set<Substring> = []
        for name in GoldenTests.names {
            for directive in try GoldenTests.parts(of: name).input.split(whereSeparator: { "\n;{".contains($0) }) {
                if let word = directive.split(separator: " ").first { seen.insert(word) }
            }
        }
        for spec in DirectiveSpec.all {
            #expect(seen.contains(spec.name[...]), "no golden file has the directive `\(spec.name)`")
        }
    }

    private static func sources() throws -> [URL] {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ["Config", "Policy"].flatMap {
            try FileManager.default.contentsOfDirectory(
                at: package.appendingPathComponent("Sources/\($0)"), includingPropertiesForKeys: nil)
        }
        .filter { $0.pathExtension == "swift" && !silentFiles.contains($0.lastPathComponent) }
        .sorted { $0.path < $1.path }
    }
}

/// A string literal of Swift, between its interpolations.
private struct Literal {
    var pieces: [String] = []

    /// Words of the language and of the grammar are no sentences.
    var isSentence: Bool { pieces.joined().count >= 10 && pieces.contains { $0.contains(" ") } }

    /// Whether the pieces stand in some line, one after another.
    func isIn(_ text: Data) -> Bool {
        let pieces = pieces.filter { !$0.isEmpty }.map { Data($0.utf8) }
        guard let first = pieces.first else { return true }
        var start = 0
        while let found = Self.find(first, in: text, from: start) {
            let end = Self.find(Data("\n".utf8), in: text, from: found) ?? text.count
            var index = found + first.count
            let isWhole = pieces.dropFirst().allSatisfy { piece in
                guard let next = Self.find(piece, in: text, from: index), next + piece.count <= end else {
                    return false
                }
                index = next + piece.count
                return true
            }
            if isWhole { return true }
            start = found + 1
        }
        return false
    }

    private static func find(_ piece: Data, in text: Data, from start: Int) -> Int? {
        start < text.count ? text.range(of: piece, in: start..<text.count)?.lowerBound : nil
    }

    /// Those on one line, without comments, and those inside interpolations too.
    static func all(in source: [UInt8]) -> [Literal] {
        var reader = Reader(source: source)
        reader.code(until: nil)
        return reader.found
    }

    private struct Reader {
        let source: [UInt8]
        var index = 0
        var found: [Literal] = []

        func sees(_ text: String) -> Bool { source[index...].starts(with: text.utf8) }

        /// Up to the closing parenthesis of an interpolation, or to the end.
        mutating func code(until end: UInt8?) {
            var depth = 0
            while index < source.count {
                if sees("//") {
                    while index < source.count, source[index] != UInt8(ascii: "\n") { index += 1 }
                } else if sees("\"\"\"") {
                    index += 3
                    while index < source.count, !sees("\"\"\"") { index += 1 }
                    index += 3
                } else if source[index] == UInt8(ascii: "\"") {
                    literal()
                } else {
                    if source[index] == UInt8(ascii: "(") { depth += 1 }
                    if source[index] == UInt8(ascii: ")") {
                        if depth == 0, end != nil { return }
                        depth -= 1
                    }
                    index += 1
                }
            }
        }

        mutating func literal() {
            var literal = Literal()
            var piece: [UInt8] = []
            index += 1
            while index < source.count, source[index] != UInt8(ascii: "\"") {
                if sees("\\(") {
                    literal.pieces.append(String(decoding: piece, as: UTF8.self))
                    piece = []
                    index += 2
                    code(until: UInt8(ascii: ")"))
                    index += 1
                } else if source[index] == UInt8(ascii: "\\") {
                    piece.append(source[index + 1])
                    index += 2
                } else {
                    piece.append(source[index])
                    index += 1
                }
            }
            index += 1
            literal.pieces.append(String(decoding: piece, as: UTF8.self))
            found.append(literal)
        }
    }
}
