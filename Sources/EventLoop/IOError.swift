/// What a socket operation ends with when it does not end well.
package enum IOError: Error, Sendable, Equatable {
    /// The deadline passed first.
    case timedOut
    /// This side closed the socket, or gave the operation up, while it was waiting.
    case cancelled
    /// The peer reset the connection, or it cannot be written to any more.
    case disconnected
    /// Nothing listens there, or there is no way to it.
    case unreachable(errno: Int32)
    /// The process or the system has no descriptor left (EMFILE, ENFILE).
    case outOfDescriptors
    /// Any other failure of a system call.
    case system(errno: Int32)

    /// Sorts a negative result of a shim call.
    init(result: Int) {
        let code = Int32(clamping: 0 &- result)
        switch code {
        case 32, 103, 104: self = .disconnected  // EPIPE, ECONNABORTED, ECONNRESET
        case 110: self = .timedOut  // ETIMEDOUT: the kernel gave up
        // ENOENT and ECONNREFUSED (a Unix socket without a listener too), EADDRNOTAVAIL, ENETUNREACH, EHOSTDOWN,
        // EHOSTUNREACH.
        case 2, 99, 101, 111, 112, 113: self = .unreachable(errno: code)
        case 23, 24: self = .outOfDescriptors  // ENFILE, EMFILE
        default: self = .system(errno: code)
        }
    }
}

/// "Would block" in the shim's convention: EAGAIN and EINPROGRESS are the two that mean "wait".
let resultWouldBlock = -11
let resultInProgress = -115
