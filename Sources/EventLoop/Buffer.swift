/// A fixed piece of memory that belongs to one connection: the kernel writes at its end, the parser reads from its start.
///
/// The memory never moves while an operation is under way, so that an engine may leave it with the kernel (io_uring). The
/// bytes between `start` and `end` are readable; pure code sees them as a `Span`.
@safe
package final class Buffer {
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    package init(capacityBytes: Int) {
        unsafe memory = .allocate(byteCount: max(capacityBytes, 64), alignment: 16)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Bytes received and not yet consumed.
    package var count: Int { end - start }
    package var isEmpty: Bool { start == end }
    package var capacityBytes: Int { unsafe memory.count }

    /// The readable bytes, valid while the buffer is neither consumed nor received into.
    package var readable: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let part = unsafe UnsafeRawBufferPointer(rebasing: memory[start..<end])
            let span = unsafe Span<UInt8>(_unsafeBytes: part)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Drops the first `count` readable bytes (at most all of them).
    package func consume(_ count: Int) {
        start += min(max(count, 0), end - start)
        if start == end {
            start = 0
            end = 0
        }
    }

    package func removeAll() {
        start = 0
        end = 0
    }

    /// Makes room for at least one more byte without growing beyond `limitBytes`: moves the readable bytes to the front,
    /// then doubles. False when the buffer already holds `limitBytes`.
    package func makeRoom(limitBytes: Int) -> Bool {
        if unsafe end < memory.count { return true }
        if start > 0 {
            unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
            end -= start
            start = 0
            return true
        }
        guard capacityBytes < limitBytes else { return false }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(capacityBytes * 2, limitBytes), alignment: 16)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(memory))
        unsafe memory.deallocate()
        unsafe memory = larger
        return true
    }

    /// Gives an empty buffer another capacity; nothing happens to one that holds bytes.
    package func resize(capacityBytes capacity: Int) {
        guard isEmpty, capacity != capacityBytes else { return }
        unsafe memory.deallocate()
        unsafe memory = .allocate(byteCount: max(capacity, 64), alignment: 16)
    }

    /// Appends the first `count` readable bytes to `output` and consumes them.
    package func move(_ count: Int, to output: inout [UInt8]) {
        let taken = min(max(count, 0), end - start)
        let part = unsafe UnsafeRawBufferPointer(rebasing: memory[start..<(start + taken)])
        unsafe output.append(contentsOf: part)
        consume(taken)
    }

    /// Appends the readable bytes in `range` (offsets from the first readable byte) to `output`.
    package func copy(_ range: Range<Int>, to output: inout [UInt8]) {
        let lower = min(max(range.lowerBound, 0), count)
        let upper = min(max(range.upperBound, lower), count)
        let part = unsafe UnsafeRawBufferPointer(rebasing: memory[(start + lower)..<(start + upper)])
        unsafe output.append(contentsOf: part)
    }

    /// Puts bytes into an empty buffer, which grows to hold them; nothing happens to one that is not empty.
    package func refill(_ bytes: [UInt8]) {
        guard isEmpty else { return }
        if capacityBytes < bytes.count { resize(capacityBytes: bytes.count) }
        unsafe memory.copyBytes(from: bytes)
        end = bytes.count
    }

    // The kernel's side.

    /// The free tail, for one receive.
    var free: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// The kernel has written `count` bytes at the tail.
    func received(_ count: Int) {
        end = min(end + count, capacityBytes)
    }

    /// The first `limit` readable bytes, for one send.
    func head(limit: Int) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: memory[start..<min(end, start + limit)])
    }
}
