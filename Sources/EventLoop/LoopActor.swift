/// An actor that lives on an event loop: the loop is its executor, so that what it owns is only ever touched on the loop's
/// thread. The rooms above write `actor Core: LoopActor` and keep out of the unsafe half of executors.
package protocol LoopActor: Actor {
    nonisolated var loop: EventLoop { get }
}

extension LoopActor {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
}
