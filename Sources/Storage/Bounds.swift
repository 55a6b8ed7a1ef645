/// How long anything here may take, and how much of it there may be. The server's own limits end first, so that its
/// verdict, which leaves the connection usable, normally arrives before ours, which drops it.
enum Bounds {
    static let sqliteWriters = 1
    static let sqliteReaders = 2
    static let postgresConnections = 8

    /// From asking for a connection to a transaction begun on it: waiting in line, connecting and BEGIN together.
    static let beginMilliseconds = 2_000
    /// One statement, by the server's clock, its wait for locks included.
    static let lockMilliseconds = 1_800
    static let statementMilliseconds = 2_000
    /// How far `{now}` of two statements that meet at one row may be apart, when one has waited for the other: the statement
    /// limit, and more for a server that is slow to enforce it.
    static let statementsApartMilliseconds = 10_000
    /// One statement, by ours: a server that hangs is given up then.
    static let answerMilliseconds = 2_200
    /// One transaction, all its statements together.
    static let transactionMilliseconds = 6_000
    /// A migration, and waiting for another process to finish one.
    static let migrationMilliseconds = 120_000
    /// A server that could not be reached is not asked again for so long; callers fail at once meanwhile.
    static let reconnectPauseMilliseconds = 100
    /// How often, and for how long, one transaction that loses against others is run again.
    static let attempts = 20
    static let conflictMilliseconds = 5_000
}

/// A point in time that a wait must not pass, by a clock that nobody sets.
struct Deadline: Sendable, Comparable {
    private let instant: ContinuousClock.Instant

    static func after(milliseconds: Int) -> Deadline {
        Deadline(instant: .now + .milliseconds(milliseconds))
    }

    /// What is left, rounded up, for poll(2); 0 when it has passed.
    var millisecondsLeft: Int32 {
        let left = ContinuousClock.now.duration(to: instant)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(
            clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue
                &+ attoseconds / 1_000_000_000_000_000 &+ 1)
    }

    var hasPassed: Bool { ContinuousClock.now >= instant }

    static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
