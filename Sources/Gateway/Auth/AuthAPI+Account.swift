import Accounts
import Reasons
import Tokens

/// The calls of somebody who is signed in, and the way out.
extension AuthAPI {
    /// Ends what the call names, and clears the cookie whether or not there was anything to end: a client that wants to be
    /// signed out must get there. Only a database that cannot be reached stands in the way, and then the cookie stays, so
    /// that the client can try again.
    func logout(_ request: AuthRequest, _ body: AuthBody) async throws(Refusal) -> AuthAnswer {
        var body = body
        let sent = body.refreshToken()
        try body.check()
        let inBody = settings.refreshInBody ? sent : nil
        let tokens = [
            try presentedCookie(request).token, inBody.flatMap { RefreshToken(presented: Array($0.utf8)) },
        ].compactMap { $0 }
        let named = request.bearerToken.flatMap { token in
            try? verifier.verify(token.span, now: accounts.now(), ignoringExpiry: true)
        }
        let bearer = named?.trustedIssuer == nil ? named : nil
        try await settled(accounts.logout(tokens: tokens, bearer: bearer, caller: caller(request)))
        var answer = signedOut(AuthJSON.message("You are signed out."))
        answer.user = bearer?.subject
        answer.session = bearer?.sessionID
        return answer
    }

    func logoutAll(_ request: AuthRequest, _ bearer: Claims) async throws(Refusal) -> AuthAnswer {
        let count = try await settled(accounts.logoutAll(bearer, caller: caller(request)))
        let body = AuthJSON.message("You are signed out everywhere.", revoked: count)
        return named(bearer, signedOut(body))
    }

    func me(_ bearer: Claims) async throws(Refusal) -> AuthAnswer {
        let account = try await settled(accounts.me(bearer))
        return named(bearer, success(200, AuthJSON.user(account)))
    }

    func listSessions(_ bearer: Claims) async throws(Refusal) -> AuthAnswer {
        let sessions = try await settled(accounts.sessions(bearer))
        return named(bearer, success(200, AuthJSON.sessions(sessions)))
    }

    func deleteSession(
        _ id: String, _ request: AuthRequest, _ bearer: Claims
    ) async throws(Refusal) -> AuthAnswer {
        try await settled(accounts.endSession(id, of: bearer, caller: caller(request)))
        return named(bearer, success(204))
    }

    func changePassword(
        _ request: AuthRequest, _ body: AuthBody, _ bearer: Claims
    ) async throws(Refusal) -> AuthAnswer {
        var body = body
        let current = body.text("currentPassword")
        let new = body.text("newPassword")
        try body.check()
        let count = try await settled(
            accounts.changePassword(current: current, new: new, bearer: bearer, caller: caller(request)))
        return named(bearer, success(200, AuthJSON.message("The password has been changed.", revoked: count)))
    }

    /// A success that makes the browser forget our cookies.
    private func signedOut(_ body: [UInt8]) -> AuthAnswer {
        var answer = success(200, body, setCookie: cookie.clear)
        if let accessCookie { answer.add("Set-Cookie", accessCookie.clear) }
        return answer
    }

    /// For the access log.
    private func named(_ bearer: Claims, _ answer: AuthAnswer) -> AuthAnswer {
        var answer = answer
        answer.user = bearer.subject
        answer.session = bearer.sessionID
        return answer
    }
}
