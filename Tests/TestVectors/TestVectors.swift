import Foundation

/// Published test data (project Wycheproof, JSONTestSuite) that is not part of this project. It lies beside the repository in
/// `../shared/vectors`, or where `GATEHOUSE_VECTORS` says. Tests that need it are skipped, and say so, where it is not there.
package enum TestVectors {
    package static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["GATEHOUSE_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let packageRoot = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return packageRoot.deletingLastPathComponent().appendingPathComponent("shared/vectors", isDirectory: true)
    }()

    package static var arePresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The comment that a skipped test shows.
    package static let absence = "the published vectors are not there (set GATEHOUSE_VECTORS)"

    /// The bytes of one file.
    package static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
    }

    /// The names of the files in a subfolder, sorted.
    package static func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path).sorted()
    }
}
