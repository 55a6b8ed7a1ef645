import CLinux

/// What the kernel has of a socket: operations under way, and what they brought that nobody has taken.
///
/// A socket that waits for a request, or idles in a pool, holds no memory: *arrivals* go to provided buffers of the loop, and
/// the operation stays for request after request. Large bodies are received straight into the caller's memory, when it is
/// their turn: the kernel only says that there is something, so that what has been received is sent on while it is still in
/// the processor's cache. Receives therefore never leave the caller's memory with the kernel; sends do.
struct Held {
    private(set) var operations: UInt8 = 0
    private var cancelled: UInt8 = 0
    /// Bytes that have arrived.
    var pieces = gh_pieces()
    /// What comes behind them: 0 for the end of the stream, or an errno below 0; 1 for nothing yet.
    var ending: Int32 = 1
    /// The socket is closed, and its descriptor not yet.
    var keepsDescriptor = false

    /// So many arrivals nobody has taken: the peer sends more than heads, which it is cheaper to receive in large pieces.
    static let piecesMax = 8
    /// How many arrivals are received one at a time after a large body, because a repeated receive would take most of
    /// the next large body in small pieces before anybody sees it.
    private static let singlesAfterLarge: UInt8 = 16
    private var singlesLeft: UInt8 = 0

    /// Whether the next arrivals may follow each other.
    mutating func arrivalsRepeat() -> Bool {
        if singlesLeft == 0 { return true }
        singlesLeft -= 1
        return false
    }

    /// A large body is coming.
    mutating func noteLarge() { singlesLeft = Self.singlesAfterLarge }

    var isEmpty: Bool { operations == 0 }

    func has(_ operation: Ring.Operation) -> Bool { operations & Self.bit(operation) != 0 }

    mutating func begin(_ operation: Ring.Operation) { operations |= Self.bit(operation) }

    mutating func end(_ operation: Ring.Operation) {
        operations &= ~Self.bit(operation)
        cancelled &= ~Self.bit(operation)
    }

    /// Whether the operation is under way and was not cancelled before.
    mutating func cancel(_ operation: Ring.Operation) -> Bool {
        let bit = Self.bit(operation)
        guard operations & bit != 0, cancelled & bit == 0 else { return false }
        cancelled |= bit
        return true
    }

    private static func bit(_ operation: Ring.Operation) -> UInt8 { 1 << UInt8(truncatingIfNeeded: operation.rawValue) }
}

extension Socket {
    // MARK: Receiving

    /// Sees to it that the loop hears of what comes next, and has memory for it.
    func watchArrivals(_ ring: Ring) {
        if isListener { return watchReading(ring) }
        guard mayBeginWatching else { return }
        held.begin(.arrivals)
        ring.receiveArrivals(descriptor, repeats: held.arrivalsRepeat(), token)
    }

    /// As `watchArrivals`, for somebody who has memory for it: what comes stays with the kernel until it is taken.
    func watchReading(_ ring: Ring) {
        guard mayBeginWatching else { return }
        held.begin(.pollRead)
        ring.pollRead(descriptor, token)
    }

    private var mayBeginWatching: Bool {
        !isClosed && !isPollingPaused && held.ending == 1 && !held.has(.arrivals) && !held.has(.pollRead)
    }

    /// Takes what has arrived; nil when it is still with the kernel (`pollRead`).
    func takeArrived(into buffer: Buffer, _ ring: Ring) throws(IOError) -> Int? {
        if held.pieces.count > 0 {
            let count = ring.take(&held.pieces, into: buffer)
            if held.pieces.count == 0, held.ending == 1 { mayRead = false }
            return count
        }
        if held.ending > 0 { return nil }
        // Once more for everybody who asks, as an end of stream is.
        if held.ending < 0 { throw IOError(result: Int(held.ending)) }
        return 0
    }

    // MARK: Sending

