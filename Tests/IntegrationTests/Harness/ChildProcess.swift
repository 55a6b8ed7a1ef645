import Foundation

/// A process these tests started, with its two outputs and its end.
///
/// It is spawned through `setpriv --pdeathsig`, so that the kernel ends it even when the test run is killed.
final class ChildProcess: @unchecked Sendable {
    let pid: pid_t
    let output = LineLog()
    let errors = LineLog()

    private let name: String
    private let condition = NSCondition()
    private var ending: Ending?

    /// How a process ended.
    enum Ending: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// - Parameters:
    ///   - user: the account to run as, when the tests run as root (PostgreSQL refuses to be root).
    ///   - onDeath: the signal that ends the child when this process dies.
    init(
        _ command: [String], environment: [String: String] = [:], folder: String? = nil, user: String? = nil,
        input: String? = nil, onDeath: String = "KILL"
    ) throws {
        var full = ["/usr/bin/setpriv", "--pdeathsig", onDeath]
        if let user, getuid() == 0 {
            full += ["--reuid", user, "--regid", user, "--init-groups"]
        }
        if let folder { full += ["/usr/bin/env", "--chdir", folder] }
        full += command
        name = (command[0] as NSString).lastPathComponent

        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        let inputPipe = try input.map { _ in try Pipe() }
        pid = try SpawnThread.shared.spawn(
            full, environment: environment, input: inputPipe?.readEnd, output: outputPipe.writeEnd,
            errors: errorPipe.writeEnd)
        close(outputPipe.writeEnd)
        close(errorPipe.writeEnd)
        output.follow(outputPipe.readEnd)
        errors.follow(errorPipe.readEnd)
        if let inputPipe, let input {
            close(inputPipe.readEnd)
            let bytes = Array(input.utf8)
            _ = write(inputPipe.writeEnd, bytes, bytes.count)
            close(inputPipe.writeEnd)
        }
        let pid = pid
        AtExit.shared.remember(child: pid) { [weak self] in self?.stop() }
        Thread.detachNewThread { self.reap() }
    }

    /// Sends a signal, but only while the process is ours to signal.
    func signal(_ number: Int32) {
        condition.withLock {
            if ending == nil { kill(pid, number) }
        }
    }

    var isRunning: Bool { condition.withLock { ending == nil } }

    /// Waits for the end, and for the last lines of both outputs.
    func waitForEnd(by deadline: Deadline = .soon) throws -> Ending {
        condition.lock()
        while ending == nil {
            guard condition.wait(until: deadline.date) || ending != nil else {
                condition.unlock()
                throw Failure("\(name) (\(pid)) did not end in time; it wrote:\n\(errors.text)")
            }
        }
        let answer = ending!
        condition.unlock()
        output.waitForEnd()
        errors.waitForEnd()
        return answer
    }

    /// Ends the process whatever state it is in: TERM first, KILL when that is not heard.
    func stop(signal number: Int32 = SIGTERM) {
        signal(number)
        if (try? waitForEnd()) == nil {
            signal(SIGKILL)
            _ = try? waitForEnd()
        }
    }

    private func reap() {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        let signalNumber = status & 0x7F
        condition.withLock {
            ending = signalNumber == 0 ? .exit((status >> 8) & 0xFF) : .signal(signalNumber)
            condition.broadcast()
        }
        AtExit.shared.forget(child: pid)
    }
}

extension ChildProcess {
    /// Runs a command to its end.
    static func run(
        _ command: [String], environment: [String: String] = [:], folder: String? = nil, user: String? = nil,
        input: String? = nil, by deadline: Deadline = .seconds(60)
    ) throws -> (ending: Ending, output: String, errors: String) {
        let child = try ChildProcess(command, environment: environment, folder: folder, user: user, input: input)
        do {
            let ending = try child.waitForEnd(by: deadline)
            return (ending, child.output.text, child.errors.text)
        } catch {
            child.stop(signal: SIGKILL)
            throw error
        }
    }
}

/// Two descriptors that children do not inherit unless they are given them.
private struct Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let opened = Inheritance.withheld({ pipe(&ends) }, { _ in ends })
        guard opened == 0 else { throw Failure.kernel("pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
