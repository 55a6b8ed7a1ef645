import EventLoop
import Synchronization

/// The access log of the process: one thread writes what the cores hand over.
///
/// A core never waits for it. When the disk, or the reader of the pipe, is slower than the traffic, the queue fills up, and
/// then lines are dropped and counted: the log of a request is worth less than the next request.
package final class AccessLog: Sendable {
    package enum Destination: Sendable, Equatable {
        case standardOutput
        /// Appended to; created with mode 0640 when it is missing.
        case file(String)
    }

    package let format: AccessLogFormat
    private let writer: LogWriter
    private let thread: BackgroundThread

    /// Opens the destination and starts the thread.
    ///
    /// - Throws: `FileProblem` when the destination cannot be opened, `IOError` when no thread can be started.
    /// - Parameter batchesMax: how many batches may wait to be written. One holds `LogBuffer.batchBytesMax` and a line.
    /// - Parameter report: gets a sentence for people when writing begins to fail and when it works again: once each,
    ///   however many lines are lost in between. Called on the writer's thread.
    package init(
        _ destination: Destination, format: AccessLogFormat, batchesMax: Int = 256,
        report: @escaping @Sendable (String) -> Void = StandardStreams.reportError
    ) throws {
        let writer = LogWriter(try LogFile(destination), batchesMax: batchesMax, report: report)
        self.format = format
        self.writer = writer
        thread = try BackgroundThread(name: "access-log") { writer.work() }
    }

    /// Queues whole lines for writing, or drops and counts them. Never blocks.
    package func submit(_ batch: [UInt8], lines: Int) {
        writer.submit(batch, lines: lines)
        thread.wake()
    }

    /// Closes the file and opens what now has its name, as after a rotation (USR1). What was queued before goes into the
    /// old file. When the new one cannot be opened the old one is kept, and said so.
    package func reopen() {
        writer.ask { $0.isToReopen = true }
        thread.wake()
    }

    /// Writes what is queued and ends the thread; what is submitted later is dropped.
    ///
    /// - Returns: false when that took longer than `secondsMax`, as when nobody reads the pipe.
    @discardableResult
    package func close(secondsMax: Int = 5) -> Bool {
        writer.ask { $0.isClosing = true }
        thread.wake()
        return thread.join(secondsMax: secondsMax)
    }

    /// Lines that were never written, since the start.
    package var linesDropped: UInt64 { writer.linesDropped.load(ordering: .relaxed) }
}