    /// Leaves what is to be sent with the kernel.
    func submitSend(_ ring: Ring) {
        guard let outgoing else { return }
        held.begin(.send)
        switch outgoing.memory {
        case .bytes(let bytes), .kept(let bytes):
            // The pointer outlives the closure. It is good until the completion, because `outgoing` holds the array until
            // then, and an array that somebody holds is not changed in place: whoever writes to it gets a copy.
            unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[outgoing.sent...])
                unsafe ring.send(descriptor, rest, more: outgoing.more, token)
            }
        case .buffer(let buffer):
            unsafe ring.send(descriptor, buffer.head(limit: outgoing.left), more: outgoing.more, token)
        }
    }

    /// Ends a send whose memory is with the kernel, unless something has gone since it was submitted: then the peer is
    /// slow, and the rest gets as much time again.
    func abandonSend(_ ring: Ring) {
        guard held.cancel(.send) else { return }
        writer.extend(to: .max)
        ring.cancel(.send, token)
    }

    private func sendCompleted(_ result: Int32, _ ring: Ring) {
        if isClosed {
            sendFailure = .cancelled
        } else if result > 0 {
            took(Int(result))
            if let outgoing, outgoing.left > 0, sendFailure == nil {
                if outgoing.stall != .max {
                    writer.extend(to: loop.deadline(after: outgoing.stall))
                    arm(writer.deadline)
                }
                return submitSend(ring)
            }
        } else if sendFailure == nil {
            switch result {
            case Self.canceled: sendFailure = .timedOut
            case 0: sendFailure = .disconnected
            default: sendFailure = IOError(result: Int(result))
            }
        }
        endSend()
    }

    // MARK: Connecting

    func watchWriting(_ ring: Ring) {
        guard !isClosed, !held.has(.pollWrite) else { return }
        held.begin(.pollWrite)
        ring.pollWrite(descriptor, token)
    }

    // MARK: Closing

    /// Cancels what is under way. The descriptor is closed when the kernel has let go of it, so that its number cannot
    /// come to mean another connection before.
    func close(_ ring: Ring) {
        ring.drop(&held.pieces)
        for operation in Ring.Operation.ofSockets where held.cancel(operation) { ring.cancel(operation, token) }
        resumeReader(.cancelled)
        if !held.has(.send) {
            outgoing = nil
            resumeWriter(.cancelled)
        }
        if held.isEmpty {
            loop.unregister(self)
            gh_close(descriptor)
        } else {
            held.keepsDescriptor = true
            loop.beginClosing()
        }
    }

    private func closeWhenReleased() {
        guard held.keepsDescriptor, held.isEmpty else { return }
        held.keepsDescriptor = false
        loop.endClosing()
        loop.unregister(self)
        gh_close(descriptor)
    }

    // MARK: The loop's side

    private static let canceled: Int32 = -125
    private static let outOfBuffers: Int32 = -105

    /// Takes note of what has become of an operation, and wakes who waits for it.
    func complete(_ operation: Ring.Operation, _ completion: gh_completion, _ ring: Ring) {
        if completion.flags & UInt16(GH_MORE) == 0 { held.end(operation) }
        switch operation {
        case .arrivals: arrived(completion, ring)
        case .send: sendCompleted(completion.result, ring)
        case .pollRead:
            // What has come is with the kernel: `receiveNow` asks it.
            if completion.result > 0, !isClosed { tellReader() }
        case .pollWrite: resumeWriter(.ready)
        case .none, .wake: break
        }
        if isClosed { closeWhenReleased() }
    }

    private func arrived(_ completion: gh_completion, _ ring: Ring) {
        let result = completion.result
        if completion.flags & UInt16(GH_BUFFER) != 0 {
            if isClosed || result <= 0 {
                ring.giveBack(completion.buffer)
            } else {
                ring.append(completion.buffer, count: result, to: &held.pieces)
            }
        }
        if isClosed { return }
        switch result {
        case 1...:
            if held.pieces.count > Held.piecesMax, held.cancel(.arrivals) {
                held.noteLarge()
                ring.cancel(.arrivals, token)
            }
            tellReader()
        case Self.canceled: arrivalsEnded(ring)
        case Self.outOfBuffers:
            guard isParked || reader.isWaiting else { break }
            if ring.provideMore() {
                watchArrivals(ring)
            } else {
                // All memory for arrivals is taken.
                watchReading(ring)
            }
        default: noteEnding(result)
        }
    }

    /// Arrivals were cancelled because a large body was coming.
    private func arrivalsEnded(_ ring: Ring) {
        if reader.isWaiting { watchReading(ring) } else if isParked { watchArrivals(ring) }
    }

    /// The stream has ended (0) or failed.
    private func noteEnding(_ result: Int32) {
        held.ending = result
        peerHasClosed = true
        if result < 0 { isBroken = true }
        tellReader()
    }

    private func tellReader() {
        mayRead = true
        resumeReader(.ready)
        wake(.readable)
    }
}
