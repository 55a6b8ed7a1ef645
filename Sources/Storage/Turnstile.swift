import Glibc

/// A counting semaphore whose wait has a deadline: a pipe that holds one byte for every free place.
///
/// A pipe, because the kernel then does the waiting, wakes exactly one thread per byte, and poll(2) bounds it; a condition
/// variable would need memory shared outside of what the compiler can check.
struct Turnstile: ~Copyable, Sendable {
    private let exit: Int32
    private let entry: Int32

    init(places: Int) throws(StorageError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .unavailable("no descriptor is left for the connection pool (errno \(errno))")
        }
        (exit, entry) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        for _ in 0..<places { leave() }
    }

    deinit {
        Glibc.close(exit)
        Glibc.close(entry)
    }

    /// Takes a place; false when none became free in time. Every `true` is followed by one `leave()`.
    func enter(before deadline: Deadline) -> Bool {
        while true {
            var byte: UInt8 = 0
            if unsafe read(exit, &byte, 1) == 1 { return true }
            let left = deadline.millisecondsLeft
            guard left > 0 else { return false }
            var wish = pollfd(fd: exit, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wish, 1, left)
        }
    }

    func leave() {
        var byte: UInt8 = 1
        while unsafe write(entry, &byte, 1) < 0, errno == EINTR {}
    }
}
