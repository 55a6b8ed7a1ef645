/// Points in time as RFC 3339 text in UTC, with milliseconds: `2026-01-02T03:04:05.678Z`.
package enum RFC3339 {
    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; negative ones lie before. Years outside 0...9999, which RFC 3339
    ///   cannot say, get a sign and as many digits as they need (ISO 8601's expanded form).
    package static func format(milliseconds: Int64) -> String {
        var text: [UInt8] = []
        append(milliseconds: milliseconds, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package static func append(milliseconds: Int64, to text: inout [UInt8]) {
        let date = CivilDate(milliseconds: milliseconds)
        let (year, ofDay) = (date.year, date.millisecondOfDay)
        if year < 0 || year > 9999 { text.append(UInt8(ascii: year < 0 ? "-" : "+")) }
        append(year.magnitude, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        append(date.month.magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(date.day.magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        append((ofDay / 3_600_000).magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append((ofDay / 60_000 % 60).magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append((ofDay / 1_000 % 60).magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: "."))
        append((ofDay % 1_000).magnitude, digits: 3, to: &text)
        text.append(UInt8(ascii: "Z"))
    }

    private static func append(_ value: UInt64, digits: Int, to text: inout [UInt8]) {
        var divisor: UInt64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
