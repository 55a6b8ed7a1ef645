import Glibc

/// A thread beside the cores, for work that may block: it sleeps until somebody wakes it, and then does what there is.
package final class BackgroundThread: Sendable {
    private let wakeups: Signal
    private let ended: Signal

    /// Starts the thread. `body` is called after a wake-up, until it answers false. A wake-up that comes while it runs
    /// is not lost; there may be fewer calls than wake-ups.
    ///
    /// - Throws: when the process may have no further thread or descriptor.
    package init(name: String, body: @escaping @Sendable () -> Bool) throws(FileProblem) {
        let wakeups = try Signal()
        let ended = try Signal()
        self.wakeups = wakeups
        self.ended = ended
        try startThread {
            repeat { wakeups.wait() } while body()
            ended.send()
        }
    }

    /// Makes the body run once more. Never blocks.
    package func wake() {
        wakeups.send()
    }

    /// Waits until the body has answered false.
    ///
    /// - Returns: false when that took longer than `secondsMax`.
    package func join(secondsMax: Int) -> Bool {
        ended.wait(secondsMax: secondsMax)
    }
}

/// Something one thread waits for and another one says. Said before the wait, it is not lost; said twice, it counts once.
private final class Signal: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws(FileProblem) {
        var ends: [Int32] = [-1, -1]
        if unsafe pipe(&ends) != 0 { throw FileProblem(action: "create", path: "a pipe", code: errno) }
        reading = ends[0]
        writing = ends[1]
        // A full pipe holds wake-ups enough.
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reading)
        close(writing)
    }

    func send() {
        var byte: UInt8 = 1
        _ = unsafe write(writing, &byte, 1)
    }

    func wait() {
        var bytes: [UInt8] = Array(repeating: 0, count: 512)
        while unsafe read(reading, &bytes, bytes.count) < 0, errno == EINTR {}
    }

    func wait(secondsMax: Int) -> Bool {
        var question = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        while true {
            let answer = unsafe poll(&question, 1, Int32(clamping: secondsMax &* 1000))
            if answer > 0 { return true }
            if answer == 0 || errno != EINTR { return false }
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) throws(FileProblem) {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run))
    var thread = pthread_t()
    let answer = unsafe pthread_create(
        &thread, nil,
        { argument in
            if let argument = unsafe argument {
                unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            }
            return nil
        }, body.toOpaque())
    if answer != 0 {
        unsafe body.release()
        throw FileProblem(action: "start", path: "a thread", code: answer)
    }
    pthread_detach(thread)
}
