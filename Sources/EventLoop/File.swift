import CLinux
import Glibc

/// An open file with one owner, closed when the owner goes away. Its calls block, so no core makes them while it serves.
package struct File: ~Copyable, Sendable {
    let descriptor: Int32

    /// Opens a file. The descriptor is never inherited by another program.
    init(
        opening path: String, flags: Int32, mode: UInt32 = 0, action: String
    ) throws(FileProblem) {
        descriptor = unsafe open(path, flags | O_CLOEXEC, mode_t(mode))
        if descriptor < 0 { throw FileProblem(action: action, path: path, code: errno) }
    }

    /// A standard stream, which this process did not open and does not close.
    init(standardStream descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if descriptor > STDERR_FILENO { gh_close(descriptor) }
    }

    /// A file to be appended to, made with this mode less the umask when it is missing.
    package init(appendingTo path: String, mode: UInt32) throws(FileProblem) {
        try self.init(opening: path, flags: O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, mode: mode, action: "open")
    }

    package static var standardOutput: File { File(standardStream: STDOUT_FILENO) }

    /// Up to the end of the file.
    ///
    /// - Parameter patienceMilliseconds: how long to wait for each piece; nil when all of them are there.
    /// - Throws: `EFBIG` when there are more than `bytesMax` bytes, `ETIME` when none came in time.
    package borrowing func readAll(
        path: String, bytesMax: Int, patienceMilliseconds: Int32? = nil
    ) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        repeat {
            if let patienceMilliseconds { try waitForBytes(milliseconds: patienceMilliseconds, path: path) }
        } while try readMore(into: &bytes, path: path, bytesMax: bytesMax)
        return bytes
    }

    private borrowing func waitForBytes(milliseconds: Int32, path: String) throws(FileProblem) {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&question, 1, milliseconds) == 0 {
            throw FileProblem(action: "read", path: path, code: ETIME)
        }
    }

    /// Up to the first newline, without it, or to the end of the file. For a terminal, which gives one line at a time.
    borrowing func readLine(path: String, bytesMax: Int) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        while !bytes.contains(UInt8(ascii: "\n")), try readMore(into: &bytes, path: path, bytesMax: bytesMax) {}
        return Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    }

    /// - Returns: false at the end of the file.
    private borrowing func readMore(
        into bytes: inout [UInt8], path: String, bytesMax: Int
    ) throws(FileProblem) -> Bool {
        let count = readSome(into: &bytes)
        if count < 0, count != -Int(EINTR) {
            throw FileProblem(action: "read", path: path, code: Int32(truncatingIfNeeded: -count))
        }
        if bytes.count > bytesMax { throw FileProblem(action: "read", path: path, code: EFBIG) }
        return count != 0
    }

    /// One read(2), appended: how many bytes came, or the negative `errno`.
    private borrowing func readSome(into bytes: inout [UInt8]) -> Int {
        var count = 0
        bytes.append(addingCapacity: 16 * 1024) { (tail: inout OutputSpan<UInt8>) in
            unsafe tail.withUnsafeMutableBufferPointer { (buffer, initialized) in
                count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0 { count = -Int(errno) }
                initialized = max(count, 0)
            }
        }
        return count
    }

    /// One write(2): how many bytes were taken, or the negative `errno`. Interrupted calls are repeated, and a stream that
    /// somebody else made non-blocking is waited for.
    package borrowing func writeSome(_ bytes: borrowing Span<UInt8>) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeBufferPointer {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&question, 1, -1)
            default: return -Int(errno)
            }
        }
    }

    package borrowing func writeAll(_ bytes: borrowing Span<UInt8>, path: String) throws(FileProblem) {
        var written = 0
        while written < bytes.count {
            let count = writeSome(bytes.extracting(written..<bytes.count))
            if count < 0 { throw FileProblem(action: "write", path: path, code: Int32(truncatingIfNeeded: -count)) }
            written += count
        }
    }

    package borrowing func setMode(_ mode: UInt32, path: String) throws(FileProblem) {
        if fchmod(descriptor, mode_t(mode)) != 0 {
            throw FileProblem(action: "set the mode of", path: path, code: errno)
        }
    }

    /// Returns once the disk has what was written.
    package borrowing func synchronize(path: String) throws(FileProblem) {
        if fsync(descriptor) != 0 { throw FileProblem(action: "synchronize", path: path, code: errno) }
    }

    package borrowing func status(path: String) throws(FileProblem) -> FileStatus {
        var answer = stat()
        if unsafe fstat(descriptor, &answer) != 0 { throw FileProblem(action: "look at", path: path, code: errno) }
        let kind: FileStatus.Kind =
            switch answer.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
        return FileStatus(
            kind: kind, mode: answer.st_mode & 0o7777, ownerID: answer.st_uid,
            isInMemory: gh_is_in_memory(descriptor) == 1)
    }
}
