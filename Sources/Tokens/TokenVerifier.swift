import Crypto
import Encoding
import Reasons

/// Decides whether the bytes behind `Bearer ` are an access token of ours (RFC 7519, RFC 8725, RFC 9068).
package struct TokenVerifier: Sendable {
    /// A longer token is refused before anything looks at it.
    package static let tokenBytesMax = 8 * 1024
    /// How far the clock of another issuer may run ahead before `token-lifetime-max` is counted from our own.
    private static let clockSkewSeconds: Int64 = 60

    package let keys: LiveKeys
    package let issuer: String
    package let audience: String
    package let lifetimeMaxSeconds: Int64
    /// Other issuers whose tokens are good too.
    package let trusted: [TrustedIssuer]
    /// The claims, besides those that every token is read for, that somebody wants to see (`Claims.kept`).
    private let keptClaims: Set<String>

    package init(
        live keys: LiveKeys, issuer: String, audience: String, lifetimeMaxSeconds: Int64,
        trusted: [TrustedIssuer] = [], keptClaims: Set<String> = []
    ) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.lifetimeMaxSeconds = lifetimeMaxSeconds
        self.trusted = trusted
        self.keptClaims = keptClaims
    }

    /// For keys that never change.
    package init(keys: KeyRing, issuer: String, audience: String, lifetimeMaxSeconds: Int64) {
        self.init(live: LiveKeys(keys), issuer: issuer, audience: audience, lifetimeMaxSeconds: lifetimeMaxSeconds)
    }

    /// Verifies a whole token: whose it claims to be, then the signature under the keys of that issuer alone, then the
    /// claims, expiry last, so that `.tokenExpired` means "was good until then".
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - ignoringExpiry: for logout, which an expired token may still ask for.
    /// - Throws: `.tokenInvalid` or `.tokenExpired`.
    package func verify(
        _ token: borrowing Span<UInt8>, now: Int64, ignoringExpiry: Bool = false
    ) throws(Reason) -> Claims {
        guard let dots = dots(in: token), let payload = payload(of: token, dots), let named = payload.issuer else {
            throw .tokenInvalid
        }
        var claims: Claims
        let notBefore: Int64?
        do {
            if isSameText(named, issuer) {
                guard isSigned(token, dots, under: keys.own), payload.isMeant(for: audience) else {
                    throw Payload.Malformed()
                }
                claims = try payload.claims()
            } else {
                claims = try foreignClaims(token, dots, payload, of: named)
            }
            notBefore = try payload.notBefore()
        } catch {
            throw .tokenInvalid
        }
        guard isLifetimeAllowed(claims, now: now) else { throw .tokenInvalid }
        if let notBefore, now < notBefore { throw .tokenInvalid }
        guard ignoringExpiry || now < claims.expiresAt else { throw .tokenExpired }
        if !keptClaims.isEmpty {
            if claims.trustedIssuer == nil {
                claims.kept = payload.kept(keptClaims)
            } else {
                claims.keepOwn(keptClaims)
            }
        }
        return claims
    }

    /// The claims of a token that another issuer has signed, in our words.
    private func foreignClaims(
        _ token: borrowing Span<UInt8>, _ dots: Dots, _ payload: Payload, of named: String
    ) throws(Payload.Malformed) -> Claims {
        guard let index = trusted.firstIndex(where: { isSameText($0.issuer, named) }) else { throw .init() }
        let issuer = trusted[index]
        guard let header = header(of: token, dots),
            issuer.algorithms.contains(where: { isSameText($0.rawValue, header.algorithm) })
        else { throw .init() }
        let ring = keys.foreign(index)
        guard let ring, ring.key(id: header.keyID, algorithm: header.algorithm) != nil else {
            keys.want(index)
            throw .init()
        }
        guard isSigned(token, dots, under: ring), issuer.audiences.contains(where: { payload.isMeant(for: $0) })
        else { throw .init() }
        return try payload.claims(of: issuer)
    }

    /// What the token says, whoever says it: only good for finding the keys that prove it.
    private func payload(of token: borrowing Span<UInt8>, _ dots: Dots) -> Payload? {
        guard let json = Base64URL.decode(token.extracting((dots.first + 1)..<dots.second)) else { return nil }
        return Payload(json.span)
    }

    private func header(of token: borrowing Span<UInt8>, _ dots: Dots) -> TokenHeader? {
        guard let json = Base64URL.decode(token.extracting(0..<dots.first)) else { return nil }
        return TokenHeader(json.span)
    }

    /// Whether a key of the ring has signed the first two parts.
    private func isSigned(_ token: borrowing Span<UInt8>, _ dots: Dots, under ring: KeyRing) -> Bool {
        guard let key = key(for: token, dots, in: ring),
            let signature = Base64URL.decode(token.extracting((dots.second + 1)..<token.count))
        else { return false }
        return key.isValid(signature.span, over: token.extracting(0..<dots.second))
    }

    /// The key that the header asks for. Nearly every header is the one that we write ourselves, byte for byte, and need not be
    /// read again.
    private func key(for token: borrowing Span<UInt8>, _ dots: Dots, in ring: KeyRing) -> TokenKey? {
        if let key = ring.key(writing: token.extracting(0..<dots.first + 1)) { return key }
        guard let header = header(of: token, dots) else { return nil }
        return ring.key(id: header.keyID, algorithm: header.algorithm)
    }

    /// The decoded payload, if the token has exactly three parts and one of our keys has signed the first two.
    func signedBytes(_ token: borrowing Span<UInt8>) -> [UInt8]? {
        guard let dots = dots(in: token), isSigned(token, dots, under: keys.own) else { return nil }
        return Base64URL.decode(token.extracting((dots.first + 1)..<dots.second))
    }

    private struct Dots {
        var first: Int
        var second: Int
    }

    /// Where the two dots are; nil when there are more or fewer (an encrypted token has four), or the token is too long.
    private func dots(in token: borrowing Span<UInt8>) -> Dots? {
        guard token.count <= Self.tokenBytesMax else { return nil }
        var found = 0
        var dots = Dots(first: 0, second: 0)
        for index in 0..<token.count where token[index] == UInt8(ascii: ".") {
            switch found {
            case 0: dots.first = index
            case 1: dots.second = index
            default: return nil
            }
            found += 1
        }
        return found == 2 ? dots : nil
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
