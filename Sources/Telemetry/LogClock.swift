import Encoding

/// Writes points in time for the log. The second rarely changes from one line to the next, so its text is kept.
final class LogClock {
    private var second = Int64.min
    /// `2026-01-02T03:04:05.678Z` of some point in `second`.
    private var text: [UInt8] = []

    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z.
    func append(_ milliseconds: Int64, to line: inout [UInt8]) {
        guard milliseconds >= 0 else { return RFC3339.append(milliseconds: milliseconds, to: &line) }
        if milliseconds / 1000 != second {
            second = milliseconds / 1000
            text.removeAll(keepingCapacity: true)
            RFC3339.append(milliseconds: milliseconds, to: &text)
        }
        let fraction = milliseconds % 1000
        line.append(contentsOf: text)
        let digits = line.count - 4
        guard digits >= 0 else { return }
        line[digits] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / 100)
        line[digits + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / 10 % 10)
        line[digits + 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction % 10)
    }
}
