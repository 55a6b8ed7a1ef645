import Foundation

/// The one thread that starts child processes.
///
/// `PR_SET_PDEATHSIG` fires when the *thread* that started the child ends, and the threads that run tests come and go;
/// this one stays for as long as the test run does.
final class SpawnThread: @unchecked Sendable {
    static let shared = SpawnThread()

    private let condition = NSCondition()
    private var work: [() -> Void] = []

    private init() {
        Thread.detachNewThread { self.serve() }
    }

    private func serve() {
        while true {
            condition.lock()
            while work.isEmpty { condition.wait() }
            let next = work.removeFirst()
            condition.unlock()
            next()
        }
    }

    func spawn(
        _ command: [String], environment: [String: String], input: Int32?, output: Int32, errors: Int32
    ) throws -> pid_t {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var result: Result<pid_t, any Error> = .failure(Failure("not started"))
        condition.withLock {
            work.append {
                result = Result {
                    try Self.spawnHere(
                        command, environment: environment, input: input, output: output, errors: errors)
                }
                done.signal()
            }
            condition.signal()
        }
        done.wait()
        return try result.get()
    }

    private static func spawnHere(
        _ command: [String], environment: [String: String], input: Int32?, output: Int32, errors: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)

        // Threads of the test run block signals; a child must not inherit that, or it would never hear TERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let inherited = ProcessInfo.processInfo.environment.merging(environment) { _, given in given }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = inherited.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in arguments + variables { free(pointer) }
        }
        var pid: pid_t = 0
        let problem = Inheritance.lock.withLock {
            posix_spawn(&pid, command[0], &actions, &attributes, &arguments, &variables)
        }
        guard problem == 0 else {
            throw Failure("cannot start \(command.joined(separator: " ")): \(String(cString: strerror(problem)))")
        }
        return pid
    }
}

/// Held while a descriptor exists that is not yet marked close-on-exec, and while a child is started: a child that
/// inherits somebody else's socket would keep it open, and its end would never be seen.
enum Inheritance {
    static let lock = NSLock()

    /// Opens descriptors with `open` and keeps children from inheriting them.
    static func withheld<T>(_ open: () throws -> T, _ descriptors: (T) -> [Int32]) rethrows -> T {
        try lock.withLock {
            let opened = try open()
            for descriptor in descriptors(opened) where descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            return opened
        }
    }
}
