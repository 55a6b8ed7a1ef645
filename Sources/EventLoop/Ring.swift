import CLinux

/// Which interface of the kernel a loop waits on.
package enum IOEngine: String, Sendable, CaseIterable {
    /// Readiness: wait until a socket can be read, then read. Everywhere.
    case epoll
    /// Completion: leave reads and writes with the kernel, all of a turn in one system call. Linux 6.1 or later, where the
    /// system's policy allows it.
    case ioUring = "io_uring"

    /// Why a loop cannot use it here; nil when it can.
    package var refusal: IOError? {
        guard self == .ioUring else { return nil }
        do throws(IOError) {
            _ = try Ring()
            return nil
        } catch { return error }
    }
}

/// The io_uring of one loop: operations are queued, submitted together once a turn, and end with a completion that bears
/// the token they were queued with. Used on the loop's thread only, from `enable` on.
@safe
final class Ring {
    /// What an operation was, in the bits of its token that a slot number leaves free.
    enum Operation: UInt64 {
        /// A receive that holds no memory until something comes.
        case arrival = 1
        /// A receive into a buffer of the caller.
        case receive, send
        /// A wait for a socket that can be written, or for a listener that can accept.
        case poll
        /// The loop's own eventfd.
        case wake
        /// The cancelling of another operation; nobody waits for it.
        case cancel
    }

    private let handle: OpaquePointer
    private var completions = [gh_completion](repeating: gh_completion(), count: completionsMax)

    private static let completionsMax = 256
    private static let entries: UInt32 = 1024
    /// Enough for what one turn brings; what finds none is received in a second step (`Socket.arrived`).
    private static let buffers: UInt32 = 128
    private static let bufferBytes: UInt32 = 4096

    /// Throws what the kernel says when it, or the system's policy, does not allow io_uring.
    init() throws(IOError) {
        var error: Int32 = 0
        guard let handle = unsafe gh_ring_create(Self.entries, Self.buffers, Self.bufferBytes, &error) else {
            throw .system(errno: 0 &- error)
        }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe gh_ring_destroy(handle) }

    /// The calling thread is the only one that uses the ring from now on.
    func enable() { _ = unsafe gh_ring_enable(handle) }

    // MARK: Tokens

    private static let operationShift: UInt64 = 28
    private static let operationMask: UInt64 = 0xF << operationShift

    /// The token of an operation of a socket. Slots are numbered below 2^28.
    static func token(_ socket: UInt64, _ operation: Operation) -> UInt64 {
        socket & ~operationMask | operation.rawValue << operationShift
    }

    static func operation(of token: UInt64) -> Operation? { Operation(rawValue: token >> operationShift & 0xF) }

    static func socket(of token: UInt64) -> UInt64 { token & ~operationMask }

    // MARK: Queueing

    func receive(_ descriptor: Int32, _ token: UInt64) { unsafe gh_ring_receive(handle, descriptor, token) }

    /// `memory` belongs to the kernel until the completion.
    func receive(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer, _ token: UInt64) {
        unsafe gh_ring_receive_into(handle, descriptor, memory.baseAddress, memory.count, token)
    }

    /// `memory` must stay as it is until the completion.
    func send(_ descriptor: Int32, _ memory: UnsafeRawBufferPointer, more: Bool, _ token: UInt64) {
        unsafe gh_ring_send(handle, descriptor, memory.baseAddress, memory.count, more ? 1 : 0, token)
    }

    func poll(_ descriptor: Int32, forWriting: Bool, _ token: UInt64) {
        unsafe gh_ring_poll(handle, descriptor, forWriting ? 1 : 0, token)
    }

    func pollAlways(_ descriptor: Int32, _ token: UInt64) { unsafe gh_ring_poll_always(handle, descriptor, token) }

    func cancel(_ target: UInt64) {
        unsafe gh_ring_cancel(handle, target, Self.token(0, .cancel))
    }

    // MARK: A turn

    /// Submits what is queued and waits for completions; returns how many there are to take.
    func turn(timeout: Int32) -> Int {
        let count = unsafe completions.withUnsafeMutableBufferPointer { buffer in
            unsafe gh_ring_turn(handle, buffer.baseAddress, Int32(buffer.count), timeout)
        }
        return max(Int(count), 0)
    }

    func completion(_ index: Int) -> gh_completion { completions[index] }

    // MARK: Provided buffers

    /// Copies from a provided buffer, from `offset` on, as much as `buffer` has room for.
    func copy(_ provided: Int32, offset: Int, count: Int, to buffer: Buffer) -> Int {
        let free = unsafe buffer.free
        let copied = min(count, free.count)
        guard let memory = unsafe gh_ring_buffer(handle, provided), copied > 0 else { return 0 }
        unsafe free.copyMemory(from: UnsafeRawBufferPointer(start: memory + offset, count: copied))
        buffer.received(copied)
        return copied
    }

    func giveBack(_ provided: Int32) { unsafe gh_ring_give_back(handle, provided) }
}
