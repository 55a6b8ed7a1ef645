import CLinux
import Synchronization

/// Milliseconds on the monotonic clock: deadlines and durations, never dates.
package typealias Milliseconds = UInt64

package enum MonotonicClock {
    package static var milliseconds: Milliseconds { gh_monotonic_ns() / 1_000_000 }
    package static var microseconds: UInt64 { gh_monotonic_ns() / 1000 }
}

/// The wall clock as this process sees it: the time at start plus CLOCK_BOOTTIME, so that setting the system clock back
/// does not bring an expired token to life again.
///
/// It follows the system clock forward at once, and backward by at most one second a minute. It never goes back itself.
package final class WallClock: Sendable {
    private struct State {
        /// Wall clock minus boot time, in nanoseconds.
        var offset: Int64
        /// Boot time of the last correction.
        var correctedAt: Int64
        /// What was answered last, in nanoseconds: should even the boot time go back (a restored virtual machine).
        var latest: Int64 = .min
        /// Whether the system clock was found set back, until this one has come down to it.
        var isAhead = false
    }

    private let state: Mutex<State>
    /// Told once for each jump of more than two seconds, with its size in milliseconds; less than zero is backward.
    private let onJump: @Sendable (Int64) -> Void

    package init(onJump: @escaping @Sendable (Int64) -> Void = { _ in }) {
        let boot = Int64(clamping: gh_boottime_ns())
        state = Mutex(State(offset: gh_realtime_ns() - boot, correctedAt: boot))
        self.onJump = onJump
    }

    /// Unix milliseconds.
    package var milliseconds: Int64 {
        let boot = Int64(clamping: gh_boottime_ns())
        let wall = gh_realtime_ns()
        let (now, jump) = state.withLock { state in
            var jump = Self.correct(&state.offset, &state.correctedAt, boot: boot, wall: wall)
            state.latest = max(state.latest, boot &+ state.offset)
            let ahead = state.latest &- wall
            if ahead > Self.jump, !state.isAhead { jump = 0 &- ahead }
            state.isAhead = ahead > Self.jump
            return (state.latest / 1_000_000, jump)
        }
        if let jump { onJump(jump / 1_000_000) }
        return now
    }

    /// Unix seconds.
    package var seconds: Int64 { milliseconds / 1000 }

    /// From here on, in nanoseconds, a difference deserves a log line.
    private static let jump: Int64 = 2_000_000_000

    /// Moves `offset` towards the system clock. Returns the size of a jump that deserves a log line, in nanoseconds.
    static func correct(_ offset: inout Int64, _ correctedAt: inout Int64, boot: Int64, wall: Int64) -> Int64? {
        let target = wall &- boot
        let difference = target &- offset
        if difference >= 0 {
            offset = target
            correctedAt = boot
            return difference > jump ? difference : nil
        }
        // Backward: one sixtieth of the time that has passed.
        let allowance = (boot &- correctedAt) / 60
        guard allowance > 0 else { return nil }
        correctedAt = boot
        offset &-= min(allowance, 0 &- difference)
        return nil
    }
}
