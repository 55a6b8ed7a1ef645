import Encoding

/// Names for requests and spans. They need to be unique and hard to collide with, not secret, so one core draws them
/// from its own generator (wyrand) that was seeded from the kernel.
struct RequestIdentifiers {
    private var state: UInt64
    private let sequence: UInt64

    init(seed: UInt64, sequence: UInt64) {
        state = seed
        self.sequence = sequence | 1
    }

    /// A UUID (version 4 in form).
    mutating func requestID() -> String {
        UUIDText.version4(next(), next())
    }

    /// A `traceparent` (W3C Trace Context, level 1): the trace goes on when the client sent a valid one, under a span of
    /// our own; otherwise it begins here. The second value says whether the client's `tracestate` still belongs to it.
    mutating func traceparent(continuing received: [UInt8]?) -> (value: [UInt8], continues: Bool) {
        var value = Array("00-".utf8)
        if let received, Self.isTraceparent(received) {
            value += received[3..<36]
            appendHex(next() | 1, to: &value)
            value += received[52..<55]
            return (value, true)
        }
        appendHex(next() | 1, to: &value)
        appendHex(next(), to: &value)
        value.append(UInt8(ascii: "-"))
        appendHex(next() | 1, to: &value)
        value += Array("-01".utf8)
        return (value, false)
    }

    /// `00-` 32 hex `-` 16 hex `-` 2 hex, in lower case, neither identifier all zeros.
    static func isTraceparent(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 55, bytes.starts(with: "00-".utf8), bytes[35] == 0x2D, bytes[52] == 0x2D else {
            return false
        }
        let trace = bytes[3..<35]
        let span = bytes[36..<52]
        let isHex: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return trace.allSatisfy(isHex) && span.allSatisfy(isHex) && bytes[53...].allSatisfy(isHex)
            && trace.contains { $0 != 0x30 } && span.contains { $0 != 0x30 }
    }

    private mutating func next() -> UInt64 {
        state &+= 0xA076_1D64_78BD_642F
        let product = state.multipliedFullWidth(by: state ^ 0xE703_7ED1_A0B4_28DB ^ sequence)
        return product.high ^ product.low
    }

    private func appendHex(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 0xF
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
