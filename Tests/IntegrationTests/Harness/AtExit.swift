import Foundation

/// What is left to tidy when the test run ends: child processes are stopped, folders removed.
///
/// Suites stop what they start. This is for what the whole run shares, and for a test that failed half-way.
final class AtExit: @unchecked Sendable {
    static let shared = AtExit()

    private let lock = NSLock()
    private var folders: Set<String> = []
    private var children: [pid_t: @Sendable () -> Void] = [:]

    private init() {
        atexit { AtExit.shared.tidy() }
    }

    func remember(folder: String) { lock.withLock { _ = folders.insert(folder) } }
    func forget(folder: String) { lock.withLock { _ = folders.remove(folder) } }

    func remember(child: pid_t, stop: @escaping @Sendable () -> Void) { lock.withLock { children[child] = stop } }
    func forget(child: pid_t) { lock.withLock { children[child] = nil } }

    private func tidy() {
        let (stops, paths) = lock.withLock { (Array(children.values), folders) }
        for stop in stops { stop() }
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }
}
