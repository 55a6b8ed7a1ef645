import CLinux
import Glibc

/// A connected stream socket (TCP or Unix) of one loop; used only on that loop's thread, by one reader and one writer at a
/// time.
///
/// Operations are asked for as "do this with that memory and tell me when it is done": whether the engine tries first and
/// waits for readiness (epoll, here) or leaves the memory with the kernel (io_uring, `Socket+Ring`) is nobody else's
/// business. The memory of an operation stays put until the operation has ended.
@safe
package final class Socket {
    package let loop: EventLoop
    let descriptor: Int32
    /// Nil on epoll.
    let ring: Ring?
    /// Tells it apart from every other socket of its loop, earlier ones too.
    package internal(set) var token: UInt64 = .max
    var isListener = false
    var isPollingPaused = false

    /// Called on the loop, outside of any task, when a parked socket has something to read, was closed by its peer, or
    /// reached its deadline.
    package var onWake: ((Wake) -> Void)?
    package enum Wake { case readable, timedOut }

    /// The peer has sent its last byte, or the connection has failed.
    package internal(set) var peerHasClosed: Bool {
        get { state.contains(.peerHasClosed) }
        set { state.set(.peerHasClosed, newValue) }
    }
    /// The connection has failed in both directions (reset).
    package internal(set) var isBroken: Bool {
        get { state.contains(.isBroken) }
        set { state.set(.isBroken, newValue) }
    }
    package private(set) var isClosed: Bool {
        get { state.contains(.isClosed) }
        set { state.set(.isClosed, newValue) }
    }
    /// Bytes, or the end of the stream, wait to be received: the engine has said so, and no receive has drained it since.
    package internal(set) var mayRead: Bool {
        get { state.contains(.mayRead) }
        set { state.set(.mayRead, newValue) }
    }
    private(set) var isParked: Bool {
        get { state.contains(.isParked) }
        set { state.set(.isParked, newValue) }
    }
    private var refusesReceives: Bool {
        get { state.contains(.refusesReceives) }
        set { state.set(.refusesReceives, newValue) }
    }

    /// What a socket is. Nobody outside of this room touches it: so the compiler sees every access, and proves by itself
    /// that no two overlap, which it would otherwise check each time (`docs/decisions/0008-hot-path.md`).
    private struct State: OptionSet {
        let rawValue: UInt8
        static let peerHasClosed = State(rawValue: 1)
        static let isBroken = State(rawValue: 2)
        static let isClosed = State(rawValue: 4)
        static let mayRead = State(rawValue: 8)
        static let isParked = State(rawValue: 16)
        static let refusesReceives = State(rawValue: 32)

        mutating func set(_ part: State, _ isSet: Bool) {
            if isSet { formUnion(part) } else { subtract(part) }
        }
    }
    private var state: State = []
    private var parkDeadline = Milliseconds.max
    var reader = Waiter()
    var writer = Waiter()
    /// What is being sent; `Socket+Sending` has the rest.
    var outgoing: Outgoing?
    /// How the last send failed, until somebody asks.
    var sendFailure: IOError?
    /// The peer is told that no more bytes follow as soon as those that are with the kernel have gone.
    var shutsDownWhenSent = false
    /// What io_uring has of this socket.
    var held = Held()
    /// The tick at which the wheel will look at this socket.
    private var armedTick = UInt64.max

    init(descriptor: Int32, loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
        ring = loop.ring
    }

    deinit {
        if !isClosed { gh_close(descriptor) }
    }

    /// From here on a receive or send costs more in copying than in the system call: such pieces go through the processor's
    /// cache one by one, on each engine, instead of being batched.
    static let largeBytes = 32 << 10

    // MARK: Operations

    /// Receives at least one byte at the end of `buffer`, which must have room; 0 means the peer has sent its last byte.
    package func receive(into buffer: Buffer, deadline: Milliseconds) async throws(IOError) -> Int {
        while true {
            guard !refusesReceives else { throw .cancelled }
            if let count = try receiveNow(into: buffer) {
                if loop.mustGiveWay { await loop.giveWay() }
                return count
            }
            if let ring { watchReading(ring) }
            try await waitUntilReadable(deadline: deadline)
        }
    }

    /// Receives what is there; nil when that is nothing yet.
    package func receiveNow(into buffer: Buffer) throws(IOError) -> Int? {
        guard !isClosed else { throw .cancelled }
        guard mayRead else { return nil }
        if let ring, let count = try takeArrived(into: buffer, ring) { return count }
        let free = unsafe buffer.free
        let result = unsafe gh_recv(descriptor, free.baseAddress, free.count)
        if result == resultWouldBlock {
            mayRead = false
            return nil
        }
        guard result >= 0 else { throw IOError(result: result) }
        // A short read has drained the socket: the next bytes raise a new edge. Not so when the end of the stream has
        // been announced already: its edge is spent.
        if result > 0, result < free.count, !peerHasClosed { mayRead = false }
        if result >= Self.largeBytes { held.noteLarge() }
        buffer.received(result)
        return result
    }

    /// Leaves the socket to the loop until something arrives: no task and no buffer waits with it. `onWake` is called
    /// once. The caller has seen that `mayRead` is false: an edge that has passed does not come again.
    package func park(deadline: Milliseconds) {
        guard !isClosed else { return }
        isParked = true
        parkDeadline = deadline
        arm(deadline)
        if let ring { watchArrivals(ring) }
    }

    /// Waits for something to read, as `receive` does, but without memory for it: false when nothing came by `deadline`.
    ///
    /// Part of its callers, so that they ask for their executor once when they go on, and not once for each function that
    /// returns to them.
    @inlinable @inline(__always)
    package func arrival(deadline: Milliseconds) async -> Bool {
        guard mustWaitForArrival(deadline: deadline) else { return true }
        let outcome = unsafe await withUnsafeContinuation { (continuation: Waiter.Continuation) in
            unsafe startReading(continuation, deadline: deadline)
        }
        // Whoever closed it finds that out by receiving.
        return outcome != .timedOut
    }

    package func mustWaitForArrival(deadline: Milliseconds) -> Bool {
        guard !mayRead, !isClosed, !refusesReceives else { return false }
        if let ring { watchArrivals(ring) }
        arm(deadline)
        return true
    }

    /// Takes a parked socket back; false when it had been woken already.
    @discardableResult
    package func unpark() -> Bool {
        defer { isParked = false }
        return isParked
    }

    /// Whether a parked or pooled connection is surely of no use any more: its peer has closed it, or has sent bytes that
    /// nobody asked for.
    package var isStale: Bool { peerHasClosed || isBroken || isClosed || mayRead }

    /// Ends a receive that is waiting, and every one until `allowReceives`, with `.cancelled`; the socket stays open. It
    /// lasts because the task that is to stop may be about to receive rather than waiting already.
    package func refuseReceives() {
        refusesReceives = true
        resumeReader(.cancelled)
    }

    /// Lifts `refuseReceives`.
    package func allowReceives() { refusesReceives = false }

    /// Tells the peer that no more bytes follow.
    package func shutdownWrite() {
        guard !isClosed else { return }
        if isSending { shutsDownWhenSent = true } else { gh_shutdown_write(descriptor) }
    }

    /// Makes `close` reset the connection, so that what was sent cannot be taken for complete.
    package func resetOnClose() {
        if !isClosed { gh_reset_on_close(descriptor) }
    }

    /// Closes the descriptor; operations under way end with `.cancelled`.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        isParked = false
        onWake = nil
        if let ring { return close(ring) }
        loop.unregister(self)
        gh_close(descriptor)
        outgoing = nil
        resumeReader(.cancelled)
        resumeWriter(.cancelled)
    }

    // MARK: The loop's side

    /// Takes note of what an event said, and wakes who waits for it.
    func handle(flags: UInt32) {
        if flags & UInt32(GH_HANGUP) != 0 { peerHasClosed = true }
        if flags & UInt32(GH_ERROR) != 0 { isBroken = true }
        if flags & UInt32(GH_READ) != 0 {
            mayRead = true
            resumeReader(.ready)
            wake(.readable)
        }
        if flags & UInt32(GH_WRITE) != 0 {
            if isSending { sendMore() } else { resumeWriter(.ready) }
        }
    }

    /// The wheel's look: ends waits whose deadline has come and asks for the next look.
    func checkDeadlines(tick: UInt64, now: Milliseconds) {
        guard tick == armedTick else { return }
        armedTick = .max
        if reader.isWaiting, reader.deadline <= now { resumeReader(.timedOut) }
        if writer.isWaiting, writer.deadline <= now { endWriting(.timedOut) }
        if isParked, parkDeadline <= now { wake(.timedOut) }
        var next = Milliseconds.max
        if reader.isWaiting { next = min(next, reader.deadline) }
        if writer.isWaiting { next = min(next, writer.deadline) }
        if isParked { next = min(next, parkDeadline) }
        arm(next)
    }

    /// Ends the wait of the sender, at once or when the kernel has given the memory back.
    private func endWriting(_ outcome: Waiter.Outcome) {
        if let ring, held.has(.send) { return abandonSend(ring) }
        resumeWriter(outcome)
    }

    /// Takes the waiting task out first: what it does when it goes on may concern this socket.
    func resumeReader(_ outcome: Waiter.Outcome) {
        let waiting = unsafe reader.take()
        unsafe waiting?.resume(returning: outcome)
    }

    func resumeWriter(_ outcome: Waiter.Outcome) {
        let waiting = unsafe writer.take()
        unsafe waiting?.resume(returning: outcome)
    }

    // Two tasks that wait for one direction are a mistake of the caller. The earlier one ends with `.cancelled`: were it
    // forgotten, its task would hang for ever and keep the connection with it.

    package func startReading(_ continuation: Waiter.Continuation, deadline: Milliseconds) {
        resumeReader(.cancelled)
        unsafe reader.start(continuation, deadline: deadline)
    }

    private func startWriting(_ continuation: Waiter.Continuation, deadline: Milliseconds) {
        resumeWriter(.cancelled)
        unsafe writer.start(continuation, deadline: deadline)
    }

    func wake(_ reason: Wake) {
        guard isParked else { return }
        isParked = false
        onWake?(reason)
    }

    func waitUntilReadable(deadline: Milliseconds) async throws(IOError) {
        arm(deadline)
        let outcome = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Waiter.Outcome, Never>) in
            unsafe startReading(continuation, deadline: deadline)
        }
        try outcome.check()
    }

    /// Waits until the kernel takes bytes (again), all of them are sent, or a connect has ended.
    func waitUntilWritable(deadline: Milliseconds) async throws(IOError) {
        if let ring, outgoing == nil { watchWriting(ring) }
        arm(deadline)
        let outcome = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Waiter.Outcome, Never>) in
            unsafe startWriting(continuation, deadline: deadline)
        }
        try outcome.check()
    }

    func arm(_ deadline: Milliseconds) {
        guard deadline != .max else { return }
        let tick = deadline / DeadlineWheel.tickMilliseconds + 1
        guard tick < armedTick else { return }
        armedTick = loop.arm(self, deadline: deadline)
    }
}
