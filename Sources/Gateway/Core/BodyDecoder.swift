import HTTP
import Reasons

/// Finds the body in the bytes that follow a head, whatever its framing, and says where it ends.
///
/// It keeps no bytes. The caller passes what is buffered, handles the pieces, and drops what was consumed.
package struct BodyDecoder: Sendable {
    /// Each step speaks of the span from where the last one stopped.
    package enum Step: Equatable {
        /// Body bytes to pass on; not empty.
        case data(Range<Int>)
        /// The body is whole; bytes from `consumed` on belong to the next message.
        case end(consumed: Int)
        /// All bytes are consumed, and more must come.
        case needMore
    }

    private enum State: Sendable {
        case length(UInt64)
        case chunked(ChunkDecoder)
        case untilClose
    }

    private var state: State
    /// Whether the last byte of the body has been seen. A body that ends with the connection never says so itself.
    package private(set) var isComplete: Bool

    package init(_ framing: BodyFraming) {
        switch framing {
        case .none: state = .length(0)
        case .length(let bytes): state = .length(bytes)
        case .chunked: state = .chunked(ChunkDecoder())
        case .untilClose: state = .untilClose
        }
        isComplete = false
        if case .length(0) = state { isComplete = true }
    }

    /// The step from `start` on.
    ///
    /// - Throws: `.malformedChunk`.
    package mutating func next(_ bytes: borrowing Span<UInt8>, from start: Int) throws(Reason) -> Step {
        switch state {
        case .length(let left):
            let available = bytes.count - start
            if left == 0 {
                isComplete = true
                return .end(consumed: start)
            }
            guard available > 0 else { return .needMore }
            let taken = min(UInt64(available), left)
            state = .length(left - taken)
            if left == taken { isComplete = true }
            return .data(start..<(start + Int(taken)))
        case .chunked(var decoder):
            let step = try decoder.next(bytes, from: start)
            state = .chunked(decoder)
            switch step {
            case .data(let range): return .data(range)
            case .needMore: return .needMore
            case .end(let consumed):
                isComplete = true
                return .end(consumed: consumed)
            }
        case .untilClose:
            return start < bytes.count ? .data(start..<bytes.count) : .needMore
        }
    }
}
