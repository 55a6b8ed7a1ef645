import CLinux

/// A socket's operations that are with the kernel, and what they have brought: at most one receive, one send and one poll
/// at a time.
struct RingState {
    struct Posted: OptionSet {
        let rawValue: UInt8

        static let arrival = Posted(rawValue: 1 << 0)
        static let receive = Posted(rawValue: 1 << 1)
        static let send = Posted(rawValue: 1 << 2)
        static let poll = Posted(rawValue: 1 << 3)
        /// The receive, or the send, has been asked to end.
        static let cancelled = Posted(rawValue: 1 << 4)

        static let operations: Posted = [.arrival, .receive, .send, .poll]
    }

    var posted: Posted = []
    /// The provided buffer that holds what has arrived and nobody has taken; -1 for none.
    var provided: Int32 = -1
    var offset = 0
    var count = 0
    /// The stream has ended, or failed with this error.
    var hasEnded = false
    var failure: Int32 = 0
    /// Something can be received, but no provided buffer was left for it.
    var isReadable = false
    /// The memory of the receive that is posted.
    var memory: Buffer?
    /// What the receive that ended has put there.
    var received = 0
    /// Why what is being cancelled is; what the waiting task will be told.
    var outcome = Waiter.Outcome.cancelled

    var isEmpty: Bool { provided < 0 && !hasEnded && failure == 0 && !isReadable }
}

// How a socket works on io_uring. Memory that the kernel has is not touched until the completion has come; a task that
// waits with such memory is resumed by the completion and by nothing else, whatever its deadline or `close` say, which only
// ask the kernel to end the operation.
extension Socket {
    // MARK: Receiving

    /// Takes what has arrived; nil when that is nothing.
    func takeArrived(_ ring: Ring, into buffer: Buffer) throws(IOError) -> Int? {
        if ringState.provided >= 0 {
            let copied = ring.copy(
                ringState.provided, offset: ringState.offset, count: ringState.count, to: buffer)
            ringState.offset += copied
            ringState.count -= copied
            if ringState.count == 0 { dropArrived(ring) }
            noteArrived()
            return copied
        }
        if ringState.isReadable {
            ringState.isReadable = false
            let free = unsafe buffer.free
            let result = unsafe gh_recv(descriptor, free.baseAddress, free.count)
            if result > 0 {
                buffer.received(result)
                noteArrived()
                return result
            }
            if result == 0 {
                ringState.hasEnded = true
            } else if result != resultWouldBlock {
                ringState.failure = Int32(clamping: result)
            }
            noteArrived()
        }
        if ringState.failure != 0 { throw IOError(result: Int(ringState.failure)) }
        return ringState.hasEnded ? 0 : nil
    }

    private func dropArrived(_ ring: Ring) {
        if ringState.provided >= 0 { ring.giveBack(ringState.provided) }
        ringState.provided = -1
        ringState.count = 0
    }

    private func noteArrived() {
        if ringState.isEmpty { state.remove(.mayRead) } else { state.insert(.mayRead) }
    }

    /// Leaves a receive without memory with the kernel, unless there is one, or something has come already.
    func postArrival(_ ring: Ring) {
        guard ringState.isEmpty, ringState.posted.isDisjoint(with: [.arrival, .receive, .poll]) else { return }
        if isListening {
            ringState.posted.insert(.poll)
            ring.poll(descriptor, forWriting: false, Ring.token(token, .poll))
        } else {
            ringState.posted.insert(.arrival)
            ring.receive(descriptor, Ring.token(token, .arrival))
        }
    }

    /// Receives straight into `buffer`, unless a receive without memory is posted already: then what that brings is copied.
    func receive(_ ring: Ring, into buffer: Buffer, deadline: Milliseconds) async throws(IOError) -> Int {
        while true {
            guard !state.contains(.refusesReceives) else { throw .cancelled }
            if let count = try receiveNow(into: buffer) { return count }
            if ringState.posted.isDisjoint(with: [.arrival, .receive]) {
                ringState.posted.insert(.receive)
                ringState.received = 0
                ringState.memory = buffer
                unsafe ring.receive(descriptor, into: buffer.free, Ring.token(token, .receive))
                try await waitUntilReadable(deadline: deadline)
                if ringState.received > 0 { return ringState.received }
            } else {
                try await waitUntilReadable(deadline: deadline)
            }
        }
    }

    // MARK: Sending

