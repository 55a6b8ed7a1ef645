import CLinux
import Glibc
import Synchronization

/// One thread of the gateway: it runs the jobs of its actor, waits for sockets and timers, and takes jobs from other
/// threads through its mailbox.
///
/// It is **both** a serial executor (of the one actor that lives here) and a task executor (of every task started here):
/// a continuation resumes its task on the task's preferred executor, and without one that is the global pool, two changes
/// of thread away.
///
/// This is the one `@unchecked Sendable` of the house. What makes it sound: everything but `mailbox`, `wakeDescriptor` and
/// `thread` is touched only on the loop's own thread (`enqueue` looks which thread it is on); those three are a mutex, a
/// constant descriptor and an atomic.
@safe
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    package let name: String

    // Any thread.
    private struct Mail {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }
    private let mailbox = Mutex(Mail())
    private let wakeDescriptor: Int32
    /// The loop's thread as `pthread_self()` gives it; 0 before it runs.
    private let thread = Atomic<UInt>(0)

    // The loop's own thread.
    package let engine: Engine
    /// Nil on epoll.
    let ring: Ring?
    /// Nil on io_uring.
    private var epoll: Epoll?
    private var ready: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var sockets = SocketTable()
    private var wheel: DeadlineWheel
    private var sleepers = Sleepers()
    /// Tasks that let the others go first.
    private var givingWay = unsafe [UnsafeContinuation<Void, Never>]()
    /// What the job that is running has done without waiting for anything.
    private var stepsOfJob = 0
    private var due: [DeadlineWheel.Entry] = []
    private var spareBytes: [[UInt8]] = []
    private var completions: [gh_completion]
    /// Sockets that are closed while the kernel still has something of theirs.
    private var closing = 0
    private var isStopping = false
    /// Monotonic milliseconds, read once a turn of the loop.
    package var now: Milliseconds { clock }
    private var clock: Milliseconds

    /// How often the loop has gone round: what was read in one turn is as good as new within it.
    package var turn: UInt64 { turns }
    private var turns: UInt64 = 0

    /// Creates a loop that is not running yet. Throws when the kernel gives no descriptors, or not this engine.
    package init(name: String, engine: Engine = .epoll) throws(IOError) {
        let wake = OwnedDescriptor(raw: gh_eventfd(0))
        guard wake.raw >= 0 else { throw IOError(result: Int(wake.raw)) }
        self.name = name
        self.engine = engine
        clock = MonotonicClock.milliseconds
        wheel = DeadlineWheel(now: clock)
        switch engine {
        case .epoll:
            let epoll = try Epoll()
            try epoll.addReading(wake.raw, token: Self.wakeToken)
            self.epoll = consume epoll
            ring = nil
            completions = []
        case .ioUring:
            let ring = try Ring()
            ring.pollWake(wake.raw)
            self.ring = ring
            epoll = nil
            completions = [gh_completion](repeating: gh_completion(), count: 256)
        }
        wakeDescriptor = wake.release()
    }

    deinit {
        ring?.destroy()
        gh_close(wakeDescriptor)
    }

    private static let wakeToken = UInt64.max

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoopThread {
            ready.append(job)
            return
        }
        let isFirst = mailbox.withLock { mail in
            mail.jobs.append(job)
            return mail.jobs.count == 1
        }
        if isFirst { gh_eventfd_signal(wakeDescriptor) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() {
        precondition(isOnLoopThread, "not on the loop's thread")
    }

    package var isOnLoopThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: Running

    /// Starts a thread that runs the loop until `stop`.
    package func start() throws(IOError) {
        try Thread.start(name: name) { self.run() }
    }

    /// Ends `run` after the jobs that are ready. From any thread.
    package func stop() {
        mailbox.withLock { $0.isStopping = true }
        gh_eventfd_signal(wakeDescriptor)
    }

    /// Runs on the calling thread until `stop`.
    package func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        // Nothing that arrives can bring this about: no connection has been taken. Going on would be a core that takes them
        // and never answers.
        do { try ring?.enable() } catch { preconditionFailure("a ring that was made cannot be used: \(error)") }
        while !isStopping {
            runReadyJobs()
            poll()
            fireTimers()
            resumeThoseGivingWay()
        }
        runReadyJobs()
        leaveRing()
        thread.store(0, ordering: .relaxed)
    }

    /// Waits, within bounds, until the kernel has let go of the sockets that are closed: their descriptors are closed then.
    private func leaveRing() {
        guard let ring else { return }
        var turns = 0
        while closing > 0, turns < 100 {
            turnRing(ring, timeout: 10)
            turns += 1
        }
        ring.leave()
    }

    private func runReadyJobs() {
        guard !ready.isEmpty else { return }
        swap(&ready, &running)
        let executor = unsafe asUnownedSerialExecutor()
        let taskExecutor = unsafe asUnownedTaskExecutor()
        for job in running {
            stepsOfJob = 0
            unsafe job.runSynchronously(isolatedTo: executor, taskExecutor: taskExecutor)
        }
        running.removeAll(keepingCapacity: running.capacity <= 4096)
    }

    private func poll() {
        let timeout = unsafe ready.isEmpty && givingWay.isEmpty ? nextTimeout() : 0
        if let ring { turnRing(ring, timeout: timeout) } else { waitForEvents(timeout) }
    }

    private func turnRing(_ ring: Ring, timeout: Int32) {
        ring.turn(milliseconds: timeout)
        beginTurn()
        while true {
            let count = ring.reap(&completions)
            for index in 0..<count { complete(completions[index], ring) }
            if count < completions.count { break }
        }
    }

    private func complete(_ completion: gh_completion, _ ring: Ring) {
        let operation = Ring.Operation(rawValue: completion.token >> Ring.Operation.shift) ?? .none
        switch operation {
        case .none: break
        case .wake:
            readMail()
            if completion.flags & UInt16(GH_MORE) == 0 { ring.pollWake(wakeDescriptor) }
        default:
            sockets[completion.token & ~(~0 << Ring.Operation.shift)]?.complete(operation, completion, ring)
        }
    }

    private func waitForEvents(_ timeout: Int32) {
        let count = epoll?.wait(milliseconds: timeout) ?? 0
        beginTurn()
        for index in 0..<count {
            guard let event = epoll?[index] else { break }
            if event.token == Self.wakeToken {
                readMail()
            } else {
                sockets[event.token]?.handle(flags: event.flags)
            }
        }
    }

    private func beginTurn() {
        clock = MonotonicClock.milliseconds
        turns &+= 1
    }

    private func readMail() {
        gh_eventfd_take(wakeDescriptor)
        mailbox.withLock { mail in
            ready.append(contentsOf: mail.jobs)
            mail.jobs.removeAll(keepingCapacity: mail.jobs.capacity <= 4096)
            isStopping = mail.isStopping
        }
    }

    /// Milliseconds to wait for the kernel; -1 waits for ever.
    private func nextTimeout() -> Int32 {
        let current = MonotonicClock.milliseconds
        var next: Milliseconds?
        if let look = wheel.next(after: current) { next = look }
        if let due = sleepers.nextDue {
            let wait = due > current ? due - current : 0
            next = min(next ?? wait, wait)
        }
        guard let next else { return -1 }
        return Int32(clamping: next)
    }

    private func fireTimers() {
        sleepers.wake(at: now)
        wheel.advance(to: now, &due)
        guard !due.isEmpty else { return }
        for entry in due {
            sockets[entry.token]?.checkDeadlines(tick: entry.tick, now: now)
        }
        due.removeAll(keepingCapacity: true)
    }

    // MARK: For the rooms above, on the loop's thread

    /// The moment `milliseconds` from now; a bound for one socket operation.
    package func deadline(after milliseconds: Milliseconds) -> Milliseconds {
        let (sum, overflow) = now.addingReportingOverflow(milliseconds)
        return overflow ? .max : sum
    }

    /// Waits without holding the thread. Ends early, without an error, when the task is cancelled by `wakeSleepers`.
    package func sleep(milliseconds: Milliseconds) async {
        let due = MonotonicClock.milliseconds + milliseconds
        unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            unsafe sleepers.add(continuation, due: due)
        }
    }

    /// How many receives, or requests, a task gets through before the others have their turn.
    private static let stepsOfJobMax = 32

    /// Counts one step of a task that found everything it needed at hand. After a number of them the task is to call
    /// `giveWay`: a peer that sends faster than it is served never makes its task wait, and would have the core for
    /// itself.
    package var mustGiveWay: Bool {
        stepsOfJob += 1
        return stepsOfJob >= Self.stepsOfJobMax
    }

    /// Sends the task to the end of the line, behind a look at the sockets and timers.
    package func giveWay() async {
        unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            unsafe givingWay.append(continuation)
        }
    }

    /// Resumed tasks enqueue their next job, which runs with the next batch of them.
    private func resumeThoseGivingWay() {
        for index in unsafe givingWay.indices { unsafe givingWay[index].resume() }
        unsafe givingWay.removeAll(keepingCapacity: true)
    }

    // MARK: Memory that goes round

    /// An empty array with room in it, for what is to be sent.
    package func takeBytes() -> [UInt8] { spareBytes.popLast() ?? [] }

    /// Takes an array back that is not needed any more.
    package func giveBack(_ bytes: consuming [UInt8]) {
        guard bytes.capacity <= Self.spareBytesMax, spareBytes.count < Self.sparesMax else { return }
        bytes.removeAll(keepingCapacity: true)
        spareBytes.append(consume bytes)
    }

    private static let spareBytesMax = 64 << 10
    private static let sparesMax = 256

    // MARK: For sockets

    /// Takes a descriptor into the loop's care. The socket closes it.
    func register(_ socket: Socket, isListener: Bool = false) throws(IOError) {
        let token = sockets.insert(socket)
        socket.token = token
        socket.isListener = isListener
        do throws(IOError) {
            if isListener {
                try epoll?.addReading(socket.descriptor, token: token)
            } else {
                try epoll?.add(socket.descriptor, token: token)
            }
        } catch {
            sockets.remove(token)
            throw error
        }
    }

    func unregister(_ socket: Socket) {
        sockets.remove(socket.token)
    }

    /// A socket waits for the kernel before it closes its descriptor.
    func beginClosing() { closing += 1 }
    func endClosing() { closing -= 1 }

    /// A listener that cannot accept now is not told of connections until `resumePolling`.
    func pausePolling(_ socket: Socket) {
        socket.isPollingPaused = true
        epoll?.remove(socket.descriptor)
    }

    func resumePolling(_ socket: Socket) {
        socket.isPollingPaused = false
        try? epoll?.addReading(socket.descriptor, token: socket.token)
    }

    func arm(_ socket: Socket, deadline: Milliseconds) -> UInt64 {
        wheel.arm(socket.token, deadline: deadline)
    }
}
