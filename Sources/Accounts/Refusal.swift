import Reasons

/// A use case's "no": the stable code, and what a client needs besides it.
package struct Refusal: Error, Sendable, Equatable {
    package let reason: Reason
    /// For `VALIDATION_FAILED`: member name → why, in words for people. Empty otherwise.
    package var details: [String: String]
    /// For `TOO_MANY_ATTEMPTS`: whole seconds until the next attempt may succeed; at least 1.
    package var retryAfterSeconds: Int64?

    package init(_ reason: Reason, details: [String: String] = [:], retryAfterSeconds: Int64? = nil) {
        self.reason = reason
        self.details = details
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// What came of a use case, and what it ended on the way, refused or not: a reused refresh token is refused *and* ends
/// its session.
///
/// The order is the design's: committed (when this value exists), then `revocations` applied on every core, then
/// `result` answered. Being one value, the revocations cannot be forgotten on the refusing path.
package struct Settled<Value: Sendable>: Sendable {
    package let result: Result<Value, Refusal>
    /// The revocation rows that were written in the committed transaction.
    package let revocations: [Revocation]

    package init(_ result: Result<Value, Refusal>, revocations: [Revocation] = []) {
        self.result = result
        self.revocations = revocations
    }
}
