/// Points in time as RFC 3339 text in UTC, with milliseconds: `2026-01-02T03:04:05.678Z`.
package enum RFC3339 {
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; negative ones lie before. Years outside 0...9999, which RFC 3339
    ///   cannot say, get a sign and as many digits as they need (ISO 8601's expanded form).
    package static func format(milliseconds: Int64) -> String {
        var text: [UInt8] = []
        append(milliseconds: milliseconds, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package static func append(milliseconds: Int64, to text: inout [UInt8]) {
        let (days, ofDay) = floorDivide(milliseconds, by: millisecondsPerDay)
        let (year, month, day) = civilDate(daysSince1970: days)
        if year < 0 || year > 9999 { text.append(UInt8(ascii: year < 0 ? "-" : "+")) }
        append(year.magnitude, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        append(month.magnitude, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(day.magnitude, digits: 2, to: &text)
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

    /// The Gregorian date, by counting in eras of 400 years that begin in March, so that a leap day is the last of its year
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
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
