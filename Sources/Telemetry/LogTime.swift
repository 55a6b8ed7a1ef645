/// A moment as the two log formats write it, always in UTC.
struct LogTime {
    private let year, month, day, hour, minute, second, millisecond: UInt64

    /// - Parameter unixMilliseconds: from 1970 to the end of 9999; anything outside is shown as the nearer end.
    init(unixMilliseconds: Int64) {
        let bounded = UInt64(min(max(unixMilliseconds, 0), 253_402_300_799_999))
        millisecond = bounded % 1000
        second = bounded / 1000 % 60
        minute = bounded / 60_000 % 60
        hour = bounded / 3_600_000 % 24
        // Days to a date of the Gregorian calendar, in years that begin in March so that the leap day is the last one
        // (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
        let days = bounded / 86_400_000 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// `2026-01-31T23:59:59.123Z` (RFC 3339 §5.6).
    func appendRFC3339(to line: inout [UInt8]) {
        append(year, digits: 4, then: "-", to: &line)
        append(month, digits: 2, then: "-", to: &line)
        append(day, digits: 2, then: "T", to: &line)
        append(hour, digits: 2, then: ":", to: &line)
        append(minute, digits: 2, then: ":", to: &line)
        append(second, digits: 2, then: ".", to: &line)
        append(millisecond, digits: 3, then: "Z", to: &line)
    }

    /// `31/Jan/2026:23:59:59 +0000`, as the common log format writes it.
    func appendCommonLog(to line: inout [UInt8]) {
        append(day, digits: 2, then: "/", to: &line)
        line.append(contentsOf: LogTime.monthNames[Int(month) - 1].utf8)
        line.append(UInt8(ascii: "/"))
        append(year, digits: 4, then: ":", to: &line)
        append(hour, digits: 2, then: ":", to: &line)
        append(minute, digits: 2, then: ":", to: &line)
        append(second, digits: 2, then: " ", to: &line)
        line.append(contentsOf: "+0000".utf8)
    }

    private func append(_ number: UInt64, digits: Int, then mark: Unicode.Scalar, to line: inout [UInt8]) {
        LogText.appendDecimal(number, minimumDigits: digits, to: &line)
        line.append(UInt8(ascii: mark))
    }

    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
