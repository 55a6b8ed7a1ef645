import Reasons

/// Builds every refusal of our own, those of the gate included, so that all look alike: the JSON of the contract (§2),
/// the challenge of RFC 6750, `Cache-Control: no-store` and the security headers.
package struct ErrorAnswer: Sendable {
    /// Whether the public URL is https, so that `Strict-Transport-Security` is sent.
    package let isHTTPS: Bool

    package init(isHTTPS: Bool) {
        self.isHTTPS = isHTTPS
    }

    /// The answer to a refused request.
    ///
    /// - `sentence`: replaces `reason.sentence` where there is more to say.
    /// - `details`: for `VALIDATION_FAILED`.
    /// - `allow`: for `METHOD_NOT_ALLOWED`, the value of `Allow`.
    package func make(
        _ reason: Reason, requestID: String, sentence: String? = nil, details: [String: String] = [:],
        retryAfterSeconds: Int64? = nil, allow: String? = nil
    ) -> AuthAnswer {
        AuthAnswer(status: reason.status, reason: reason)
    }
}
