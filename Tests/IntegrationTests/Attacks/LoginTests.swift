import Foundation
import Testing

/// Group L of the catalogue, on one gateway without limits and with cheap hashes.
@Suite("L: login, refresh, logout", .serialized, .standardStage)
struct LoginTests {
    private static func gateway() throws -> Gateway { try Stage.current.gateway }

    @Test("L-01 eight logins give eight unlike tokens of 128 bits or more")
    func uniqueTokens() throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        let sessions = try (1...8).map { _ in try gateway.login(person) }
        #expect(Set(sessions.map(\.refresh)).count == 8)
        #expect(Set(sessions.map(\.access)).count == 8)
        for session in sessions {
            // 128 bits in base64url are 22 characters; a token that repeats itself would hold fewer.
            #expect(session.refresh.count >= 22)
            #expect(Set(session.refresh).count >= 10)
        }
    }

    @Test("L-02 sixteen refreshes with one token at once: at most one successor a round")
    func concurrentRefresh() throws {
        let gateway = try Self.gateway()
        var person = try gateway.register()
        for _ in 1...10 {
            let presented = person.refresh
            let answers = try together(16) { _ in try gateway.send(.refresh(presented)) }
            let successors = Set(answers.filter { $0.status == 200 }.compactMap { $0.cookie("refresh_token")?.value })
            #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.summary))")
            #expect(successors.count == 1, "\(successors.count) successors")
            #expect(!successors.contains(presented))
            person.refresh = successors.first ?? ""
        }
    }

    @Test("L-04 a token used again after its successor was used ends the whole session")
    func reuse() throws {
        let gateway = try Self.gateway()
        let first = try gateway.register()
        let second = try gateway.refresh(first)
        let third = try gateway.refresh(second)
        let reused = try gateway.send(.refresh(first.refresh))
        #expect(reused.status == 401)
        #expect(reused.code == "REFRESH_TOKEN_REUSED")
        #expect(reused.all("Set-Cookie").isEmpty, "a refresh never clears a cookie")
        let after = try gateway.send(.refresh(third.refresh))
        #expect(after.status == 401)
        for person in [first, second, third] {
            #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
        }
        try Stage.current.expectAlive()
    }

    @Test("L-07 logout ends refresh and access token at once; a second logout is harmless")
    func logout() throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        let other = try gateway.login(person)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        let answer = try gateway.send(.logout(person.refresh).bearer(person.access))
        #expect(answer.status == 200)
        #expect(answer.json["message"] is String)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
        #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        #expect(try gateway.send(.logout(person.refresh)).status == 200)
        #expect(try gateway.send(.post("/api/auth/logout")).status == 200)
        #expect(try gateway.send(.get("/api/x").bearer(other.access)).status == 200, "another session goes on")
    }

    @Test("logout by cookie alone, by bearer alone, and by a spent token of the family ends the session")
    func logoutWays() throws {
        let gateway = try Self.gateway()
        for way in 0..<3 {
            let person = try gateway.register()
            let next = try gateway.refresh(person)
            let calls = [
                Call.logout(next.refresh), .post("/api/auth/logout").bearer(next.access), .logout(person.refresh),
            ]
            #expect(try gateway.send(calls[way]).status == 200)
            #expect(try gateway.send(.get("/api/x").bearer(next.access)).status == 401, "way \(way)")
            #expect(try gateway.send(.refresh(next.refresh)).status == 401, "way \(way)")
        }
    }

    @Test("L-09 an access token lives 15 minutes at most and holds no secrets")
    func accessToken() throws {
        let person = try Self.gateway().register()
        let parts = person.access.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let header = try Self.object(parts[0])
        let claims = try Self.object(parts[1])
        #expect(header["typ"] as? String == "JWT")
        #expect(header["kid"] is String)
        let issued = try #require(claims["iat"] as? Int)
        let expires = try #require(claims["exp"] as? Int)
        #expect(expires - issued <= 900)
        #expect(
            Set(claims.keys) == [
                "iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "name", "roles",
            ])
        #expect(claims["sub"] as? String == person.id)
        #expect(claims["roles"] as? [String] == ["user"])
        #expect(claims["email_verified"] as? Bool == false)
    }

    private static func object(_ part: String) throws -> [String: Any] {
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        let data = try #require(Data(base64Encoded: padded))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("L-11 one kind of token does not do for the other")
    func kinds() throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        #expect(try gateway.send(.get("/api/x").bearer(person.refresh)).status == 401)
        #expect(try gateway.send(.get("/api/auth/me").bearer(person.refresh)).status == 401)
        #expect(try gateway.send(.refresh(person.access)).code == "INVALID_REFRESH_TOKEN")
        #expect(try gateway.send(.post("/api/auth/refresh").bearer(person.access)).code == "NO_REFRESH_TOKEN")
        #expect(try gateway.send(.refresh(person.refresh)).status == 200)
    }

    @Test(
        "L-10 missing, junk and oversized cookies are 400 or 401",
        arguments: [
            "", "x", "a=b", "refresh_token", "refresh_token=", "refresh_token==", "refresh_token=\"\"",
            "refresh_token=;",
            "refresh_token=' OR 1=1 --", "refresh_token=\u{E9}", "refresh_token=%00", "; ; ;", "refresh_token=..%2f..",
            "refresh_token=" + String(repeating: "a", count: 9000), "REFRESH_TOKEN=abc", "__Secure-refresh_token=abc",
            "refresh_token=" + String(repeating: "A", count: 43), "\u{1}=\u{2}", "a, refresh_token=x",
        ])
    func cookies(value: String) throws {
        let answer = try Self.gateway().send(.post("/api/auth/refresh").with("Cookie: \(value)"))
        #expect(answer.status == 400 || answer.status == 401, "\(answer.summary)")
        let logout = try Self.gateway().send(.post("/api/auth/logout").with("Cookie: \(value)"))
        #expect(logout.status == 200 || logout.status == 400, "\(logout.summary)")
        try Stage.current.expectAlive()
    }

    @Test("two refresh cookies with different values are ambiguous; twice the same is one")
    func twoCookies() throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        let other = try gateway.login(person)
        for line in [
            "Cookie: refresh_token=\(person.refresh); refresh_token=\(other.refresh)",
            "Cookie: refresh_token=\(person.refresh)\r\nCookie: refresh_token=\(other.refresh)",
        ] {
            let answer = try gateway.send(.post("/api/auth/refresh").with(line))
            #expect(answer.status == 400)
            #expect(answer.code == "AMBIGUOUS_COOKIE")
        }
        let same = "Cookie: a=b; refresh_token=\(person.refresh); refresh_token=\(person.refresh)"
        #expect(try gateway.send(.post("/api/auth/refresh").with(same)).status == 200)
    }

    @Test("L-13 role, id and the like in a registration change nothing")
    func massAssignment() throws {
        let gateway = try Self.gateway()
        let answer = try gateway.send(
            .post("/api/auth/register").json([
                "email": Person().email, "password": Person.goodPassword, "role": "admin", "roles": ["admin"],
                "id": "00000000-0000-0000-0000-000000000000", "is_admin": true, "emailVerified": true,
                "createdAt": "2001-01-01T00:00:00Z", "disabled": false,
            ]))
        #expect(answer.status == 201 || answer.status == 400)
        if answer.status == 201 {
            let user = try #require(answer.json["user"] as? [String: Any])
            #expect(user["roles"] as? [String] == ["user"])
            #expect(user["emailVerified"] as? Bool == false)
            #expect(user["id"] as? String != "00000000-0000-0000-0000-000000000000")
            let token = try #require(answer.json["accessToken"] as? String)
            #expect(try gateway.send(.get("/admin/x").bearer(token)).status == 403)
        }
    }

    @Test("L-17 too long a password is refused fast, for known and unknown people alike")
    func longPassword() throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        for length in [73, 1000, 9000] {
            let long = String(repeating: "aB3$", count: length / 4 + 1).prefix(length)
            let known = try gateway.send(.login(person.email, String(long)))
            let unknown = try gateway.send(.login(Person().email, String(long)))
            #expect(known.status == unknown.status && known.code == unknown.code)
            #expect(known.status == 401 || known.status == 400)
            let register = try gateway.send(.register(Person(password: String(long))))
            #expect(register.status == 400)
            #expect((register.json["details"] as? [String: Any])?["password"] != nil, "\(register.summary)")
        }
        let taken = try gateway.send(
            .register(Person(email: person.email, password: String(repeating: "aB3$", count: 20))))
        #expect(taken.status == 400, "lengths are looked at before the email")
    }

    @Test("a password of 72 bytes works, 73 do not, and bytes count, not characters")
    func passwordLimit() throws {
        let gateway = try Self.gateway()
        let fits = "Ünïcödé pässwörd " + String(repeating: "x7!", count: 40)
        var cut = ""
        for character in fits where cut.utf8.count + String(character).utf8.count <= 72 { cut.append(character) }
        #expect(cut.utf8.count == 72)
        let person = try gateway.register(Person(password: cut))
        _ = try gateway.login(person)
        #expect(try gateway.send(.login(person.email, String(cut.dropLast()) + "!!")).status >= 400)
        #expect(try gateway.send(.login(person.email, String(cut.dropLast()))).status == 401)
    }

    @Test(
        "L-22 a wrong method is 405 with Allow, and nothing is done",
        arguments: [
            ("GET", "login", "POST"), ("GET", "register", "POST"), ("PUT", "refresh", "POST"),
            ("GET", "logout", "POST"),
            ("POST", "me", "GET"), ("DELETE", "me", "GET"),
        ])
    func wrongMethod(method: String, path: String, allowed: String) throws {
        let gateway = try Self.gateway()
        let person = try gateway.register()
        let answer = try gateway.send(Call(method, "/api/auth/\(path)").cookie(person.refresh).bearer(person.access))
        #expect(answer.status == 405, "\(answer.summary)")
        #expect(answer["Allow"]?.contains(allowed) == true)
        #expect(answer.all("Set-Cookie").isEmpty)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try gateway.send(.refresh(person.refresh)).status == 200)
    }

    @Test("L-24 a much-used password, or the own email, is refused by policy")
    func weakPasswords() throws {
        let gateway = try Self.gateway()
        for password in [
            "password", "12345678", "qwertyuiop", "letmein123", "iloveyou1", "aaaaaaaa", "short", "", "       ",
        ] {
            let answer = try gateway.send(.register(Person(password: password)))
            #expect(answer.status == 400, "\(password)")
            #expect(answer.code == "VALIDATION_FAILED")
            #expect((answer.json["details"] as? [String: Any])?["password"] is String)
        }
        let own = Person(email: "kasimir.oblomov@example.com", password: "kasimir.oblomov@example.com")
        #expect(try gateway.send(.register(own)).status == 400)
    }
}
