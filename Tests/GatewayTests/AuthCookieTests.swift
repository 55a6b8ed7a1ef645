import Encoding
import Testing

@testable import Gateway

struct AuthCookieTests {
    private static let token = String(repeating: "A", count: 43)

    @Test(
        "the cookie is found by its exact name among others",
        arguments: [
            (["refresh_token=abc"], "abc"), (["a=b; refresh_token=abc; c=d"], "abc"),
            (["a=b;refresh_token=abc"], "abc"),
            (["a=b", "refresh_token=abc"], "abc"), (["refresh_token=\"abc\""], "abc"),
            ([" refresh_token = abc "], "abc"),
            (["refresh_token=a=b"], "a=b"), (["refresh_token=abc; refresh_token=abc"], "abc"),
            (["refresh_token=abc", "refresh_token=\"abc\""], "abc"), (["refresh_token="], ""),
        ])
    func found(lines: [String], value: String) {
        let found = RefreshCookie(isHTTPS: false).find(in: lines.map { Array($0.utf8) })
        #expect(found == .one(Array(value.utf8)))
    }

    @Test(
        "other names are not ours",
        arguments: [
            [], [""], ["refresh_token"], ["xrefresh_token=abc"], ["REFRESH_TOKEN=abc"], ["refresh_token2=abc"],
            ["__Secure-refresh_token=abc"], ["a=refresh_token=abc"], [";;;"], ["=abc"],
        ])
    func notFound(lines: [String]) {
        #expect(RefreshCookie(isHTTPS: false).find(in: lines.map { Array($0.utf8) }) == .none)
    }

    @Test(
        "two different values are ambiguous, on one line or two",
        arguments: [
            ["refresh_token=abc; refresh_token=def"], ["refresh_token=abc", "refresh_token=def"],
            ["refresh_token=abc; refresh_token="],
        ])
    func ambiguous(lines: [String]) async throws {
        #expect(RefreshCookie(isHTTPS: false).find(in: lines.map { Array($0.utf8) }) == .ambiguous)
        let house = try AuthHouse()
        let json = #"{"email":"ada@example.org","password":"\#(AuthHouse.password)"}"#
        for call in ["refresh", "logout", "login", "register"] {
            let answer = await house.call("POST", call, json) { $0.cookies = lines.map { Array($0.utf8) } }
            #expect(answer.status == 400)
            #expect(answer.code == "AMBIGUOUS_COOKIE")
        }
    }

    @Test("on http: HttpOnly, SameSite=Strict, the path, and no Secure and no Domain")
    func plain() async throws {
        let house = try AuthHouse()
        let value = try #require(try await house.register().answer.field("Set-Cookie"))
        #expect(value.hasPrefix("refresh_token="))
        #expect(value.hasSuffix("; Max-Age=604800; Path=/api/auth; HttpOnly; SameSite=Strict"))
        #expect(
            value.utf8.count == "refresh_token=".utf8.count + 43
                + "; Max-Age=604800; Path=/api/auth; HttpOnly; SameSite=Strict".utf8.count)
    }

    @Test("on https the name begins with __Secure- and the cookie is Secure; clearing names the same")
    func secure() async throws {
        let house = try AuthHouse(publicURL: "https://app.example")
        let session = try await house.register()
        let value = try #require(session.answer.field("Set-Cookie"))
        #expect(value.hasPrefix("__Secure-refresh_token="))
        #expect(value.hasSuffix("; Path=/api/auth; HttpOnly; SameSite=Strict; Secure"))
        let logout = await house.call("POST", "logout", cookie: session.cookie)
        #expect(
            logout.field("Set-Cookie")
                == "__Secure-refresh_token=; Max-Age=0; Path=/api/auth; HttpOnly; SameSite=Strict; Secure")
        let plain = await house.call("POST", "refresh", cookie: "refresh_token=\(Self.token)")
        #expect(plain.code == "NO_REFRESH_TOKEN")
    }
}

struct AuthTokenDeliveryTests {
    private static let login =
        #"{"email":"ada@example.org","password":"\#(AuthHouse.password)","tokenDelivery":"body"}"#

    @Test("a client that asks for it gets the refresh token in the body and no cookie, and refreshes with it")
    func story() async throws {
        let house = try AuthHouse(refreshInBody: true)
        try await house.register()
        let login = await house.call("POST", "login", Self.login)
        #expect(login.status == 200)
        #expect(login.field("Set-Cookie") == nil)
        let first = try #require(login.json?["refreshToken"]?.string)
        let refresh = await house.call(
            "POST", "refresh", #"{"tokenDelivery":"body","refreshToken":"\#(first)"}"#)
        #expect(refresh.status == 200)
        #expect(refresh.field("Set-Cookie") == nil)
        let second = try #require(refresh.json?["refreshToken"]?.string)
        #expect(second != first)
        let access = try #require(refresh.json?["accessToken"]?.string)
        #expect(await house.call("POST", "logout", #"{"refreshToken":"\#(second)"}"#).status == 200)
        #expect(await house.call("GET", "me", bearer: access).code == "TOKEN_REVOKED")
    }

    @Test("a browser is refused: Origin, Sec-Fetch-Site or our cookie is there")
    func browsers() async throws {
        let house = try AuthHouse(refreshInBody: true)
        let session = try await house.register()
        let adjustments: [@Sendable (inout AuthRequest) -> Void] = [
            { $0.origin = [Array("http://localhost:8080".utf8)] },
            { $0.secFetchSite = [Array("same-origin".utf8)] },
            { $0.cookies = [Array(session.cookie.utf8)] },
            { $0.cookies = [Array("refresh_token=a; refresh_token=b".utf8)] },
        ]
        for adjust in adjustments {
            for (call, json) in [
                ("login", Self.login), ("refresh", #"{"tokenDelivery":"body","refreshToken":"x"}"#),
            ] {
                let answer = await house.call("POST", call, json, adjust)
                #expect(answer.status == 400)
                #expect(answer.json?["details"]?["tokenDelivery"]?.string != nil)
                #expect(answer.json?["refreshToken"] == nil)
            }
        }
        #expect(await house.call("POST", "refresh", cookie: session.cookie).status == 200)
    }

    @Test("when it is off, asking for it is refused, and a token in the body is nothing")
    func off() async throws {
        let house = try AuthHouse()
        try await house.register()
        #expect(await house.call("POST", "login", Self.login).code == "VALIDATION_FAILED")
        let refresh = await house.call(
            "POST", "refresh", #"{"refreshToken":"\#(String(repeating: "A", count: 43))"}"#)
        #expect(refresh.code == "NO_REFRESH_TOKEN")
    }

    @Test("a refresh by cookie never answers with the token in the body")
    func cookieStaysCookie() async throws {
        let house = try AuthHouse(refreshInBody: true)
        let session = try await house.register()
        let answer = await house.call("POST", "refresh", #"{"tokenDelivery":"cookie"}"#, cookie: session.cookie)
        #expect(answer.status == 200)
        #expect(answer.json?["refreshToken"] == nil)
        #expect(answer.field("Set-Cookie") != nil)
    }
}
