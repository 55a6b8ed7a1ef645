import Crypto
import Tokens

/// How long the first verification of a token takes, by algorithm: `Benchmarks/verification [ALGORITHM…]`. Every token is another one,
/// and none is known before.
@main
struct Verification {
    private static let now: Int64 = 1_800_000_000
    private static let tokens = 5_000
    private static let rounds = 5

    static func main() throws {
        for key in [
            try TokenKey(secret: Secret(copying: [UInt8](repeating: 7, count: 32).span)),
            TokenKey(try PrivateKey.generate(.p256)), TokenKey(try PrivateKey.generate(.rsa)),
            TokenKey(try PrivateKey.generate(.ed25519)),
        ] {
            let asked = CommandLine.arguments.dropFirst()
            guard asked.isEmpty || asked.contains(key.algorithm.rawValue) else { continue }
            let ring = try KeyRing([key])
            let verifier = TokenVerifier(
                keys: ring, issuer: "https://auth.example", audience: "app", lifetimeMaxSeconds: 3600)
            let issuer = try TokenIssuer(
                keys: ring, issuer: "https://auth.example", audience: "app", lifetimeSeconds: 900)
            let made = try (0..<tokens).map { number in
                let subject = TokenSubject(
                    userID: "user-\(number)", sessionID: "session-\(number)", email: "user\(number)@example.com",
                    emailVerified: true, roles: ["user", "editor"])
                return Array(try issuer.issue(subject, tokenID: "token-\(number)", now: now).text.utf8)
            }
            var best = Duration.seconds(1000)
            for _ in 0..<rounds {
                let took = try ContinuousClock().measure {
                    for token in made { _ = try verifier.verify(token.span, now: now) }
                }
                best = min(best, took / tokens)
            }
            let nanoseconds = best.components.attoseconds / 1_000_000_000
            print("\(key.algorithm.rawValue) \(Double(nanoseconds) / 1000) µs")
        }
    }
}
