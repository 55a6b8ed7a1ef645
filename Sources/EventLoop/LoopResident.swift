/// An actor that lives on an event loop: all its code runs on the loop's thread, one job at a time.
///
/// Adopting it is enough; the executor follows from `loop`. Start its tasks with `start`.
package protocol LoopResident: Actor {
    nonisolated var loop: EventLoop { get }
}

extension LoopResident {
    @inlinable package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Starts a task of this actor, from any thread. It must not leave the loop, so it prefers it (see `EventLoop`).
    @discardableResult
    package nonisolated func start(_ body: @escaping @Sendable (isolated Self) async -> Void) -> Task<Void, Never> {
        Task(executorPreference: loop) { await body(self) }
    }

    /// Runs `body` on this actor from a callback of its own loop, which is on the right thread but in no task.
    ///
    /// `value` is handed over with the call: the loop keeps no reference that it would use at the same time.
    nonisolated func receive<Value>(_ value: Value, _ body: @Sendable (isolated Self, Value) -> Void) {
        nonisolated(unsafe) let value = value
        assumeIsolated { unsafe body($0, value) }
    }
}
