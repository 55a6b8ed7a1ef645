import Accounts
import Reasons

/// Register, login, refresh: the calls that hand out a session.
extension AuthAPI {
    func register(_ request: AuthRequest, _ body: AuthBody) async throws(Refusal) -> AuthAnswer {
        var body = body
        let delivery = delivery(&body, request)
        let email = body.text("email")
        let password = body.text("password")
        let name = body.optionalText("name")
        try body.check()
        let grant = try await settled(
            accounts.register(
                email: email, password: password, name: name, presented: presentedCookie(request).token,
                caller: caller(request)))
        return session(201, grant, delivery)
    }

    func login(_ request: AuthRequest, _ body: AuthBody) async throws(Refusal) -> AuthAnswer {
        var body = body
        let delivery = delivery(&body, request)
        let email = body.text("email")
        let password = body.text("password")
        try body.check()
        let grant = try await settled(
            accounts.login(
                email: email, password: password, presented: presentedCookie(request).token,
                caller: caller(request)))
        return session(200, grant, delivery)
    }

    /// No answer of this endpoint clears a cookie: of two tabs that refresh at once, the refused one must not throw away
    /// what the other one got.
    func refresh(_ request: AuthRequest, _ body: AuthBody) async throws(Refusal) -> AuthAnswer {
        var body = body
        let delivery = delivery(&body, request)
        let sent = body.refreshToken()
        if delivery == .body, sent == nil { body.require("refreshToken") }
        try body.check()
        let inBody = delivery == .body ? sent : nil
        let presented =
            if let inBody { Presented(Array(inBody.utf8)) } else { try presentedCookie(request) }
        if case .nothing = presented { throw Refusal(.noRefreshToken) }
        guard let token = presented.token else { throw Refusal(.invalidRefreshToken) }
        let grant = try await settled(accounts.refresh(token, caller: caller(request)))
        return session(200, grant, delivery)
    }

    /// What stands where a refresh token belongs.
    enum Presented {
        case nothing
        case junk
        case one(RefreshToken)

        init(_ value: [UInt8]) {
            if value.isEmpty {
                self = .nothing
            } else {
                self = RefreshToken(presented: value).map(Presented.one) ?? .junk
            }
        }

        var token: RefreshToken? {
            if case .one(let token) = self { token } else { nil }
        }
    }

    func presentedCookie(_ request: AuthRequest) throws(Refusal) -> Presented {
        switch cookie.find(in: request.cookies) {
        case .none: .nothing
        case .one(let value): Presented(value)
        case .ambiguous: throw Refusal(.ambiguousCookie)
        }
    }

    private func delivery(_ body: inout AuthBody, _ request: AuthRequest) -> RefreshDelivery {
        RefreshDelivery(&body, request: request, cookie: cookie, isAllowed: settings.refreshInBody)
    }

    private func session(_ status: UInt16, _ grant: SessionGrant, _ delivery: RefreshDelivery) -> AuthAnswer {
        let refresh = grant.refreshToken.text
        let body = AuthJSON.session(grant, refreshToken: delivery == .body ? refresh : nil)
        let setCookie = delivery == .cookie ? cookie.set(refresh, seconds: grant.refreshSeconds) : nil
        var answer = success(status, body, setCookie: setCookie)
        if let accessCookie, delivery == .cookie {
            answer.add("Set-Cookie", accessCookie.set(grant.accessToken, seconds: grant.accessSeconds))
        }
        answer.user = grant.account.id
        answer.session = grant.sessionID
        return answer
    }
}
