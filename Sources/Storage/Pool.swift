import Synchronization

/// Connections of one kind: opened when first needed, kept for the next, dropped when they fail.
final class Pool: Sendable {
    private struct State {
        var idle: [any Connection] = []
        var closed = false
        /// Why the last attempt to connect failed, until one succeeds.
        var outage: String?
        var probing = false
        var nextProbe = Deadline.after(milliseconds: 0)
        /// Why a good connection could not begin a transaction (another process keeps the file locked), until one can.
        var standstill: String?
        var trying = false
    }

    private let state = Mutex(State())
    private let places: Turnstile
    private let size: Int
    private let open: @Sendable (Deadline) throws(StorageError) -> any Connection

    init(size: Int, open: @escaping @Sendable (Deadline) throws(StorageError) -> any Connection) throws(StorageError) {
        places = try Turnstile(places: size)
        self.size = size
        self.open = open
    }

    /// A connection with a transaction begun on it; every one taken is put back with `put`.
    ///
    /// An idle connection may have died since it was last used (the server was restarted). Nothing has been done on it yet,
    /// so another is tried, within the deadline.
    func take(for purpose: Purpose, before deadline: Deadline) throws(StorageError) -> any Connection {
        let isTrying = try tryAfterStandstill()
        defer { if isTrying { state.withLock { $0.trying = false } } }
        guard places.enter(before: deadline) else {
            throw .unavailable(size == 1 ? "the writer is busy" : "all \(size) connections are in use")
        }
        do throws(StorageError) {
            while let connection = try popIdle() {
                do throws(StorageError) {
                    try connection.begin(purpose, deadline: deadline)
                    noteStandstill(nil)
                    return connection
                } catch {
                    if connection.isUsable { noteStandstill(error) }
                    giveUp(connection)
                    if connection.isUsable || deadline.hasPassed { throw error }
                }
            }
            let connection = try connect(before: deadline)
            do throws(StorageError) {
                try connection.begin(purpose, deadline: deadline)
            } catch {
                if connection.isUsable { noteStandstill(error) }
                giveUp(connection)
                throw error
            }
            noteStandstill(nil)
            return connection
        } catch {
            places.leave()
            throw error
        }
    }

    func put(_ connection: any Connection) {
        giveUp(connection)
        places.leave()
    }

    /// Keeps a connection that is still good. When one has failed, the idle ones have probably failed too; on a server that
    /// hangs each would cost its caller the whole deadline, and on one that lives a new one costs milliseconds.
    private func giveUp(_ connection: any Connection) {
        let dropped = state.withLock { state -> [any Connection] in
            if connection.isUsable, !state.closed {
                state.idle.append(connection)
                return []
            }
            defer { state.idle = [] }
            return state.idle
        }
        _ = dropped  // closed here, outside of the lock
    }

    private func popIdle() throws(StorageError) -> (any Connection)? {
        try state.withLock { (state) throws(StorageError) in
            if state.closed { throw .unavailable("the store is closed") }
            return state.idle.popLast()
        }
    }

    /// While no transaction can be begun, one caller at a time waits for the end of that and the others fail at once: each
    /// would hold a worker for the whole deadline, and those behind it would wait for many.
    ///
    /// - Returns: whether this caller is the one.
    private func tryAfterStandstill() throws(StorageError) -> Bool {
        try state.withLock { (state) throws(StorageError) in
            guard let standstill = state.standstill else { return false }
            if state.trying { throw .unavailable(standstill) }
            state.trying = true
            return true
        }
    }

    private func noteStandstill(_ error: StorageError?) {
        state.withLock { state in
            state.standstill = if case .unavailable(let detail) = error { detail } else { nil }
        }
    }

    /// While the database is away one caller at a time finds out whether it is back; the others fail at once, so that a
    /// server that hangs does not hold up every worker for the whole deadline.
    private func connect(before deadline: Deadline) throws(StorageError) -> any Connection {
        try state.withLock { (state) throws(StorageError) in
            guard let outage = state.outage else { return }
            if state.probing || !state.nextProbe.hasPassed { throw .unavailable(outage) }
            state.probing = true
        }
        do throws(StorageError) {
            let connection = try open(deadline)
            state.withLock { state in
                state.outage = nil
                state.probing = false
            }
            return connection
        } catch {
            state.withLock { state in
                state.outage = if case .unavailable(let detail) = error { detail } else { "\(error)" }
                state.probing = false
                state.nextProbe = .after(milliseconds: Bounds.reconnectPauseMilliseconds)
            }
            throw error
        }
    }

    /// Closes what is idle, and what is in use once it is put back.
    func close() {
        let dropped = state.withLock { state in
            state.closed = true
            defer { state.idle = [] }
            return state.idle
        }
        _ = dropped
    }
}