    /// Posts what is left of `outgoing`. The array stays referred to from there, so that nobody can change it in place, and
    /// the storage of an array does not move: the kernel may have its address.
    func postSend(_ ring: Ring) {
        guard let outgoing else { return }
        let token = Ring.token(token, .send)
        ringState.posted.insert(.send)
        switch outgoing.memory {
        case .bytes(let bytes), .kept(let bytes):
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe ring.send(
                    descriptor, UnsafeRawBufferPointer(rebasing: buffer[outgoing.sent...]), more: outgoing.more, token)
            }
        case .buffer(let buffer):
            unsafe ring.send(descriptor, buffer.head(limit: outgoing.left), more: outgoing.more, token)
        }
    }

    // MARK: Ending

    /// Whether the reader waits with memory that the kernel has.
    private var isReceivePosted: Bool { ringState.posted.contains(.receive) }

    /// Ends the wait of the reader: at once, or when the kernel has given the memory back.
    func endReading(_ outcome: Waiter.Outcome) {
        guard let ring = loop.ring, isReceivePosted else { return reader.resume(outcome) }
        cancel(.receive, on: ring, outcome)
    }

    /// Ends the wait of the writer, likewise.
    func endWriting(_ outcome: Waiter.Outcome) {
        guard let ring = loop.ring, ringState.posted.contains(.send) else { return writer.resume(outcome) }
        cancel(.send, on: ring, outcome)
    }

    private func cancel(_ operation: Ring.Operation, on ring: Ring, _ outcome: Waiter.Outcome) {
        ringState.outcome = outcome
        ringState.posted.insert(.cancelled)
        ring.cancel(Ring.token(token, operation))
    }

    /// Asks the kernel to end everything; false when nothing is with it, and the descriptor can be closed.
    func cancelAll(_ ring: Ring) -> Bool {
        dropArrived(ring)
        guard !ringState.posted.isDisjoint(with: .operations) else { return false }
        ringState.outcome = .cancelled
        for (posted, operation) in [
            (RingState.Posted.arrival, Ring.Operation.arrival), (.receive, .receive), (.send, .send), (.poll, .poll),
        ]
        where ringState.posted.contains(posted) {
            ring.cancel(Ring.token(token, operation))
        }
        return true
    }

    // MARK: The loop's side

    func complete(_ operation: Ring.Operation, _ completion: gh_completion, _ ring: Ring) {
        switch operation {
        case .arrival: arrived(completion, ring)
        case .receive: received(completion.result)
        case .send: sent(completion.result, ring)
        case .poll:
            ringState.posted.remove(.poll)
            polled()
        case .wake, .cancel: break
        }
        if isClosed, ringState.posted.isDisjoint(with: .operations) { loop.bury(self) }
    }

    private func arrived(_ completion: gh_completion, _ ring: Ring) {
        ringState.posted.remove(.arrival)
        if isClosed {
            if completion.buffer >= 0 { ring.giveBack(completion.buffer) }
            return
        }
        if completion.result > 0, completion.buffer >= 0 {
            ringState.provided = completion.buffer
            ringState.offset = 0
            ringState.count = Int(completion.result)
        } else {
            if completion.buffer >= 0 { ring.giveBack(completion.buffer) }
            // No provided buffer was left: what is there is received when somebody comes with memory.
            if completion.result == -Int32(GH_NO_BUFFERS) {
                ringState.isReadable = true
            } else {
                ended(completion.result)
            }
        }
        state.insert(.mayRead)
        reader.resume(.ready)
        wake(.readable)
    }

    private func received(_ result: Int32) {
        ringState.posted.remove(.receive)
        let memory = ringState.memory
        ringState.memory = nil
        let wasCancelled = ringState.posted.contains(.cancelled) && result == -Int32(GH_CANCELLED)
        if !ringState.posted.contains(.send) { ringState.posted.remove(.cancelled) }
        if wasCancelled || isClosed { return reader.resume(isClosed ? .cancelled : ringState.outcome) }
        if result > 0 {
            memory?.received(Int(result))
            ringState.received = Int(result)
        } else {
            ended(result)
            state.insert(.mayRead)
        }
        reader.resume(.ready)
    }

    private func ended(_ result: Int32) {
        state.insert(.peerHasClosed)
        if result == 0 { ringState.hasEnded = true } else { ringState.failure = result }
    }

    private func sent(_ result: Int32, _ ring: Ring) {
        ringState.posted.remove(.send)
        let wasCancelled = result == -Int32(GH_CANCELLED)
        if !ringState.posted.contains(.receive) { ringState.posted.remove(.cancelled) }
        guard result >= 0, !isClosed else {
            sendFailure = wasCancelled || isClosed ? .cancelled : IOError(result: Int(result))
            outgoing = nil
            return writer.resume(wasCancelled ? ringState.outcome : .ready)
        }
        took(Int(result))
        if let outgoing, outgoing.left > 0 {
            if outgoing.stall != .max {
                writer.extend(to: loop.deadline(after: outgoing.stall))
                arm(writer.deadline)
            }
            postSend(ring)
        } else {
            endSend()
        }
    }

    private func polled() {
        guard !isClosed else { return }
        if isListening {
            state.insert(.mayRead)
            wake(.readable)
        } else {
            writer.resume(.ready)
        }
    }
}
