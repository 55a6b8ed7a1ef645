import Crypto
import Encoding
import Reasons

/// Decides whether the bytes behind `Bearer ` are an access token of ours (contract §2; RFC 7519, RFC 8725, RFC 9068).
package struct TokenVerifier: Sendable {
    /// A longer token is refused before anything looks at it.
    package static let tokenBytesMax = 8 * 1024

    package let keys: KeyRing
    package let issuer: String
    package let audience: String
    package let lifetimeMaxSeconds: Int64

    package init(keys: KeyRing, issuer: String, audience: String, lifetimeMaxSeconds: Int64) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.lifetimeMaxSeconds = lifetimeMaxSeconds
    }

    /// Verifies a whole token: signature first, then claims, and expiry last, so that `.tokenExpired` means "was good".
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - ignoringExpiry: for logout, which an expired token may still ask for.
    /// - Throws: `.tokenInvalid` or `.tokenExpired`.
    package func verify(
        _ token: borrowing Span<UInt8>, now: Int64, ignoringExpiry: Bool = false
    ) throws(Reason) -> Claims { throw .tokenInvalid }
}
