import Foundation

/// The long runs behind the figures that the project promises. They are part of this suite so that they share its harness,
/// and run only when asked for: `Tests/Long/run`.
enum Long {
    static let isWanted = ProcessInfo.processInfo.environment["GATEHOUSE_LONG"] != nil

    /// How many rounds, seconds or bytes, when somebody wants more or fewer than the promise: `GATEHOUSE_LONG=100`.
    static func count(_ promised: Int) -> Int {
        let wanted = ProcessInfo.processInfo.environment["GATEHOUSE_LONG"].flatMap { Int($0) } ?? 1
        return wanted > 1 ? wanted : promised
    }

    /// Whether somebody wants fewer than the promise, for a quick look.
    static var isShort: Bool { count(.max) < 500 }

    static func say(_ line: String) {
        FileHandle.standardError.write(Data("gatehouse long: \(line)\n".utf8))
    }
}
