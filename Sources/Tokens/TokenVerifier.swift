import Crypto
import Encoding
import Reasons

/// Decides whether the bytes behind `Bearer ` are an access token of ours (contract §2; RFC 7519, RFC 8725, RFC 9068).
package struct TokenVerifier: Sendable {
    /// A longer token is refused before anything looks at it.
    package static let tokenBytesMax = 8 * 1024
    /// How far the clock of another issuer may run ahead before `token-lifetime-max` is counted from our own.
    private static let clockSkewSeconds: Int64 = 60

    package let keys: KeyRing
    package let issuer: String
    package let audience: String
    package let lifetimeMaxSeconds: Int64
    /// The claims, besides those that every token is read for, that somebody wants to see (`Claims.kept`).
    private let keptClaims: Set<String>

    package init(
        keys: KeyRing, issuer: String, audience: String, lifetimeMaxSeconds: Int64, keptClaims: Set<String> = []
    ) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.lifetimeMaxSeconds = lifetimeMaxSeconds
        self.keptClaims = keptClaims
    }

    /// Verifies a whole token: signature first, then claims, expiry last, so that `.tokenExpired` means "was good until then".
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - ignoringExpiry: for logout, which an expired token may still ask for.
    /// - Throws: `.tokenInvalid` or `.tokenExpired`.
    package func verify(
        _ token: borrowing Span<UInt8>, now: Int64, ignoringExpiry: Bool = false
    ) throws(Reason) -> Claims {
        guard let signed = signedBytes(token), let payload = Payload(signed.span), payload.isMeant(for: audience) else {
            throw .tokenInvalid
        }
        var claims: Claims
        let notBefore: Int64?
        do {
            claims = try payload.claims()
            notBefore = try payload.notBefore()
        } catch {
            throw .tokenInvalid
        }
        guard isSameText(claims.issuer, issuer), isLifetimeAllowed(claims, now: now) else { throw .tokenInvalid }
        if let notBefore, now < notBefore { throw .tokenInvalid }
        guard ignoringExpiry || now < claims.expiresAt else { throw .tokenExpired }
        if !keptClaims.isEmpty { claims.kept = payload.kept(keptClaims) }
        return claims
    }

    /// The decoded payload, if the token has exactly three parts and one of our keys has signed the first two.
    func signedBytes(_ token: borrowing Span<UInt8>) -> [UInt8]? {
        guard token.count <= Self.tokenBytesMax, let dots = dots(in: token),
            let headerJSON = Base64URL.decode(token.extracting(0..<dots.first)),
            let header = TokenHeader(headerJSON.span),
            let key = keys.key(id: header.keyID, algorithm: header.algorithm),
            let signature = Base64URL.decode(token.extracting((dots.second + 1)..<token.count)),
            key.isValid(signature.span, over: token.extracting(0..<dots.second))
        else { return nil }
        return Base64URL.decode(token.extracting((dots.first + 1)..<dots.second))
    }

    /// Where the two dots are; nil when there are more or fewer (an encrypted token has four).
    private func dots(in token: borrowing Span<UInt8>) -> (first: Int, second: Int)? {
        var found: [Int] = []
        for index in token.indices where token[index] == UInt8(ascii: ".") {
            guard found.count < 2 else { return nil }
            found.append(index)
        }
        return found.count == 2 ? (found[0], found[1]) : nil
    }

    /// Whether `exp` is at most the longest lifetime after `iat`, and after now.
    ///
    /// Both, because `iat` refuses nothing by itself: a token from the year 3000 would otherwise be good until then.
    private func isLifetimeAllowed(_ claims: Claims, now: Int64) -> Bool {
        // A date lies within 2^53 seconds of 1970 (`Payload.date`), so none of this can overflow.
        guard let issuedAt = claims.issuedAt else { return claims.expiresAt - now <= lifetimeMaxSeconds }
        return claims.expiresAt - issuedAt <= lifetimeMaxSeconds
            && claims.expiresAt - now <= lifetimeMaxSeconds + Self.clockSkewSeconds
    }
}
