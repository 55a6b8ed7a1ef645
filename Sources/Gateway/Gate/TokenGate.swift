import Accounts
import HTTP
import Reasons
import Telemetry
import Tokens

/// What one core knows about access tokens: the verifier, the verdicts it has given, and what has been revoked since.
///
/// Owned by the core, so no lock; `now` comes from the caller, so that tests decide what time it is.
final class TokenGate {
    /// A verified token, with what is said about its bearer wherever it passes.
    typealias Bearer = VerifiedToken<Caller>

    /// Built once per token.
    struct Caller: Sendable {
        /// Complete field lines that tell a backend who it is.
        let identityFields: [UInt8]
        let name: LogBearer
    }

    private let verifier: TokenVerifier
    private let identity: IdentityFields
    private var cache = VerifiedTokenCache<Caller>()
    private(set) var revoked = RevocationSet()

    init(verifier: TokenVerifier, identity: IdentityFields) {
        self.verifier = verifier
        self.identity = identity
    }

    /// The bearer of `token`, or why there is none. What the cache holds is not revoked: `revoke` sees to that, and
    /// nothing goes in that is.
    ///
    /// - Parameter now: unix seconds.
    func check(_ token: borrowing Span<UInt8>, now: Int64, isHit: inout Bool) throws(Reason) -> Bearer {
        if let known = cache.lookup(token, now: now) {
            isHit = true
            return known
        }
        isHit = false
        let claims = try verifier.verify(token, now: now)
        try refuseRevoked(claims)
        return keep(token, claims)
    }

    private func keep(_ token: borrowing Span<UInt8>, _ claims: Claims) -> Bearer {
        let caller = Caller(
            identityFields: identity.lines(for: claims),
            name: LogBearer(user: LogWord(claims.subject), session: claims.sessionID.map { LogWord($0) }))
        return cache.insert(token, claims: claims, payload: caller)
    }

    /// Takes a text for a good token. For `explain`, whose gate serves nobody.
    func assume(_ token: borrowing Span<UInt8>, _ claims: Claims) { _ = keep(token, claims) }

    /// Whether two tokens that were signed by our keys speak of the same user's same session, expired or not.
    func areOfOneSession(_ left: borrowing Span<UInt8>, _ right: borrowing Span<UInt8>, now: Int64) -> Bool {
        guard let left = try? verifier.verify(left, now: now, ignoringExpiry: true),
            let right = try? verifier.verify(right, now: now, ignoringExpiry: true), let session = left.sessionID
        else { return false }
        return left.subject == right.subject && left.issuer == right.issuer && session == right.sessionID
    }

    /// Takes in what was revoked, and drops the verdicts that it overturns.
    func revoke(_ revocations: [Revocation]) {
        guard revoked.insert(revocations) else { return }
        let revoked = revoked
        cache.removeAll { revoked.contains(sid: $0.sessionID, jti: $0.tokenID, issuer: $0.issuer) }
    }

    /// Takes in what the gate before this one knew, before the first token is looked at.
    func inherit(_ revoked: RevocationSet) { self.revoked.formUnion(revoked) }

    /// Forgets all verdicts: a key is gone that some of them rest on.
    func forgetVerdicts() { cache.removeAll() }

    func prune(now: Int64) { revoked.prune(now: now) }

    private func refuseRevoked(_ claims: Claims) throws(Reason) {
        if revoked.contains(sid: claims.sessionID, jti: claims.tokenID, issuer: claims.issuer) { throw .tokenRevoked }
    }
}

/// Finds the access token in a request (RFC 6750 §2.1): only in `Authorization`, never in the query or in a body.
enum BearerToken {
    enum Found: Equatable {
        /// No `Authorization`, or one with another scheme.
        case none
        /// The token's place in the head; it may be empty or malformed.
        case token(Range<Int>)
    }

    /// - Throws: `.ambiguousCredentials` when there are two `Authorization` lines: a backend may read the other one.
    static func find(in head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) throws(Reason) -> Found {
        guard let field = head.first(.authorization) else { return .none }
        if head.repeats(.authorization) { throw .ambiguousCredentials }
        let scheme: StaticString = "bearer"
        let length = scheme.utf8CodeUnitCount
        guard field.value.count >= length, isScheme(bytes, at: field.value.lowerBound) else { return .none }
        var start = field.value.lowerBound + length
        // "Bearer" alone is an attempt with an empty token; "Bearerx" is another scheme.
        guard start == field.value.upperBound || bytes[start] == 0x20 else { return .none }
        while start < field.value.upperBound, bytes[start] == 0x20 { start += 1 }
        return .token(start..<field.value.upperBound)
    }

    private static func isScheme(_ bytes: borrowing Span<UInt8>, at start: Int) -> Bool {
        let expected: InlineArray<6, UInt8> = [0x62, 0x65, 0x61, 0x72, 0x65, 0x72]
        for index in 0..<6 where bytes[start + index] | 0x20 != expected[index] { return false }
        return true
    }
}
