/// An actor that lives on an event loop: all its code runs on the loop's thread, one job at a time.
///
/// It keeps its loop and `home`, the loop's `asHome`. Start its tasks with `start`.
package protocol LoopResident: Actor {
    nonisolated var loop: EventLoop { get }
    nonisolated var home: LoopHome { get }
}

/// A loop as the executor of an actor. It is asked for whenever a task goes on, so it is a plain value: the loop itself
/// would be retained and released each time.
@safe
package struct LoopHome: Sendable {
    let executor: UnownedSerialExecutor
}

extension EventLoop {
    /// What an actor that lives on this loop keeps. The loop outlives it.
    package var asHome: LoopHome { unsafe LoopHome(executor: asUnownedSerialExecutor()) }
}

extension LoopResident {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe home.executor }

    /// Starts a task of this actor, from any thread. It must not leave the loop, so it prefers it (see `EventLoop`).
    @discardableResult
    package nonisolated func start(_ body: @escaping @Sendable (isolated Self) async -> Void) -> Task<Void, Never> {
        Task(executorPreference: loop) { await body(self) }
    }

    /// Runs `body` on this actor from a callback of its own loop, or from another actor of it, which is on the right thread but
    /// not in a task of this one.
    ///
    /// `value` is handed over with the call: the caller keeps no reference that it would use at the same time.
    package nonisolated func receive<Value>(_ value: Value, _ body: @Sendable (isolated Self, Value) -> Void) {
        nonisolated(unsafe) let value = value
        assumeIsolated { unsafe body($0, value) }
    }
}
