import Synchronization

/// Compares the database's clock with the time that passes, and keeps housekeeping from believing a jump.
///
/// A clock that was set forward by mistake makes everything look expired. What is refused because of that is good again once
/// the clock is put right; what is deleted is gone: revocations of tokens that then live again behind a restart, sessions,
/// audit records. So nothing is deleted behind a jump until it has lasted.
final class ClockWatch: Sendable {
    /// A database that answers late, or a clock that is being slewed, is no jump.
    static let toleratedMilliseconds: Int64 = 60_000
    /// The longest that a revocation may matter, and long enough for somebody to notice.
    static let heldMilliseconds: Int64 = 86_400_000

    private struct State {
        var database: Int64?
        var passed: Int64 = 0
        var heldUntil: Int64 = .min
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now

    /// Whether what has expired by `database`, its clock in unix milliseconds, may be deleted.
    func allowsDeleting(at database: Int64) -> Bool {
        allowsDeleting(at: database, passed: Int64(start.duration(to: .now) / .milliseconds(1)))
    }

    /// - Parameter passed: milliseconds since some moment, by a clock that nobody sets.
    func allowsDeleting(at database: Int64, passed: Int64) -> Bool {
        state.withLock { state in
            if let last = state.database {
                let ahead = (database - last) - (passed - state.passed)
                if ahead > Self.toleratedMilliseconds { state.heldUntil = passed + Self.heldMilliseconds }
                // Put right again: what was behind the jump is as it was.
                if ahead < -Self.toleratedMilliseconds { state.heldUntil = .min }
            }
            state.database = database
            state.passed = passed
            return passed >= state.heldUntil
        }
    }
}
