/// The lines of one core that have not been handed to the writer yet. It belongs to the core and needs no lock.
///
/// A full buffer hands itself over. The core calls `flush()` a few times a second besides, so that a line is seen soon;
/// not after every request, because each batch costs a lock, a wake-up and a write.
package final class LogBuffer {
    /// A batch is handed over when it has grown to this.
    package static let batchBytesMax = 32 * 1024

    private let log: AccessLog
    private var bytes: [UInt8] = []
    private var lines = 0
    private let clock = LogClock()

    package init(_ log: AccessLog) {
        self.log = log
    }

    /// False when a `flush()` would hand something over.
    package var isEmpty: Bool { lines == 0 }

    package func append(_ line: borrowing AccessLogLine) {
        // Taken out and put back: what is written to is then nobody else's, and needs no check for that.
        var batch = bytes
        bytes = []
        if batch.isEmpty { batch.reserveCapacity(LogBuffer.batchBytesMax + 1024) }
        line.append(to: &batch, format: log.format, clock)
        bytes = batch
        lines += 1
        if bytes.count >= LogBuffer.batchBytesMax { flush() }
    }

    package func flush() {
        guard lines > 0 else { return }
        log.submit(bytes, lines: lines)
        bytes = []
        lines = 0
    }
}
