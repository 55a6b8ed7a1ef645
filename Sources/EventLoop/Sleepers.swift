/// Tasks that wait for time: the few in the background (polling, housekeeping), ordered by when they are due.
@safe
struct Sleepers {
    @safe
    private struct Sleeper {
        let due: Milliseconds
        let continuation: UnsafeContinuation<Void, Never>
    }

    /// Latest first, so that the next one is taken from the end.
    private var sleepers: [Sleeper] = []

    var nextDue: Milliseconds? { sleepers.last?.due }

    /// O(n) in the number of sleepers, of which a loop has a handful.
    mutating func add(_ continuation: UnsafeContinuation<Void, Never>, due: Milliseconds) {
        let index = sleepers.firstIndex { $0.due <= due } ?? sleepers.endIndex
        unsafe sleepers.insert(Sleeper(due: due, continuation: continuation), at: index)
    }

    mutating func wake(at now: Milliseconds) {
        while let last = sleepers.last, last.due <= now {
            sleepers.removeLast()
            unsafe last.continuation.resume()
        }
    }
}
