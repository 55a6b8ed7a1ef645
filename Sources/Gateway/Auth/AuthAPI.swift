import Accounts
import Reasons
import Tokens

/// Takes the revocations of a committed transaction to every core of this process, and returns when the last one has
/// applied them: only then may the answer go out ("at once on this node").
package protocol RevocationSink: Sendable {
    func apply(_ revocations: [Revocation]) async
}

/// The endpoints under `/api/auth`: a request in, an answer out. It knows HTTP's words but no socket, and accounts but
/// no SQL.
///
/// A call goes through it in two steps, so that nobody uploads a body that is refused anyway:
/// 1. `admission(_:)` when the head is read: what is refused, or answered, without looking at a body;
/// 2. `answer(_:)` when the body is there.
package struct AuthAPI: Sendable {
    /// The longest body of a call, in bytes; a longer one gets 413 from the pipeline.
    package static let bodyBytesMax = 10 * 1024

    package init(
        accounts: AccountService, settings: AuthSettings, verifier: TokenVerifier, keys: KeyRing,
        revocations: any RevocationSink
    ) {
    }

    /// The answer that needs no body: unknown path, wrong method, OPTIONS and preflight, foreign origin, a body that is
    /// not JSON. Nil: read the body (if any) and call `answer`.
    package func admission(_ request: AuthRequest) -> AuthAnswer? { nil }

    /// The answer to a call. It never throws: whatever goes wrong is an answer with a code.
    package func answer(_ request: AuthRequest) async -> AuthAnswer { AuthAnswer(status: 500) }
}
