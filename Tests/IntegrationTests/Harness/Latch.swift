import Foundation

/// Holds a backend's answer back until the test says so: waiting for an event instead of sleeping.
final class Latch: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOpen = false

    func open() {
        condition.withLock {
            isOpen = true
            condition.broadcast()
        }
    }

    /// Answers false when nobody opened it in time.
    @discardableResult
    func wait(by deadline: Deadline = .seconds(30)) -> Bool {
        condition.withLock {
            while !isOpen {
                guard condition.wait(until: deadline.date) || isOpen else { return false }
            }
            return true
        }
    }
}

/// A value shared by the threads of a test.
final class Box<Value: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var stored: Value

    init(_ value: Value) {
        stored = value
    }

    var value: Value { condition.withLock { stored } }

    func change<T>(_ body: (inout Value) throws -> T) rethrows -> T {
        try condition.withLock {
            defer { condition.broadcast() }
            return try body(&stored)
        }
    }

    /// Waits until the value is as wanted.
    func wait(for what: String, by deadline: Deadline = .soon, until matches: (Value) -> Bool) throws -> Value {
        try condition.withLock {
            while !matches(stored) {
                guard condition.wait(until: deadline.date) || matches(stored) else {
                    throw Failure("\(what): not in time; it is \(stored)")
                }
            }
            return stored
        }
    }
}

/// Runs `body` once for each of `count` numbers, every one on a thread of its own and all released together.
func together<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> T) throws -> [T] {
    let gate = Latch()
    let results = Box<[Int: Result<T, any Error>]>([:])
    for number in 0..<count {
        Thread.detachNewThread {
            gate.wait()
            let result = Result { try body(number) }
            results.change { $0[number] = result }
        }
    }
    gate.open()
    let all = try results.wait(for: "\(count) threads to finish", by: .seconds(60)) { $0.count == count }
    return try (0..<count).map { try all[$0]!.get() }
}
