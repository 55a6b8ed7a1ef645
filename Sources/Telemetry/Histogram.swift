/// Durations in buckets of growing width, as Prometheus wants them.
struct Histogram: Sendable {
    /// The upper bounds in microseconds; above the last one there is one bucket more.
    static let boundsMicroseconds: [UInt64] = [
        250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000, 60_000_000,
    ]

    /// Per bucket, not cumulative; one more than there are bounds.
    private(set) var counts = [UInt64](repeating: 0, count: boundsMicroseconds.count + 1)
    private(set) var sumMicroseconds: UInt64 = 0

    mutating func add(microseconds: UInt64) {
        // Most requests are fast: a search from the front ends within a few steps.
        let index = Histogram.boundsMicroseconds.firstIndex { microseconds <= $0 } ?? Histogram.boundsMicroseconds.count
        counts[index] &+= 1
        sumMicroseconds &+= microseconds
    }

    static func += (sum: inout Histogram, other: Histogram) {
        for index in sum.counts.indices { sum.counts[index] &+= other.counts[index] }
        sum.sumMicroseconds &+= other.sumMicroseconds
    }
}
