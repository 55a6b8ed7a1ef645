/// Why a request was refused: the stable code that the answer, the access log, the metrics and `explain` share.
///
/// The raw value is what clients see in `"code"`; it never changes once released. `docs/errors.md` lists every case, and
/// a test holds the two against each other.
package enum Reason: String, Error, Sendable, CaseIterable {
    // The request cannot be read, or two implementations could read it differently (RFC 9112).
    case malformedRequest = "MALFORMED_REQUEST"
    case ambiguousFraming = "AMBIGUOUS_FRAMING"
    case malformedChunk = "MALFORMED_CHUNK"
    case badHost = "BAD_HOST"
    case ambiguousPath = "AMBIGUOUS_PATH"
    case ambiguousCookie = "AMBIGUOUS_COOKIE"
    case ambiguousCredentials = "AMBIGUOUS_CREDENTIALS"
    case headTooLarge = "HEAD_TOO_LARGE"
    case targetTooLong = "TARGET_TOO_LONG"
    case bodyTooLarge = "BODY_TOO_LARGE"
    case requestTimeout = "REQUEST_TIMEOUT"
    case expectationFailed = "EXPECTATION_FAILED"
    case methodNotImplemented = "METHOD_NOT_IMPLEMENTED"
    case versionNotSupported = "HTTP_VERSION_NOT_SUPPORTED"

    // The gate's decision.
    case noRoute = "NO_ROUTE"
    case tokenMissing = "TOKEN_MISSING"
    case tokenInvalid = "TOKEN_INVALID"
    case tokenExpired = "TOKEN_EXPIRED"
    case tokenRevoked = "TOKEN_REVOKED"
    case forbidden = "FORBIDDEN"
    case conditionNotMet = "CONDITION_NOT_MET"
    case crossSite = "CROSS_SITE"
    case loopDetected = "LOOP_DETECTED"
    case revocationsStale = "REVOCATIONS_STALE"

    // The backend did not do its part.
    case upstreamUnreachable = "UPSTREAM_UNREACHABLE"
    case upstreamClosed = "UPSTREAM_CLOSED"
    case upstreamMalformed = "UPSTREAM_MALFORMED"
    case upstreamTimeout = "UPSTREAM_TIMEOUT"

    // `/api/auth`.
    case malformedJSON = "MALFORMED_JSON"
    case validationFailed = "VALIDATION_FAILED"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case emailTaken = "EMAIL_TAKEN"
    case registrationClosed = "REGISTRATION_CLOSED"
    case invalidCredentials = "INVALID_CREDENTIALS"
    case tooManyAttempts = "TOO_MANY_ATTEMPTS"
    case noRefreshToken = "NO_REFRESH_TOKEN"
    case invalidRefreshToken = "INVALID_REFRESH_TOKEN"
    case refreshTokenExpired = "REFRESH_TOKEN_EXPIRED"
    case refreshTokenReused = "REFRESH_TOKEN_REUSED"

    // This process.
    case storeUnavailable = "STORE_UNAVAILABLE"
    case overloaded = "OVERLOADED"
    case draining = "DRAINING"
    case internalError = "INTERNAL_ERROR"
}

extension Reason {
    /// The stable code, as clients and scripts see it.
    package var code: String { rawValue }

    /// The status code of the answer (RFC 9110 §15).
    package var status: UInt16 {
        switch self {
        case .malformedRequest, .ambiguousFraming, .malformedChunk, .badHost, .ambiguousPath, .ambiguousCookie,
            .ambiguousCredentials, .malformedJSON, .validationFailed:
            400
        case .tokenMissing, .tokenInvalid, .tokenExpired, .tokenRevoked, .invalidCredentials, .noRefreshToken,
            .invalidRefreshToken, .refreshTokenExpired, .refreshTokenReused:
            401
        case .forbidden, .conditionNotMet, .crossSite, .registrationClosed: 403
        case .noRoute, .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .emailTaken: 409
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .unsupportedMediaType: 415
        case .expectationFailed: 417
        case .tooManyAttempts: 429
        case .headTooLarge: 431
        case .internalError: 500
        case .methodNotImplemented: 501
        case .upstreamUnreachable, .upstreamClosed, .upstreamMalformed: 502
        case .storeUnavailable, .overloaded, .draining, .revocationsStale: 503
        case .upstreamTimeout: 504
        case .versionNotSupported: 505
        case .loopDetected: 508
        }
    }

    /// One sentence for people, safe to show to anyone: it never says more than the code does.
    package var sentence: String {
        switch self {
        case .malformedRequest: "The request is not valid HTTP/1.1."
        case .ambiguousFraming: "The length of the request body is not stated unambiguously."
        case .malformedChunk: "The chunked request body is malformed."
        case .badHost: "The request needs exactly one valid Host."
        case .ambiguousPath: "The path could be read in more than one way."
        case .ambiguousCookie: "The request carries the same cookie with different values."
        case .ambiguousCredentials: "The request carries more than one credential."
        case .headTooLarge: "The request head is too large."
        case .targetTooLong: "The request target is too long."
        case .bodyTooLarge: "The request body is too large."
        case .requestTimeout: "The request took too long to arrive."
        case .expectationFailed: "The expectation in the request cannot be met."
        case .methodNotImplemented: "The request method is not supported."
        case .versionNotSupported: "The HTTP version is not supported."
        case .noRoute: "There is nothing here."
        case .tokenMissing: "Sign in to use this."
        case .tokenInvalid: "The access token is not valid."
        case .tokenExpired: "The access token has expired."
        case .tokenRevoked: "The access token has been revoked."
        case .forbidden: "You do not have the role or the right that this needs."
        case .conditionNotMet: "This is not allowed from here, or not in this way."
        case .crossSite: "The request comes from another site."
        case .loopDetected: "The request has passed through this gateway before."
        case .revocationsStale: "Sign-outs cannot be checked at the moment."
        case .upstreamUnreachable: "The backend cannot be reached."
        case .upstreamClosed: "The backend closed the connection without an answer."
        case .upstreamMalformed: "The backend's answer is not valid HTTP/1.1."
        case .upstreamTimeout: "The backend did not answer in time."
        case .malformedJSON: "The body is not valid JSON."
        case .validationFailed: "Some fields are not valid."
        case .unsupportedMediaType: "The body must be application/json."
        case .notFound: "There is no such resource."
        case .methodNotAllowed: "The method is not allowed here."
        case .emailTaken: "An account with this email exists already."
        case .registrationClosed: "Registration is closed."
        case .invalidCredentials: "Email or password is wrong."
        case .tooManyAttempts: "Too many attempts. Try again later."
        case .noRefreshToken: "There is no refresh token in the request."
        case .invalidRefreshToken: "The refresh token is not valid."
        case .refreshTokenExpired: "The session has expired. Sign in again."
        case .refreshTokenReused: "The refresh token was used before. The session has been ended."
        case .storeUnavailable: "The account database cannot be reached. Try again shortly."
        case .overloaded: "The server is busy. Try again shortly."
        case .draining: "The server is shutting down."
        case .internalError: "Something went wrong on our side."
        }
    }
}
