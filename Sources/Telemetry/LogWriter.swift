import EventLoop
import Synchronization

/// The queue between the cores and the thread that writes, and the work of that thread.
final class LogWriter: Sendable {
    struct Queue {
        var batches: [Batch] = []
        var isToReopen = false
        var isClosing = false
    }

    struct Batch {
        let bytes: [UInt8]
        let lines: Int
    }

    let linesDropped = Atomic<UInt64>(0)
    private let batchesMax: Int
    private let report: @Sendable (String) -> Void
    private let queue = Mutex(Queue())
    /// Locked by the writer's thread alone; a lock because a class that two threads know holds nothing loose.
    private let file: Mutex<LogFile>

    init(_ file: consuming sending LogFile, batchesMax: Int, report: @escaping @Sendable (String) -> Void) {
        self.file = Mutex(file)
        self.batchesMax = batchesMax
        self.report = report
    }

    func submit(_ bytes: [UInt8], lines: Int) {
        let isTaken = queue.withLock { queue in
            if queue.isClosing || queue.batches.count >= batchesMax { return false }
            queue.batches.append(Batch(bytes: bytes, lines: lines))
            return true
        }
        if !isTaken { drop(lines) }
    }

    func ask(_ change: (inout Queue) -> Void) {
        queue.withLock { change(&$0) }
    }

    /// Writes all that is queued, then reopens and closes as asked. On the writer's thread only.
    ///
    /// - Returns: false when the thread is to end.
    func work() -> Bool {
        let taken = queue.withLock { queue in
            let taken = queue
            queue.batches = []
            queue.isToReopen = false
            return taken
        }
        file.withLock { file in
            for batch in taken.batches {
                switch file.write(batch.bytes) {
                case .written(let isRecovered):
                    if isRecovered { report("access log: writing to \(file.name) works again") }
                case .failed(let problem, let linesLost, let isFirst):
                    drop(linesLost)
                    if isFirst { report("access log: \(problem); lines are dropped until that works") }
                }
            }
            if taken.isToReopen, let problem = file.reopen() {
                report("access log: \(problem); the file that was open stays in use")
            }
        }
        return !taken.isClosing
    }

    private func drop(_ lines: Int) {
        linesDropped.wrappingAdd(UInt64(lines), ordering: .relaxed)
    }
}
