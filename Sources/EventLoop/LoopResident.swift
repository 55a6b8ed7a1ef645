/// An actor that lives on an event loop: all its code runs on the loop's thread, one job at a time.
///
/// Adopting it is enough; the executor follows from `loop`. Start its tasks with `Task(executorPreference: loop)`.
package protocol LoopResident: Actor {
    nonisolated var loop: EventLoop { get }
}

extension LoopResident {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Runs `body` on this actor from a callback of its own loop, which is on the right thread but in no task.
    ///
    /// `value` is handed over with the call: the loop keeps no reference that it would use at the same time.
    nonisolated func receive<Value>(_ value: Value, _ body: @Sendable (isolated Self, Value) -> Void) {
        nonisolated(unsafe) let value = value
        assumeIsolated { unsafe body($0, value) }
    }
}
