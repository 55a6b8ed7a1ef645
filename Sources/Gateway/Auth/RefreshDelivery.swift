import Accounts
import Reasons

/// How a refresh token travels: in the cookie, which is what browsers get, or in the body, for clients that keep their
/// own secrets and say so.
enum RefreshDelivery: Sendable, Equatable {
    case cookie
    case body

    /// Reads `tokenDelivery`, and refuses the body to whatever may be a browser: a script that can read a refresh token
    /// can send it away, and that is what `HttpOnly` is for.
    init(_ body: inout AuthBody, request: AuthRequest, cookie: RefreshCookie, isAllowed: Bool) {
        self = .cookie
        let word = body.optionalText("tokenDelivery")
        guard let word, !word.utf8.elementsEqual("cookie".utf8) else { return }
        guard word.utf8.elementsEqual("body".utf8) else {
            body.complain(about: "tokenDelivery", "must be \"cookie\" or \"body\"")
            return
        }
        if !isAllowed {
            body.complain(about: "tokenDelivery", "\"body\" needs `refresh-in-body on` in gateway.conf")
        } else if !request.origin.isEmpty || !request.secFetchSite.isEmpty {
            body.complain(about: "tokenDelivery", "\"body\" is not for browsers")
        } else if cookie.find(in: request.cookies) != .none {
            body.complain(about: "tokenDelivery", "\"body\" and a refresh cookie exclude each other")
        } else {
            self = .body
        }
    }
}
