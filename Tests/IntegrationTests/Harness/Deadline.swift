import Foundation

/// A moment after which waiting any longer is a failure. Every wait in these tests has one, so a gateway that hangs
/// makes a red test instead of a stuck run.
struct Deadline: Sendable {
    let moment: ContinuousClock.Instant

    static func seconds(_ seconds: Double) -> Deadline {
        Deadline(moment: .now + .seconds(seconds))
    }

    /// Long enough for anything the gateway should do at once, on a machine that is busy with other things.
    static var soon: Deadline { .seconds(10) }

    var secondsLeft: Double {
        let left = ContinuousClock.now.duration(to: moment)
        return max(0, left / .seconds(1))
    }

    /// For `poll(2)`: whole milliseconds, rounded up, so that a wait never ends early and spins.
    var millisecondsLeft: Int32 {
        Int32(min(secondsLeft * 1000, 1_000_000).rounded(.up))
    }

    /// For `NSCondition.wait(until:)`.
    var date: Date { Date(timeIntervalSinceNow: secondsLeft) }

    var hasPassed: Bool { ContinuousClock.now >= moment }
}

/// Why a test could not go on: something that should have happened by the deadline did not, or happened wrongly.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Looks again and again until something outside holds that offers no event to wait for: a file, a clock, another process.
func until(_ what: String, by deadline: Deadline = .soon, _ holds: () throws -> Bool) throws {
    while try !holds() {
        guard !deadline.hasPassed else { throw Failure("not in time: \(what)") }
        usleep(5000)
    }
}
