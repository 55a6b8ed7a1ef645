/// Random numbers that are the same in every run (SplitMix64), so that a failure can be repeated from its seed.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension [UInt8] {
    /// The pieces of which smuggled messages are made; they reach deeper than random bytes do.
    private static let pieces = [
        "\r", "\n", "\r\n", "\r\n\r\n", "\0", " ", "\t", ":", ",", ";", "=", "\"", "\\", "#", "?", "/", "*", "%",
        "\u{7f}",
        "é", "0", "5", "f", "-", "+", "http://a", "[::1]", "Host: a\r\n", "Host: b\r\n", "Content-Length: 5\r\n",
        "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Connection: host\r\n",
        "Expect: 100-continue\r\n", "HTTP/1.1", "HTTP/1.0", "GET / HTTP/1.1\r\n", "0\r\n\r\n", "5\r\nhello\r\n", ";a=b",
    ].map { Array($0.utf8) }

    /// A copy with one to three small changes: a byte changed, a run removed or doubled, a piece put in.
    func mutated(_ random: inout Seeded) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = Swift.min(bytes.count, at + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where at < bytes.count: bytes[at] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.removeSubrange(at..<end)
            case 2: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
            default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: at)
            }
        }
        return bytes
    }

    /// Places to cut at, in order.
    func cuts(_ random: inout Seeded) -> [Int] {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
    }
}
