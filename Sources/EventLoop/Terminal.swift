import CLinux
import Glibc

/// The terminal of whoever started the program.
package enum Terminal {
    /// Asks for a line; what is typed is not shown when it is a secret. The answer is without its newline.
    ///
    /// The terminal is opened by its own name: standard input may be a file, and standard output a pipe.
    ///
    /// - Throws: `ENXIO` when there is no terminal, `EFBIG` when the line has more than `bytesMax` bytes.
    package static func ask(
        _ prompt: String, isHidden: Bool = true, bytesMax: Int
    ) throws(FileProblem) -> [UInt8] {
        let terminal = try File(opening: "/dev/tty", flags: O_RDWR | O_NOCTTY, action: "ask on")
        try terminal.writeAll(Array(prompt.utf8).span, path: "/dev/tty")
        guard isHidden else { return try terminal.readLine(path: "/dev/tty", bytesMax: bytesMax) }
        let line = try terminal.readLineWithoutEcho(bytesMax: bytesMax)
        // The newline that was typed was not shown either.
        try terminal.writeAll([UInt8(ascii: "\n")].span, path: "/dev/tty")
        return line
    }
}

extension File {
    fileprivate borrowing func readLineWithoutEcho(bytesMax: Int) throws(FileProblem) -> [UInt8] {
        var before = termios()
        if unsafe tcgetattr(descriptor, &before) != 0 {
            throw FileProblem(action: "ask on", path: "/dev/tty", code: errno)
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        // TCSAFLUSH drops what was typed ahead, which was shown.
        if unsafe tcsetattr(descriptor, TCSAFLUSH, &silent) != 0 {
            throw FileProblem(action: "ask on", path: "/dev/tty", code: errno)
        }
        defer { _ = unsafe tcsetattr(descriptor, TCSAFLUSH, &before) }
        return try readLine(path: "/dev/tty", bytesMax: bytesMax)
    }
}
