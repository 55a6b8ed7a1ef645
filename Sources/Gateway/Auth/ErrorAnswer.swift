import Accounts
import Encoding
import Reasons

/// Builds every refusal of our own, those of the gate included, so that all look alike: the JSON of
/// `docs/errors.md`, the challenge of RFC 6750, `Cache-Control: no-store` and the security headers.
package struct ErrorAnswer: Sendable {
    /// What `Retry-After` says when this process, not the client, is the one that has to get well.
    static let retryAfterOutageSeconds: Int64 = 1

    private let securityFields: [AuthAnswer.Field]

    /// `isHTTPS`: whether the public URL is https.
    package init(isHTTPS: Bool) {
        securityFields = SecurityFields.all(isHTTPS: isHTTPS)
    }

    /// The answer to a refused request.
    ///
    /// - `sentence`: replaces `reason.sentence` where there is more to say.
    /// - `details`: for `VALIDATION_FAILED`, member name → why.
    /// - `retryAfterSeconds`: for `TOO_MANY_ATTEMPTS`.
    /// - `allow`: for `METHOD_NOT_ALLOWED`, the value of `Allow`.
    /// - `allowance`: the limit that the attempt counted under, in the fields of draft-ietf-httpapi-ratelimit-headers-10.
    package func make(
        _ reason: Reason, requestID: String, sentence: String? = nil, details: [String: String] = [:],
        retryAfterSeconds: Int64? = nil, allow: String? = nil, allowance: Allowance? = nil
    ) -> AuthAnswer {
        var answer = AuthAnswer(status: reason.status, reason: reason)
        answer.add("Content-Type", "application/json")
        answer.add("Cache-Control", "no-store")
        answer.fields += securityFields
        if let challenge = Self.challenge(reason) { answer.add("WWW-Authenticate", challenge) }
        if let allow { answer.add("Allow", allow) }
        if let seconds = retryAfterSeconds ?? Self.outageSeconds(reason) { answer.add("Retry-After", "\(seconds)") }
        if let allowance {
            answer.add("RateLimit-Policy", "\"\(allowance.policy)\";q=\(allowance.quota);w=\(allowance.windowSeconds)")
            answer.add("RateLimit", "\"\(allowance.policy)\";r=\(allowance.remaining);t=\(allowance.resetSeconds)")
        }
        answer.body = Self.body(
            reason, sentence: sentence ?? reason.sentence, details: details, requestID: requestID)
        return answer
    }

    /// The `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1 demands one, RFC 6750 §3 says how).
    ///
    /// `error=` speaks about an access token, so it stands only where one was sent: a client that sent none, or sent a
    /// password or a refresh token, learns no more than that a bearer token is what opens this.
    package static func challenge(_ reason: Reason) -> String? {
        guard reason.status == 401 else { return nil }
        switch reason {
        case .tokenInvalid, .tokenExpired, .tokenRevoked:
            return "Bearer realm=\"gatehouse\", error=\"invalid_token\", error_description=\"\(reason.sentence)\""
        default: return "Bearer realm=\"gatehouse\""
        }
    }

    private static func outageSeconds(_ reason: Reason) -> Int64? {
        reason.status == 503 ? retryAfterOutageSeconds : nil
    }

    private static func body(
        _ reason: Reason, sentence: String, details: [String: String], requestID: String
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("error", sentence)
        json.member("code", reason.code)
        if !details.isEmpty {
            json.key("details")
            json.beginObject()
            for (name, why) in details.sorted(by: { $0.key < $1.key }) { json.member(name, why) }
            json.endObject()
        }
        json.member("requestId", requestID)
        json.endObject()
        return json.finish()
    }
}

/// The header fields that keep a browser from making more of our answers than they are. They stand on our own answers
/// only: what an upstream sends is the upstream's.
package enum SecurityFields {
    package static func all(isHTTPS: Bool) -> [AuthAnswer.Field] {
        var fields = [
            AuthAnswer.Field(name: "X-Content-Type-Options", value: "nosniff"),
            AuthAnswer.Field(name: "X-Frame-Options", value: "DENY"),
            AuthAnswer.Field(name: "Referrer-Policy", value: "no-referrer"),
        ]
        // Over plain http a browser must ignore it (RFC 6797 §7.2), and a proxy in front might not strip it.
        if isHTTPS { fields.append(AuthAnswer.Field(name: "Strict-Transport-Security", value: "max-age=31536000")) }
        return fields
    }
}
