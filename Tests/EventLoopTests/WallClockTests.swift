import Testing

@testable import EventLoop

@Suite struct WallClockTests {
    private let second: Int64 = 1_000_000_000

    @Test("the clock follows a jump forward at once and says so")
    func forward() {
        var offset: Int64 = 100 * second
        var corrected: Int64 = 0
        let jump = WallClock.correct(&offset, &corrected, boot: 10 * second, wall: 170 * second)
        #expect(offset == 160 * second)
        #expect(jump == 60 * second)
    }

    @Test("the clock follows a jump backward by one second a minute, so that no expired token lives again")
    func backward() {
        var offset: Int64 = 100 * second
        var corrected: Int64 = 0
        _ = WallClock.correct(&offset, &corrected, boot: 60 * second, wall: 60 * second)
        #expect(offset == 99 * second)
        _ = WallClock.correct(&offset, &corrected, boot: 60 * second, wall: 60 * second)
        #expect(offset == 99 * second)
    }
}
