/// `between 08:00 and 18:00 on mon-fri`, or `between 2026-12-01 and 2026-12-31`.
///
/// In UTC or at a fixed offset from it: this process reads no table of time zones, so no window moves by an hour twice a year.
package struct TimeWindow: Sendable, Equatable {
    package enum Span: Sendable, Equatable {
        /// Minutes of the day, the second one not included; one that is not later than the first lies on the next day.
        case daily(from: Int, to: Int)
        /// Days since 1970-01-01, both included.
        case dates(first: Int, last: Int)
    }

    package var span: Span
    /// Bit 0 is Monday. A window over midnight belongs to the day on which it begins.
    package var days: UInt8 = Self.everyDay
    /// East of Greenwich is positive.
    package var offsetMinutes = 0

    package static let everyDay: UInt8 = 0b111_1111
    static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// - Parameter unixSeconds: within what a clock can show; beyond that no window holds.
    package func contains(unixSeconds: Int64) -> Bool {
        guard abs(unixSeconds / 60) < 1 << 40 else { return false }
        let minutes = Self.floor(Int(unixSeconds), 60).quotient + offsetMinutes
        let (day, minute) = Self.floor(minutes, 1440)
        switch span {
        case .dates(let first, let last): return (first...max(first, last)).contains(day) && isOn(day)
        case .daily(let from, let to) where from < to: return (from..<to).contains(minute) && isOn(day)
        case .daily(let from, let to):
            return minute >= from ? isOn(day) : minute < to && isOn(day - 1)
        }
    }

    private func isOn(_ day: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        days >> UInt8(Self.floor(day + 3, 7).remainder) & 1 == 1
    }

    private static func floor(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

// MARK: - Reading

extension TimeWindow {
    /// `08:00` as minutes of the day; `24:00` is its end.
    static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2),
            minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    /// `2026-12-31` as days since 1970-01-01.
    static func day(_ text: some StringProtocol) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
            let day = number(parts[2], digits: 2), year >= 1970, (1...12).contains(month),
            (1...length(of: month, in: year)).contains(day)
        else { return nil }
        // Years begin in March, so that the leap day is the last one (Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    /// `mon`, `mon-fri`, `sat-mon`, and several of them with commas, as bits.
    static func days(_ text: String) -> UInt8? {
        var bits: UInt8 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = dayNames.firstIndex(of: String(ends[0])), ends.count <= 2,
                let last = ends.count == 1 ? first : dayNames.firstIndex(of: String(ends[1]))
            else { return nil }
            var day = first
            bits |= 1 << UInt8(day)
            while day != last {
                day = (day + 1) % 7
                bits |= 1 << UInt8(day)
            }
        }
        return bits
    }

    /// `utc`, `utc+01:00`, `utc-05:30` as minutes.
    static func offset(_ text: String) -> Int? {
        guard text.hasPrefix("utc") else { return nil }
        let rest = text.dropFirst(3)
        guard let sign = rest.utf8.first else { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let minutes = minute(rest.dropFirst()),
            minutes <= 14 * 60
        else { return nil }
        return sign == UInt8(ascii: "-") ? -minutes : minutes
    }

    /// `2026-11-21T03:00Z`, seconds allowed, as Unix seconds.
    package static func instant(_ text: String) -> Int64? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix("Z"), let day = day(parts[0]) else { return nil }
        let time = parts[1].dropLast().utf8
        let seconds =
            time.count == 8 && time.dropFirst(5).first == UInt8(ascii: ":") ? number(time.suffix(2), digits: 2) : 0
        guard let seconds, seconds < 60, time.count == 5 || time.count == 8,
            let minute = minute(String(decoding: time.prefix(5), as: UTF8.self)), minute < 1440
        else { return nil }
        return Int64(day * 86_400 + minute * 60 + seconds)
    }

    /// Noon and the like in a week of no special kind: that of Monday, 2024-01-01.
    static func instant(weekday: String, minute: Int) -> Int64? {
        guard let day = dayNames.firstIndex(of: weekday) else { return nil }
        return Int64((19_723 + day) * 86_400 + minute * 60)
    }

    private static func number(_ text: some Collection<UInt8>, digits: Int) -> Int? {
        guard text.count == digits, text.allSatisfy(\.isDigit) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
