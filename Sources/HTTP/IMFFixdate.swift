import Bytes

/// The date format of HTTP fields, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
package enum IMFFixdate {
    /// 9999-12-31T23:59:59Z, the last second with a year of four digits.
    private static let lastSecond: Int64 = 253_402_300_799

    /// Appends the 29 bytes for a time in seconds since 1970, clamped to the years 1970 to 9999.
    package static func append(unixSeconds: Int64, to bytes: inout [UInt8]) {
        let seconds = min(max(unixSeconds, 0), lastSecond)
        let days = Int(seconds / 86_400)
        let inDay = Int(seconds % 86_400)
        let (year, month, day) = civilDate(daysSince1970: days)
        bytes.append(text: weekday(daysSince1970: days))
        bytes.append(", ")
        appendTwoDigits(day, to: &bytes)
        bytes.append(text: monthName(month))
        appendTwoDigits(year / 100, to: &bytes)
        appendTwoDigits(year % 100, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        appendTwoDigits(inDay / 3600, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(inDay / 60 % 60, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(inDay % 60, to: &bytes)
        bytes.append(" GMT")
    }

    /// Year, month (1 to 12) and day of the Gregorian calendar, counted in eras of 400 years that begin on 1 March, so
    /// that the leap day is the last of its year.
    private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let daysSinceYearZero = daysSince1970 + 719_468
        let era = daysSinceYearZero / 146_097
        let dayOfEra = daysSinceYearZero % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func appendTwoDigits(_ value: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10 % 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    private static func weekday(daysSince1970: Int) -> String {
        switch daysSince1970 % 7 {
        case 0: "Thu"
        case 1: "Fri"
        case 2: "Sat"
        case 3: "Sun"
        case 4: "Mon"
        case 5: "Tue"
        default: "Wed"
        }
    }

    /// With the blanks around it.
    private static func monthName(_ month: Int) -> String {
        switch month {
        case 1: " Jan "
        case 2: " Feb "
        case 3: " Mar "
        case 4: " Apr "
        case 5: " May "
        case 6: " Jun "
        case 7: " Jul "
        case 8: " Aug "
        case 9: " Sep "
        case 10: " Oct "
        case 11: " Nov "
        default: " Dec "
        }
    }
}
