import Foundation

/// The checkout that the tests were built from.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The folders right below a path, by name.
    static func folders(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey]
        ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }

    /// Every file below a path whose name ends in one of the extensions.
    static func files(in path: String, _ extensions: String...) throws -> [SourceFile] {
        let base = root.appending(path: path)
        let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.allObjects ?? []
        return try found.compactMap { $0 as? URL }.filter { extensions.contains($0.pathExtension) }
            .map {
                SourceFile(
                    path: String($0.path.dropFirst(root.path.count + 1)),
                    text: try String(contentsOf: $0, encoding: .utf8))
            }
            .sorted { $0.path < $1.path }
    }

    static let swiftSources = Result { try files(in: "Sources", "swift") }
    static let swiftTests = Result { try files(in: "Tests", "swift") }
}

/// A file with its path from the root.
struct SourceFile: Sendable {
    let path: String
    let text: String
    /// The lines as the compiler sees them: comments and the text inside string literals are blanked out.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code =
            path.hasSuffix(".swift")
            ? SwiftCode.strip(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) : []
    }

    /// `Sources/Policy/Rule.swift` is in `Policy`.
    var folder: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// `path:line` of every line of code that matches. `hint` is in each such line: looking for it first is faster.
    func places(of pattern: Regex<Substring>, hint: String) -> [String] {
        code.enumerated().filter { $0.element.contains(hint) && $0.element.contains(pattern) }
            .map { "\(path):\($0.offset + 1)" }
    }
}
