import CLinux

/// The io_uring engine: operations are queued here, submitted together once a turn of the loop, and reported when they
/// are done.
///
/// A plain pointer to what `CLinux` keeps, so that the hot path counts no references; the loop makes and destroys it, and
/// outlives its sockets.
@safe
struct Ring {
    private let raw: OpaquePointer

    /// Which operation of a socket a completion belongs to: the four highest bits of its token.
    enum Operation: UInt64 {
        /// Nobody waits for it: a cancellation that came too late.
        case none = 0
        /// Receives into provided buffers, for as long as it lasts.
        case arrivals = 1
        case send = 2
        case pollRead = 3
        case pollWrite = 4
        /// The loop's own wake-up call.
        case wake = 5

        static let ofSockets: [Operation] = [.arrivals, .send, .pollRead, .pollWrite]
        static let shift: UInt64 = 60
        var bits: UInt64 { rawValue << Self.shift }
    }

    /// A full queue is submitted early, so this is no bound, only the usual size of a batch.
    private static let entries: UInt32 = 1024
    /// Provided buffers go round in the order in which they are used. Few of them stay in the processor's cache; more are
    /// handed out, up to 4 MiB of them, when a turn of the loop has needed more.
    private static let buffers: UInt32 = 64
    private static let buffersMax: UInt32 = 1024
    /// Takes nearly every head whole. What is longer is received directly after the first few.
    private static let bufferBytes: UInt32 = 4096

    /// - Throws: when the kernel, or a sandbox, gives no ring of this kind: they exist from Linux 6.1 on.
    init() throws(IOError) {
        var ring: OpaquePointer?
        let result = unsafe gh_ring_create(&ring, Self.entries, Self.buffers, Self.buffersMax, Self.bufferBytes)
        guard let ring = unsafe ring, result >= 0 else { throw IOError(result: Int(result)) }
        unsafe raw = ring
    }

    func destroy() { unsafe gh_ring_destroy(raw) }

    /// Makes the calling thread the ring's own.
    func enable() throws(IOError) {
        let result = unsafe gh_ring_enable(raw)
        guard result >= 0 else { throw IOError(result: Int(result)) }
    }

    /// The last call of the ring's own thread.
    func leave() { unsafe gh_ring_leave(raw) }

    /// Submits what was queued and waits for a completion, for ever with a timeout of -1.
    func turn(milliseconds: Int32) { unsafe gh_ring_turn(raw, milliseconds) }

    /// Moves completions to `completions`; their number.
    func reap(_ completions: inout [gh_completion]) -> Int {
        unsafe completions.withUnsafeMutableBufferPointer { buffer in
            Int(unsafe gh_ring_reap(raw, buffer.baseAddress, Int32(buffer.count)))
        }
    }

    // MARK: Operations of a socket, by its token

    func pollRead(_ descriptor: Int32, _ token: UInt64) {
        unsafe gh_ring_poll(raw, descriptor, 0, 0, token | Operation.pollRead.bits)
    }

    func pollWrite(_ descriptor: Int32, _ token: UInt64) {
        unsafe gh_ring_poll(raw, descriptor, 1, 0, token | Operation.pollWrite.bits)
    }

    func pollWake(_ descriptor: Int32) {
        unsafe gh_ring_poll(raw, descriptor, 0, 1, Operation.wake.bits)
    }

    func receiveArrivals(_ descriptor: Int32, repeats: Bool, _ token: UInt64) {
        unsafe gh_ring_receive_provided(raw, descriptor, repeats ? 1 : 0, token | Operation.arrivals.bits)
    }

    /// The memory stays as it is until the completion.
    @unsafe
    func send(_ descriptor: Int32, _ memory: UnsafeRawBufferPointer, more: Bool, _ token: UInt64) {
        unsafe gh_ring_send(
            raw, descriptor, memory.baseAddress, memory.count, more ? 1 : 0, token | Operation.send.bits)
    }

    func cancel(_ operation: Operation, _ token: UInt64) {
        unsafe gh_ring_cancel(raw, token | operation.bits, Operation.none.bits)
    }

    // MARK: Provided buffers

    /// False when the kernel has had all there are.
    func provideMore() -> Bool { unsafe gh_ring_more_buffers(raw) != 0 }

    func giveBack(_ buffer: UInt16) { unsafe gh_ring_give_back(raw, buffer) }

    func append(_ buffer: UInt16, count: Int32, to pieces: inout gh_pieces) {
        unsafe gh_ring_append(raw, &pieces, buffer, UInt32(bitPattern: count))
    }

    /// Copies received bytes to the free tail of `buffer`; their number.
    func take(_ pieces: inout gh_pieces, into buffer: Buffer) -> Int {
        let free = unsafe buffer.free
        let count = unsafe gh_ring_take(raw, &pieces, free.baseAddress, free.count)
        buffer.received(count)
        return count
    }

    func drop(_ pieces: inout gh_pieces) { unsafe gh_ring_drop(raw, &pieces) }

    /// How many hold bytes that nobody has taken.
    var buffersOut: Int { Int(unsafe gh_ring_buffers_out(raw)) }
}
