import CLinux

/// What a socket is sending: the memory stays as it is, with the kernel, until all of it has gone.
struct Outgoing {
    enum Memory {
        /// Goes back to the loop's spare ones afterwards.
        case bytes([UInt8])
        /// Stays with its owner as well, who must not change it before it is sent.
        case kept([UInt8])
        /// The first bytes that are readable; they are consumed as they go.
        case buffer(Buffer)
    }

    var memory: Memory
    /// Bytes sent so far of `.bytes` and `.kept`.
    var sent = 0
    /// Bytes that have not been sent.
    var left: Int
    /// Further bytes follow at once (MSG_MORE).
    var more = false
    /// How long the peer may take nothing.
    var stall = Milliseconds.max
}

extension Socket {
    /// Whether bytes of a send are still with the kernel's side of the loop.
    package var isSending: Bool { outgoing != nil }

    /// Whether a send has failed: the connection is of no use any more.
    package var hasSendFailed: Bool { sendFailure != nil }

    /// Begins to send `bytes`, and returns before they have gone where the engine or a full window wants it so: ask
    /// `isSending`, and wait with `sent`, before the next send. A failure is told there, too.
    ///
    /// The array is the loop's from now on, which hands it out again (`EventLoop.takeBytes`).
    package func startSend(_ bytes: consuming [UInt8], more: Bool = false) {
        let left = bytes.count
        let sent = sendsAtOnce(left) ? sendAtOnce(bytes, more: more) : 0
        // Handed on, not copied: the loop can keep the memory only of an array that nobody else has.
        if sent == left { return loop.giveBack(consume bytes) }
        start(Outgoing(memory: .bytes(consume bytes), sent: sent, left: left - sent, more: more))
    }

    /// As `startSend`; the array stays with its owner, who leaves it as it is until it is sent.
    package func startSend(keeping bytes: [UInt8], more: Bool = false) {
        let sent = sendsAtOnce(bytes.count) ? sendAtOnce(bytes, more: more) : 0
        if sent == bytes.count { return }
        start(Outgoing(memory: .kept(bytes), sent: sent, left: bytes.count - sent, more: more))
    }

    private func sendsAtOnce(_ count: Int) -> Bool { ring == nil || count >= Self.largeBytes }

    /// What the kernel takes without waiting, which is nearly always everything; 0 when it cannot be asked now.
    private func sendAtOnce(_ bytes: borrowing [UInt8], more: Bool) -> Int {
        guard !isClosed, outgoing == nil, sendFailure == nil else { return 0 }
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe gh_send(descriptor, buffer.baseAddress, buffer.count, more ? 1 : 0)
        }
        return max(result, 0)
    }

    /// Waits for the end of what `startSend` began. Ends with `.timedOut` when the peer takes nothing for `stall`
    /// milliseconds; whatever the error, the connection is of no use afterwards.
    package func sent(stall: Milliseconds) async throws(IOError) {
        if let failure = sendFailure { throw failure }
        guard isSending else {
            if isClosed { throw .cancelled }
            return
        }
        outgoing?.stall = stall
        try await waitUntilWritable(deadline: loop.deadline(after: stall))
        if let failure = sendFailure { throw failure }
    }

    /// Sends all of `bytes`, as `startSend` and `sent` do.
    package func send(_ bytes: [UInt8], more: Bool = false, stall: Milliseconds) async throws(IOError) {
        startSend(keeping: bytes, more: more)
        try await sent(stall: stall)
    }

    /// Sends the first `limit` readable bytes of `buffer` (all of them by default) and consumes them.
    package func send(from buffer: Buffer, limit: Int = .max, more: Bool = false, stall: Milliseconds)
        async throws(IOError)
    {
        start(Outgoing(memory: .buffer(buffer), left: min(max(limit, 0), buffer.count), more: more))
        try await sent(stall: stall)
    }

    private func start(_ send: consuming Outgoing) {
        // Two writers on one socket would mix their bytes: a mistake of the caller, which neither gets away with.
        guard !isClosed, outgoing == nil else {
            sendFailure = .cancelled
            if let ring, held.has(.send) { abandonSend(ring) } else { endSend() }
            return
        }
        if sendFailure != nil || send.left == 0 { return }
        outgoing = send
        if let ring, !sendsAtOnce(send.left) { submitSend(ring) } else { sendMore() }
    }

    /// Gives the kernel as much as it takes, and wakes the sender when that was all, or when it failed.
    func sendMore() {
        let before = outgoing?.left ?? 0
        while let left = outgoing?.left, left > 0 {
            let result = sendOnce()
            if result == resultWouldBlock {
                if let ring { return submitSend(ring) }
                if left < before, let stall = outgoing?.stall, stall != .max {
                    writer.extend(to: loop.deadline(after: stall))
                    arm(writer.deadline)
                }
                return
            }
            guard result >= 0 else {
                sendFailure = IOError(result: result)
                break
            }
            took(result)
        }
        endSend()
    }

    /// One call of `send` with what is left.
    private func sendOnce() -> Int {
        guard let outgoing else { return 0 }
        let more: Int32 = outgoing.more ? 1 : 0
        switch outgoing.memory {
        case .bytes(let bytes), .kept(let bytes):
            return unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[outgoing.sent...])
                return unsafe gh_send(descriptor, rest.baseAddress, rest.count, more)
            }
        case .buffer(let buffer):
            let part = unsafe buffer.head(limit: outgoing.left)
            return unsafe gh_send(descriptor, part.baseAddress, part.count, more)
        }
    }

    /// The kernel has taken `count` more bytes.
    func took(_ count: Int) {
        outgoing?.sent += count
        outgoing?.left -= count
        if case .buffer(let buffer) = outgoing?.memory { buffer.consume(count) }
    }

    func endSend() {
        if case .bytes(let bytes) = outgoing?.memory {
            outgoing = nil
            loop.giveBack(bytes)
        } else {
            outgoing = nil
        }
        if shutsDownWhenSent, !isClosed { gh_shutdown_write(descriptor) }
        resumeWriter(.ready)
    }
}
