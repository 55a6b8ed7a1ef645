import Testing

@testable import Config

@Suite("Time windows")
struct TimeWindowTests {
    private func contains(_ window: TimeWindow, _ instant: String) throws -> Bool {
        window.contains(unixSeconds: try #require(TimeWindow.instant(instant)))
    }

    private func daily(_ from: String, _ to: String, on days: String = "mon-sun", _ offset: String = "utc") throws
        -> TimeWindow
    {
        TimeWindow(
            span: .daily(from: try #require(TimeWindow.minute(from)), to: try #require(TimeWindow.minute(to))),
            days: try #require(TimeWindow.days(days)), offsetMinutes: try #require(TimeWindow.offset(offset)))
    }

    @Test("a window begins with its first minute and ends before its last") func ends() throws {
        let window = try daily("08:00", "18:00")
        #expect(try contains(window, "2026-11-21T08:00:00Z"))
        #expect(try !contains(window, "2026-11-21T07:59:59Z"))
        #expect(try contains(window, "2026-11-21T17:59:59Z"))
        #expect(try !contains(window, "2026-11-21T18:00Z"))
    }

    @Test("a window over midnight belongs to the day on which it begins") func overMidnight() throws {
        let window = try daily("22:00", "06:00", on: "fri")
        #expect(try contains(window, "2026-11-20T23:00Z"))  // a Friday
        #expect(try contains(window, "2026-11-21T05:59Z"))
        #expect(try !contains(window, "2026-11-21T23:00Z"))
        #expect(try !contains(window, "2026-11-20T05:00Z"))
    }

    @Test("an offset moves the clock and the day") func offset() throws {
        let window = try daily("00:00", "02:00", on: "sat", "utc+02:00")
        #expect(try contains(window, "2026-11-20T22:30Z"))
        #expect(try !contains(window, "2026-11-21T00:30Z"))
    }

    @Test("a range of days holds from its first minute to its last") func dates() throws {
        let window = TimeWindow(
            span: .dates(
                first: try #require(TimeWindow.day("2026-12-01")), last: try #require(TimeWindow.day("2026-12-31"))))
        #expect(try contains(window, "2026-12-01T00:00Z"))
        #expect(try contains(window, "2026-12-31T23:59:59Z"))
        #expect(try !contains(window, "2027-01-01T00:00Z"))
        #expect(try !contains(window, "2026-11-30T23:59Z"))
    }

    @Test("weekdays wrap, and 24:00 ends a day") func words() throws {
        #expect(TimeWindow.days("sat-mon") == 0b110_0001)
        #expect(TimeWindow.days("mon,wed") == 0b000_0101)
        #expect(TimeWindow.days("weekend") == nil)
        #expect(TimeWindow.days("mon-") == nil)
        #expect(TimeWindow.minute("24:00") == 1440)
        #expect(TimeWindow.minute("24:01") == nil)
        #expect(TimeWindow.minute("8:00") == nil)
        #expect(TimeWindow.day("2024-02-29") == 19_782)
        #expect(TimeWindow.day("2026-02-29") == nil)
        #expect(TimeWindow.day("1970-01-01") == 0)
        #expect(TimeWindow.instant("2026-11-21T10:04:44Z") == 1_795_255_484)
    }

    @Test("times that no clock shows are in no window") func extremes() throws {
        let window = try daily("00:00", "24:00")
        for seconds in [Int64.min, .max, -1] { _ = window.contains(unixSeconds: seconds) }
        #expect(!window.contains(unixSeconds: .max))
    }
}
