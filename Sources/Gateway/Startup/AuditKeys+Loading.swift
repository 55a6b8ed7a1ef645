import Accounts
import Config
import Crypto
import EventLoop

extension AuditKeys {
    private static let secretBytesMax = 4096

    /// The keys of the audit's chain: those that `audit-key` names, then one for the secret of the key ring and one for each
    /// signing key, so that what was chained before there was an `audit-key` can still be verified. Last, what was derived from an
    /// `audit-key` that once was a signing key: one that is not used any more is named there, and signs no token.
    static func load(_ configuration: Configuration, problems: inout Problems) -> AuditKeys {
        let named = configuration.auditKeys.compactMap { secret(of: $0, problems: &problems) }
        let ring = configuration.tokens.keyRing.flatMap { derived(from: $0.value.secret.bytes.span) }
        let fixed = configuration.tokens.keys.compactMap { derived(from: $0.value.source) }
        let former = configuration.auditKeys.compactMap { derived(from: $0.value) }
        return AuditKeys(named + [ring].compactMap { $0 } + fixed + former)
    }

    private static func secret(
        of source: Located<Configuration.KeySource.Source>, problems: inout Problems
    ) -> Crypto.Secret? {
        switch source.value {
        case .environment(_, let value): return Crypto.Secret(SharedSecret.trimmed(value.bytes))
        case .file(let path, let readable):
            do throws(FileProblem) {
                let file = try FileSystem.read(path, bytesMax: secretBytesMax)
                if !readable, file.status.othersCanRead, !file.status.isInMemory {
                    problems.error(
                        at: source.place, "\(path) holds a secret, and everybody on this machine may read it",
                        expected: "a file that only the gateway can read: chmod 600 \(path)",
                        hint: "write `readable` behind the name if that is meant so")
                } else if let objection = SharedSecret.objection(to: file.bytes) {
                    problems.error(
                        at: source.place, "the secret in \(path) \(objection)", expected: SharedSecret.expected,
                        hint: SharedSecret.recipe)
                } else {
                    return Crypto.Secret(SharedSecret.trimmed(file.bytes))
                }
            } catch {
                problems.error(at: source.place, "\(error)", hint: "make one: \(SharedSecret.recipe)")
            }
            return nil
        }
    }

    /// Nil for a public key, which is nobody's secret, and for a file that cannot be read, which has been reported.
    private static func derived(from source: Configuration.KeySource.Source) -> Crypto.Secret? {
        switch source {
        case .environment(_, let value): return derived(from: value.bytes.span)
        case .file(let path, _):
            guard let file = try? FileSystem.read(path, bytesMax: 64 * 1024),
                !file.bytes.starts(with: Array("-----BEGIN PUBLIC KEY-----".utf8))
            else { return nil }
            return derived(from: file.bytes.span)
        }
    }
}
