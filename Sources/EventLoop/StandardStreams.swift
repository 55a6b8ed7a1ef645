import Glibc

/// The streams a process is born with.
package enum StandardStreams {
    /// Writes a line to standard error and adds the newline. Lost when nobody can be told: there is no third place.
    package static func reportError(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        try? File(standardStream: STDERR_FILENO).writeAll(bytes.span, path: "standard error")
    }

    /// Writes a line to standard output at once, also when that is a pipe, where `print` would keep it back: for what
    /// somebody waits for.
    package static func write(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        try? File.standardOutput.writeAll(bytes.span, path: "standard output")
    }

    /// What standard input holds until its end.
    ///
    /// - Throws: `EFBIG` when that is more than `bytesMax` bytes.
    package static func readInput(bytesMax: Int) throws(FileProblem) -> [UInt8] {
        try File(standardStream: STDIN_FILENO).readAll(path: "standard input", bytesMax: bytesMax)
    }

    /// Whether somebody watches standard error, rather than a file or a pipe taking it.
    package static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes to standard error as it is, without a newline: for a line that is written over.
    package static func writeError(_ text: String) {
        let bytes = Array(text.utf8)
        try? File(standardStream: STDERR_FILENO).writeAll(bytes.span, path: "standard error")
    }
}
