import Accounts
import EventLoop
import Synchronization

/// Takes revocations to every core of this process.
final class RevocationBroadcast: RevocationSink {
    private let cores = Mutex<[Core]>([])

    /// The cores, once they exist: the calls that revoke are served by them.
    func reach(_ cores: [Core]) { self.cores.withLock { $0 = cores } }

    func apply(_ revocations: [Revocation]) async {
        guard !revocations.isEmpty else { return }
        for core in cores.withLock({ $0 }) { await core.apply(revocations) }
    }

    /// After a key has gone.
    func forgetVerdicts() async {
        for core in cores.withLock({ $0 }) { await core.forgetVerdicts() }
    }

    /// What was just read from the table, which thereby is known to answer.
    func applyRead(_ revocations: [Revocation]) async {
        for core in cores.withLock({ $0 }) { await core.applyRead(revocations) }
    }
}
