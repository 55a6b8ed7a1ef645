/// An actor that lives on an event loop: all its code runs on the loop's thread, one job at a time.
///
/// Adopting it is enough; the executor follows from `loop`. Callbacks of the loop start tasks with `begin`.
package protocol LoopResident: Actor {
    nonisolated var loop: EventLoop { get }
}

extension LoopResident {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Starts a task of this actor from a callback of its own loop, which is on the right thread but in no task: the task
    /// goes straight to the end of the loop's line.
    package nonisolated func begin(_ body: @escaping @Sendable (isolated Self) async -> Void) {
        assumeIsolated { resident in
            _ = Task { await body(resident) }
        }
    }

    /// Runs `body` on this actor from any thread; for what lives as long as the process.
    package nonisolated func start(_ body: @escaping @Sendable (isolated Self) async -> Void) {
        Task { await body(self) }
    }

    /// Runs `body` on this actor from a callback of its own loop, which is on the right thread but in no task.
    ///
    /// `value` is handed over with the call: the loop keeps no reference that it would use at the same time.
    nonisolated func receive<Value>(_ value: Value, _ body: @Sendable (isolated Self, Value) -> Void) {
        nonisolated(unsafe) let value = value
        assumeIsolated { unsafe body($0, value) }
    }
}
