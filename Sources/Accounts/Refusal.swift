import Reasons

/// A use case's "no": the stable code, and what a client needs besides it.
package struct Refusal: Error, Sendable, Equatable {
    package let reason: Reason
    /// For `VALIDATION_FAILED`: member name → why, in words for people. Empty otherwise.
    package var details: [String: String]
    /// For `TOO_MANY_ATTEMPTS`: whole seconds until the next attempt may succeed; at least 1.
    package var retryAfterSeconds: Int64?
    /// The limit that the attempt was counted under, and what is left of it.
    package var allowance: Allowance?

    package init(
        _ reason: Reason, details: [String: String] = [:], retryAfterSeconds: Int64? = nil, allowance: Allowance? = nil
    ) {
        self.reason = reason
        self.details = details
        self.retryAfterSeconds = retryAfterSeconds
        self.allowance = allowance
    }
}

/// What a client may know of a limit: the policy and what is left of it.
package struct Allowance: Sendable, Equatable {
    /// `login`, `login-address`, `login-account`, `register`, `refresh`.
    package let policy: String
    /// Attempts in a window.
    package let quota: Int64
    package let windowSeconds: Int64
    package let remaining: Int64
    /// Until the whole quota is there again.
    package let resetSeconds: Int64
}

/// What came of a use case, and what it ended on the way, refused or not: a reused refresh token is refused *and* ends
/// its session.
///
/// The order: committed (when this value exists), then `revocations` applied on every core, then
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
