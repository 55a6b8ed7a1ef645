import Foundation
import FuzzChecks
import Testing

/// Everything the fuzzers were given to begin with, and everything they have found, again at every run.
@Suite("Fuzz corpora") struct FuzzCorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz/Corpus")
        .standardizedFileURL

    @Test("every recorded input keeps the promises of its room", arguments: Check.allCases.filter { $0 != .net })
    func replay(check: Check) throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: check.rawValue), includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let input = [UInt8](try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try check.run(input) }
            // Cut short, too: that is how most of the world's bad input looks.
            #expect(throws: Never.self, "\(file.lastPathComponent), half of it") {
                try check.run(Array(input.prefix(input.count / 2)))
            }
        }
    }

    @Test("the net holds: a planted bug is a complaint")
    func net() {
        #expect(throws: Complaint.self) { try Check.net.run(Array("net".utf8)) }
    }
}
