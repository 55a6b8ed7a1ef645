import Config
import EventLoop
import Tokens

extension TrustedIssuer {
    init(_ issuer: Configuration.Issuer) {
        self.init(
            name: issuer.name.value, issuer: issuer.url.value, audiences: issuer.audiences,
            algorithms: issuer.algorithms.map { Algorithm($0) }, idClaim: issuer.idClaim,
            emailClaim: issuer.emailClaim, rolesClaim: issuer.rolesClaim,
            roles: issuer.roles.map { ($0.external, $0.local.value) })
    }
}

extension KeyRing {
    private static let keySetBytesMax = 1 << 20

    /// Reads the key sets that are files. Each that cannot be used becomes an error at its line.
    static func loadKeySets(
        _ issuers: [Configuration.Issuer], _ trusted: [TrustedIssuer], problems: inout Problems
    ) -> [Int: KeyRing] {
        var rings: [Int: KeyRing] = [:]
        for (index, issuer) in issuers.enumerated() {
            guard case .file(let path) = issuer.keySet.value else { continue }
            do {
                let file = try FileSystem.read(path, bytesMax: keySetBytesMax)
                rings[index] = try KeyRing(keySet: file.bytes.span, algorithms: trusted[index].algorithms)
            } catch let problem as FileProblem {
                problems.error(at: issuer.keySet.place, "\(problem)")
            } catch {
                problems.error(at: issuer.keySet.place, "\(path) cannot be used: \(error)")
            }
        }
        return rings
    }
}
