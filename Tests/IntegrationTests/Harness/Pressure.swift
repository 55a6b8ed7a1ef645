import Foundation

/// How long somebody on this machine has waited for a processor, by the kernel's account (PSI, `/proc/pressure/cpu`).
///
/// The tests run beside one another on a few cores. What is promised in seconds is promised of a machine that has the time;
/// so the time in which it had none is taken off. On a quiet machine that is nothing, and the promise is held to the letter.
enum Pressure {
    static var stalledSeconds: Double {
        guard let text = try? String(contentsOfFile: "/proc/pressure/cpu", encoding: .utf8),
            let total = text.firstMatch(of: #/some .*total=(\d+)/#).flatMap({ Double($0.1) })
        else { return 0 }
        return total / 1_000_000
    }
}
