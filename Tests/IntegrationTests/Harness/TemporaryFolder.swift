import Foundation

/// A folder of its own for one process under test, removed with everything in it.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Parameter purpose: a word in the folder's name, for whoever finds one after a crash.
    init(_ purpose: String) throws {
        var template = Array("\(NSTemporaryDirectory())gatehouse-test-\(purpose)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure("mkdtemp: \(String(cString: strerror(errno)))")
        }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let path = path
        AtExit.shared.remember(folder: path)
    }

    /// Writes a file readable by its owner only, as secrets must be, and answers its full path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try write(name, Data(text.utf8), mode: mode)
    }

    @discardableResult
    func write(_ name: String, _ data: Data, mode: Int = 0o600) throws -> String {
        let full = file(name)
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: full, contents: data, attributes: [.posixPermissions: mode]) else {
            throw Failure("cannot write \(full)")
        }
        return full
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        AtExit.shared.forget(folder: path)
    }

    deinit { remove() }
}
