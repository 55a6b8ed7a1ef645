import Foundation

/// The lines a child process has written to one of its outputs, and a way to wait for the next one that matters.
final class LineLog: @unchecked Sendable {
    private let condition = NSCondition()
    private var lines: [String] = []
    private var isClosed = false

    /// Everything written so far.
    var all: [String] { condition.withLock { lines } }

    var text: String { all.joined(separator: "\n") }

    /// How many lines there are: a place to wait from.
    var mark: Int { condition.withLock { lines.count } }

    /// Reads `descriptor` on a thread of its own until its other end is closed.
    func follow(_ descriptor: Int32) {
        Thread.detachNewThread {
            var partial: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                partial += chunk[..<count]
                var complete: [String] = []
                while let newline = partial.firstIndex(of: 0x0A) {
                    complete.append(String(decoding: partial[..<newline], as: UTF8.self))
                    partial.removeSubrange(...newline)
                }
                self.append(complete)
            }
            if !partial.isEmpty { self.append([String(decoding: partial, as: UTF8.self)]) }
            close(descriptor)
            self.condition.withLock {
                self.isClosed = true
                self.condition.broadcast()
            }
        }
    }

    private func append(_ new: [String]) {
        guard !new.isEmpty else { return }
        condition.withLock {
            lines += new
            condition.broadcast()
        }
    }

    /// The first line at or after `mark` that contains every one of `words`.
    func waitFor(_ words: String..., after mark: Int = 0, by deadline: Deadline = .soon) throws -> String {
        try wait(after: mark, by: deadline, for: words.joined(separator: " … ")) { line in
            words.allSatisfy { line.contains($0) }
        }
    }

    func wait(
        after mark: Int, by deadline: Deadline, for what: String, where matches: (String) -> Bool
    ) throws -> String {
        condition.lock()
        defer { condition.unlock() }
        var next = mark
        while true {
            while next < lines.count {
                if matches(lines[next]) { return lines[next] }
                next += 1
            }
            if isClosed { throw Failure("the process ended without writing “\(what)”; it wrote:\n\(tail)") }
            guard condition.wait(until: deadline.date) || next < lines.count else {
                throw Failure("no line “\(what)” in time; the process wrote:\n\(tail)")
            }
        }
    }

    /// Waits until the output is closed, so that nothing written at the very end is missed.
    func waitForEnd(by deadline: Deadline = .soon) {
        condition.withLock {
            while !isClosed && condition.wait(until: deadline.date) {}
        }
    }

    private var tail: String { lines.suffix(30).joined(separator: "\n") }
}
