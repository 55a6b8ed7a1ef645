import Accounts
import Encoding
import Foundation
import Reasons
import Testing

@testable import Gateway

/// The whole story over `/api/auth`.
struct AuthStoryTests {
    @Test("register answers 201 with a session: user, access token, refresh cookie")
    func register() async throws {
        let house = try AuthHouse()
        let answer = try await house.register().answer
        #expect(answer.status == 201)
        #expect(answer.reason == nil)
        let json = try #require(answer.json)
        #expect(json.members?.map(\.key) == ["user", "accessToken", "tokenType", "expiresIn"])
        #expect(json["tokenType"]?.string == "Bearer")
        #expect(json["expiresIn"]?.integer == 900)
        let user = try #require(json["user"])
        #expect(user.members?.map(\.key) == ["id", "email", "emailVerified", "name", "roles", "createdAt"])
        #expect(user["email"]?.string == "ada@example.org")
        #expect(user["emailVerified"]?.bool == false)
        #expect(user["name"]?.string == "Ada")
        #expect(user["roles"]?.elements?.compactMap(\.string) == ["user"])
        #expect(UUID(uuidString: user["id"]?.string ?? "") != nil)
        let isTime = user["createdAt"]?.string?.hasSuffix("Z") == true
        #expect(isTime)
        #expect(answer.field("Cache-Control") == "no-store")
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.user == user["id"]?.string)
        #expect(answer.session != nil)
    }

    @Test("role, id and is_admin in a registration do nothing")
    func extraMembers() async throws {
        let house = try AuthHouse()
        let answer = await house.call(
            "POST", "register",
            #"{"email":"eve@example.org","password":"\#(AuthHouse.password)","role":"admin","roles":["admin"],"#
                + #""id":"00000000-0000-4000-8000-000000000000","is_admin":true,"emailVerified":true}"#)
        #expect(answer.status == 201)
        let user = try #require(answer.json?["user"])
        #expect(user["roles"]?.elements?.compactMap(\.string) == ["user"])
        #expect(user["emailVerified"]?.bool == false)
        #expect(user["id"]?.string != "00000000-0000-4000-8000-000000000000")
        #expect(user["name"]?.isNull == true)
    }

    @Test("register, login, me, refresh, logout: and then nothing works any more")
    func story() async throws {
        let house = try AuthHouse()
        try await house.register()
        let login = try await house.login()
        #expect(login.answer.status == 200)
        let me = await house.call("GET", "me", bearer: login.accessToken)
        #expect(me.status == 200)
        #expect(me.json?["user"]?["email"]?.string == "ada@example.org")
        let refreshed = try SignedIn(await house.call("POST", "refresh", cookie: login.cookie))
        #expect(refreshed.answer.status == 200)
        #expect(refreshed.cookie != login.cookie)
        let logout = await house.call("POST", "logout", cookie: refreshed.cookie)
        #expect(logout.status == 200)
        #expect(logout.json?["message"]?.string != nil)
        #expect(logout.field("Set-Cookie") == "refresh_token=; Max-Age=0; Path=/api/auth; HttpOnly; SameSite=Strict")
        for token in [login.accessToken, refreshed.accessToken] {
            #expect(await house.call("GET", "me", bearer: token).code == "TOKEN_REVOKED")
        }
        #expect(await house.call("POST", "refresh", cookie: refreshed.cookie).code == "INVALID_REFRESH_TOKEN")
        #expect(await house.call("POST", "logout", cookie: refreshed.cookie).status == 200)
        #expect(await house.call("POST", "logout").status == 200)
    }

    @Test("a refresh without a cookie, with junk, with nine kilobytes: 401, and no cookie is cleared")
    func badRefresh() async throws {
        let house = try AuthHouse()
        for (cookie, code) in [
            (nil, "NO_REFRESH_TOKEN"), ("other=1", "NO_REFRESH_TOKEN"), ("refresh_token=", "NO_REFRESH_TOKEN"),
            ("refresh_token=junk", "INVALID_REFRESH_TOKEN"),
            ("refresh_token=" + String(repeating: "x", count: 9216), "INVALID_REFRESH_TOKEN"),
            ("refresh_token=" + String(repeating: "A", count: 43), "INVALID_REFRESH_TOKEN"),
            ("__Secure-refresh_token=" + String(repeating: "A", count: 43), "NO_REFRESH_TOKEN"),
            ("Refresh_Token=" + String(repeating: "A", count: 43), "NO_REFRESH_TOKEN"),
        ] as [(String?, String)] {
            let answer = await house.call("POST", "refresh", cookie: cookie)
            #expect(answer.status == 401)
            #expect(answer.code == code)
            #expect(answer.field("Set-Cookie") == nil)
            #expect(answer.field("WWW-Authenticate") == "Bearer realm=\"gatehouse\"")
        }
    }

    @Test("a reused refresh token ends the session on every core before the answer, and clears no cookie")
    func reuse() async throws {
        let house = try AuthHouse { $0.refreshGraceSeconds = 0 }
        let first = try await house.register()
        let second = try SignedIn(await house.call("POST", "refresh", cookie: first.cookie))
        let reused = await house.call("POST", "refresh", cookie: first.cookie)
        #expect(reused.status == 401)
        #expect(reused.code == "REFRESH_TOKEN_REUSED")
        #expect(reused.field("Set-Cookie") == nil)
        #expect(house.sink.count == 1)
        #expect(await house.call("GET", "me", bearer: second.accessToken).code == "TOKEN_REVOKED")
    }

    @Test("unknown email, wrong password and disabled user: the same bytes but for the request's id")
    func sameBytes() async throws {
        let house = try AuthHouse()
        try await house.register("known@example.org")
        try await house.register("disabled@example.org")
        try house.administration.disable("disabled@example.org")
        var answers: [AuthAnswer] = []
        for (email, password) in [
            ("unknown@example.org", AuthHouse.password), ("known@example.org", "wrong-password"),
            ("disabled@example.org", AuthHouse.password),
        ] {
            answers.append(
                await house.call("POST", "login", #"{"email":"\#(email)","password":"\#(password)"}"#))
        }
        #expect(answers[0].status == 401)
        #expect(answers[0].code == "INVALID_CREDENTIALS")
        #expect(answers[1] == answers[0])
        #expect(answers[2] == answers[0])
    }

    @Test("too many guesses are 429 with Retry-After")
    func throttled() async throws {
        let house = try AuthHouse { $0.loginLimit = AttemptLimit(attempts: 1, windowSeconds: 900) }
        let guess = #"{"email":"ada@example.org","password":"wrong-password"}"#
        #expect(await house.call("POST", "login", guess).status == 401)
        let second = await house.call("POST", "login", guess)
        #expect(second.status == 429)
        #expect(second.code == "TOO_MANY_ATTEMPTS")
        let seconds = second.field("Retry-After").flatMap { Int($0) }
        #expect((1...900).contains(try #require(seconds)))
        #expect(second.field("WWW-Authenticate") == nil)
    }

    @Test("a login ends the session of the cookie that came along")
    func replaced() async throws {
        let house = try AuthHouse()
        let first = try await house.register()
        _ = try await house.login(cookie: first.cookie)
        #expect(await house.call("GET", "me", bearer: first.accessToken).code == "TOKEN_REVOKED")
    }

    @Test("logout by an expired or revoked bearer still ends its session")
    func logoutByBearer() async throws {
        let house = try AuthHouse()
        let session = try await house.register()
        let answer = await house.call("POST", "logout", bearer: session.accessToken) {
            $0.bearer = .failure(.tokenExpired)
        }
        #expect(answer.status == 200)
        #expect(await house.call("POST", "refresh", cookie: session.cookie).code == "INVALID_REFRESH_TOKEN")
        #expect(await house.call("POST", "logout", bearer: session.accessToken).status == 200)
        #expect(await house.call("POST", "logout", bearer: "junk.junk.junk").status == 200)
    }

    @Test("sessions are listed, one is deleted, the rest end with logout-all")
    func sessions() async throws {
        let house = try AuthHouse()
        let first = try await house.register()
        let second = try await house.login()
        let list = await house.call("GET", "sessions", bearer: first.accessToken)
        #expect(list.status == 200)
        let sessions = try #require(list.json?["sessions"]?.elements)
        #expect(sessions.count == 2)
        #expect(
            sessions[0].members?.map(\.key)
                == ["id", "createdAt", "lastUsedAt", "expiresAt", "ip", "userAgent", "current"])
        let other = sessions.first { $0["current"]?.bool == false }
        let id = try #require(other?["id"]?.string)
        let deleted = await house.call("DELETE", "sessions/\(id)", bearer: first.accessToken)
        #expect(deleted.status == 204)
        #expect(deleted.body.isEmpty)
        #expect(await house.call("GET", "me", bearer: second.accessToken).code == "TOKEN_REVOKED")
        #expect(await house.call("DELETE", "sessions/\(id)", bearer: first.accessToken).status == 404)
        let all = await house.call("POST", "logout-all", bearer: first.accessToken)
        #expect(all.status == 200)
        #expect(all.json?["revoked"]?.integer == 1)
        #expect(await house.call("GET", "me", bearer: first.accessToken).code == "TOKEN_REVOKED")
    }

    @Test("a password change answers 200, and a wrong current password 400 with details")
    func passwordChange() async throws {
        let house = try AuthHouse()
        let session = try await house.register()
        let wrong = await house.call(
            "POST", "password/change", #"{"currentPassword":"wrong","newPassword":"quartz-lantern-57"}"#,
            bearer: session.accessToken)
        #expect(wrong.status == 400)
        #expect(wrong.json?["details"]?["currentPassword"]?.string != nil)
        let right = await house.call(
            "POST", "password/change",
            #"{"currentPassword":"\#(AuthHouse.password)","newPassword":"quartz-lantern-57"}"#,
            bearer: session.accessToken)
        #expect(right.status == 200)
        #expect(await house.call("GET", "me", bearer: session.accessToken).status == 200)
    }

    @Test("the key set is public, cacheable, and empty when there is only a secret")
    func keySet() async throws {
        let house = try AuthHouse()
        let answer = await house.call("GET", ".well-known/jwks.json")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"keys":[]}"#)
        #expect(answer.values("Cache-Control") == ["max-age=300"])
    }

    @Test(
        "bearer calls without a token are 401 without error=, with a bad one 401 with it",
        arguments: [
            ("GET", "me"), ("GET", "sessions"), ("POST", "logout-all"), ("POST", "password/change"),
            ("DELETE", "sessions/00000000-0000-4000-8000-000000000000"),
        ])
    func bearerNeeded(method: String, call: String) async throws {
        let house = try AuthHouse()
        let none = await house.call(method, call)
        #expect(none.status == 401)
        #expect(none.code == "TOKEN_MISSING")
        #expect(none.field("WWW-Authenticate") == "Bearer realm=\"gatehouse\"")
        let bad = await house.call(method, call, bearer: "junk")
        #expect(bad.status == 401)
        #expect(bad.code == "TOKEN_INVALID")
        #expect(bad.field("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
    }
}
