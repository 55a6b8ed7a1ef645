/// What belongs to the whole process and is looked up when somebody asks, rather than counted on a core.
package struct ProcessMetrics: Sendable {
    /// One of the worker pools (`passwords`, `store`).
    package struct Pool: Sendable {
        package var name: String
        package var workers: Int
        package var queued: Int
        package var queueMax: Int
        /// Jobs that were refused because the queue was full, since the start.
        package var rejected: UInt64

        package init(name: String, workers: Int, queued: Int, queueMax: Int, rejected: UInt64) {
            self.name = name
            self.workers = workers
            self.queued = queued
            self.queueMax = queueMax
            self.rejected = rejected
        }
    }

    package var version: String
    package var startedUnixSeconds: Int64
    package var cores: Int
    package var pools: [Pool] = []
    /// Seconds since the table of revocations was last read to its end; nil before the first time.
    package var revocationStaleSeconds: Double?
    package var revocationsHeld: Int = 0
    package var isDatabaseUp: Bool = false
    package var isDraining: Bool = false
    package var logLinesDropped: UInt64 = 0

    package init(version: String, startedUnixSeconds: Int64, cores: Int) {
        self.version = version
        self.startedUnixSeconds = startedUnixSeconds
        self.cores = cores
    }
}
