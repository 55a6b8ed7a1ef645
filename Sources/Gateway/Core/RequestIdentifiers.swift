import Encoding

/// The name of a request: 128 bits that become a UUID where it is written.
struct RequestID: BitwiseCopyable, Sendable {
    var high: UInt64 = 0
    var low: UInt64 = 0

    var text: String { UUIDText.version4(high, low) }
}

/// Names for requests and spans. They need to be unique and hard to collide with, not secret, so one core draws them
/// from its own generator (wyrand) that was seeded from the kernel.
struct RequestIdentifiers {
    private var state: UInt64
    private let sequence: UInt64

    init(seed: UInt64, sequence: UInt64) {
        state = seed
        self.sequence = sequence | 1
    }

    mutating func requestID() -> RequestID { RequestID(high: next(), low: next()) }

    /// A trace that begins here.
    mutating func trace() -> TraceContext {
        TraceContext(high: next() | 1, low: next(), span: next() | 1, flags: 1, continues: false)
    }

    /// The client's trace, going on under a span of our own; a new one when what it sent is no `traceparent`.
    mutating func trace(continuing received: borrowing Span<UInt8>) -> TraceContext {
        guard var trace = TraceContext(received) else { return trace() }
        trace.span = next() | 1
        return trace
    }

    private mutating func next() -> UInt64 {
        state &+= 0xA076_1D64_78BD_642F
        let product = state.multipliedFullWidth(by: state ^ 0xE703_7ED1_A0B4_28DB ^ sequence)
        return product.high ^ product.low
    }
}
