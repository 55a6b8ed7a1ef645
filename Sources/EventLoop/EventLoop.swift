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
    private let epoll: Int32
    /// Nil: the loop waits with epoll.
    let ring: Ring?
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
    private var events = [gh_event](repeating: gh_event(), count: 256)
    private var isStopping = false
    private var milliseconds: Milliseconds

    private var turns: UInt64 = 0

    /// Creates a loop that is not running yet. Throws when the kernel gives no descriptors.
    package init(name: String, engine: IOEngine = .epoll) throws(IOError) {
        ring = engine == .ioUring ? try Ring() : nil
        let epoll = gh_epoll_create()
        guard epoll >= 0 else { throw IOError(result: Int(epoll)) }
        let wake = gh_eventfd(0)
        guard wake >= 0 else {
            gh_close(epoll)
            throw IOError(result: Int(wake))
        }
        self.name = name
        self.epoll = epoll
        wakeDescriptor = wake
        milliseconds = MonotonicClock.milliseconds
        wheel = DeadlineWheel(now: milliseconds)
        let added = gh_epoll_add_level(epoll, wake, Self.wakeToken)
        guard added >= 0 else {
            gh_close(epoll)
            gh_close(wake)
            throw IOError(result: Int(added))
        }
    }

    deinit {
        gh_close(epoll)
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
        if let ring {
            ring.enable()
            ring.pollAlways(wakeDescriptor, Ring.token(0, .wake))
        }
        while !isStopping {
            runReadyJobs()
            if let ring { turn(ring) } else { poll() }
            fireTimers()
            resumeThoseGivingWay()
        }
        runReadyJobs()
        thread.store(0, ordering: .relaxed)
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

    private func turn(_ ring: Ring) {
        let count = ring.turn(timeout: timeout())
        milliseconds = MonotonicClock.milliseconds
        turns &+= 1
        for index in 0..<count {
            let completion = ring.completion(index)
            guard let operation = Ring.operation(of: completion.token) else { continue }
            switch operation {
            case .wake:
                readMail()
                if completion.more == 0 { ring.pollAlways(wakeDescriptor, Ring.token(0, .wake)) }
            case .cancel: break
            case .arrival, .receive, .send, .poll:
                if let socket = sockets[Ring.socket(of: completion.token)] {
                    socket.complete(operation, completion, ring)
                } else if completion.buffer >= 0 {
                    ring.giveBack(completion.buffer)
                }
            }
        }
    }

    /// How long to wait for the kernel: not at all while there is something to do.
    private func timeout() -> Int32 {
        unsafe ready.isEmpty && givingWay.isEmpty ? nextTimeout() : 0
    }

    private func poll() {
        let timeout = timeout()
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            unsafe gh_epoll_wait(epoll, buffer.baseAddress, Int32(buffer.count), timeout)
        }
        milliseconds = MonotonicClock.milliseconds
        turns &+= 1
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = events[index]
            if event.token == Self.wakeToken {
                readMail()
            } else {
                sockets[event.token]?.handle(flags: event.flags)
            }
        }
    }

    private func readMail() {
        gh_eventfd_take(wakeDescriptor)
        mailbox.withLock { mail in
            ready.append(contentsOf: mail.jobs)
            mail.jobs.removeAll(keepingCapacity: mail.jobs.capacity <= 4096)
            isStopping = mail.isStopping
        }
    }

    /// Milliseconds for `epoll_wait`; -1 waits for ever.
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

    /// Monotonic milliseconds, read once a turn of the loop.
    package var now: Milliseconds { milliseconds }

    /// How often the loop has gone round: what was read in one turn is as good as new within it.
    package var turn: UInt64 { turns }

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
        spareBytes.append(bytes)
    }

    private static let spareBytesMax = 64 << 10
    private static let sparesMax = 256

    // MARK: For sockets

    /// Takes a descriptor into the loop's care. The socket closes it.
    func register(_ socket: Socket, levelTriggered: Bool) throws(IOError) {
        let token = sockets.insert(socket)
        socket.token = token
        // The ring knows a socket by its operations.
        if ring != nil { return }
        let result =
            levelTriggered
            ? gh_epoll_add_level(epoll, socket.descriptor, token) : gh_epoll_add_edge(epoll, socket.descriptor, token)
        guard result >= 0 else {
            sockets.remove(token)
            throw IOError(result: Int(result))
        }
    }

    /// Closes the descriptor of a socket for which nothing is under way any more, and forgets it.
    func bury(_ socket: Socket) {
        sockets.remove(socket.token)
        gh_close(socket.descriptor)
    }

    func pausePolling(_ socket: Socket) {
        socket.isPaused = true
        if ring != nil { return }
        _ = gh_epoll_remove(epoll, socket.descriptor)
    }

    func resumePolling(_ socket: Socket) {
        socket.isPaused = false
        if ring != nil { return }
        _ = gh_epoll_add_level(epoll, socket.descriptor, socket.token)
    }

    func arm(_ socket: Socket, deadline: Milliseconds) -> UInt64 {
        wheel.arm(socket.token, deadline: deadline)
    }
}
