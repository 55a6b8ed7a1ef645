import EventLoop

/// Where the access log goes, open for appending, and what went wrong there last.
struct LogFile: ~Copyable, Sendable {
    enum Outcome {
        /// `isRecovered`: the write before this one failed.
        case written(isRecovered: Bool)
        /// `isFirst`: the write before this one worked.
        case failed(FileProblem, linesLost: Int, isFirst: Bool)
    }

    let name: String
    private let destination: AccessLog.Destination
    private var descriptor: File
    private var isFailing = false
    /// The last write ended inside a line: the next one must begin a line of its own, or it would be read as its end.
    private var isTorn = false

    init(_ destination: AccessLog.Destination) throws(FileProblem) {
        self.destination = destination
        switch destination {
        case .standardOutput: name = "standard output"
        case .file(let path): name = path
        }
        descriptor = try LogFile.open(destination)
    }

    /// Writes whole lines. A full disk, a broken pipe or a broken disk loses them and nothing else: the next batch is tried
    /// afresh, so that the log goes on when the cause has gone.
    mutating func write(_ lines: [UInt8]) -> Outcome {
        let start = isTorn ? [UInt8(ascii: "\n")] + lines : lines
        var written = 0
        while written < start.count {
            let count = descriptor.writeSome(start.span.extracting(written..<start.count))
            if count < 0 {
                if written > 0 { isTorn = start[written - 1] != UInt8(ascii: "\n") }
                defer { isFailing = true }
                let newline = UInt8(ascii: "\n")
                return .failed(
                    FileProblem(action: "write to", path: name, code: Int32(truncatingIfNeeded: -count)),
                    linesLost: start[written...].count { $0 == newline }, isFirst: !isFailing)
            }
            written += count
        }
        defer { isFailing = false }
        isTorn = false
        return .written(isRecovered: isFailing)
    }

    /// - Returns: why the name could not be opened again; the old descriptor is then kept.
    mutating func reopen() -> FileProblem? {
        do {
            descriptor = try LogFile.open(destination)
            isTorn = false
            return nil
        } catch {
            return error
        }
    }

    private static func open(_ destination: AccessLog.Destination) throws(FileProblem) -> File {
        switch destination {
        case .standardOutput: File.standardOutput
        case .file(let path): try File(appendingTo: path, mode: 0o640)
        }
    }
}
