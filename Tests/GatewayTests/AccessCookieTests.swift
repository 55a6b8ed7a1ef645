import HTTP
import Reasons
import Testing

@testable import Gateway

@Suite("The access cookie")
struct AccessCookieTests {
    private func find(_ lines: [String], isHTTPS: Bool = false) throws -> String? {
        let sent = try SentRequest(
            "GET / HTTP/1.1\r\nHost: a\r\n" + lines.map { "Cookie: \($0)\r\n" }.joined() + "\r\n")
        let range = try AccessCookie(isHTTPS: isHTTPS).find(in: sent.head, sent.bytes.span)
        return range.map { String(decoding: sent.bytes[$0], as: UTF8.self) }
    }

    @Test(
        "is found by its exact name among others",
        arguments: [
            (["access_token=abc"], "abc"), (["a=b; access_token=abc; c=d"], "abc"), (["a=b;access_token=abc"], "abc"),
            (["a=b", " access_token = abc "], "abc"), (["access_token=\"abc\""], "abc"),
            (["access_token=abc; access_token=abc"], "abc"), (["access_token=a=b"], "a=b"),
        ])
    func found(lines: [String], value: String) throws {
        #expect(try find(lines) == value)
    }

    @Test(
        "other names and an empty value are none",
        arguments: [
            [], ["access_token"], ["access_token="], ["access_token=\"\""], ["Access_token=abc"], ["xaccess_token=abc"],
            ["__Host-access_token=abc"], ["a=access_token=abc"], [";;"], ["=abc"], ["refresh_token=abc"],
        ])
    func none(lines: [String]) throws {
        #expect(try find(lines) == nil)
    }

    @Test("two with different values are refused, also across lines")
    func ambiguous() {
        for lines in [
            ["access_token=a; access_token=b"], ["access_token=a", "access_token=b"],
            ["access_token=a", "access_token="],
        ] {
            #expect(throws: Reason.ambiguousCookie) { try find(lines) }
        }
    }

    @Test("on https only the name that no other host can set counts")
    func https() throws {
        #expect(try find(["access_token=a; __Host-access_token=b"], isHTTPS: true) == "b")
        #expect(try find(["access_token=a"], isHTTPS: true) == nil)
    }

    @Test("comes with a session and goes with it; a session in the body has none")
    func set() async throws {
        let house = try AuthHouse(publicURL: "https://app.example", refreshInBody: true, accessCookie: true)
        let session = try await house.register()
        let expected = "__Host-access_token=\(session.accessToken); Max-Age=900; Path=/; HttpOnly; SameSite=Lax; Secure"
        #expect(session.answer.values("Set-Cookie").count == 2)
        #expect(session.answer.values("Set-Cookie")[1] == expected)
        let again = await house.call("POST", "refresh", cookie: session.cookie)
        #expect(again.values("Set-Cookie").count == 2)
        let inBody = await house.call(
            "POST", "login",
            #"{"email":"ada@example.org","password":"\#(AuthHouse.password)","tokenDelivery":"body"}"#)
        #expect(inBody.status == 200 && inBody.values("Set-Cookie").isEmpty)
        for call in ["logout", "logout-all"] {
            let mine = try await house.login()
            let out = await house.call("POST", call, bearer: mine.accessToken)
            #expect(
                out.values("Set-Cookie").last
                    == "__Host-access_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure")
        }
        let plain = try AuthHouse()
        #expect(try await plain.register().answer.values("Set-Cookie").count == 1)
    }

    @Test(
        "who wants a page names text/html",
        arguments: [
            ("text/html", true), ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, Text/HTML ; q=0.1", true), ("text/html;q=0", false), ("text/html; q=0.000", false),
            ("text/html;q=0.001", true), ("*/*", false), ("text/*", false), ("application/json", false), ("", false),
            ("text/htmlx", false), ("x;a=text/html", false),
        ])
    func accept(value: String, isPage: Bool) throws {
        let sent = try SentRequest("GET / HTTP/1.1\r\nHost: a\r\nAccept: \(value)\r\n\r\n")
        #expect(SignInPage.acceptsHTML(sent.head, sent.bytes.span) == isPage)
    }
}
