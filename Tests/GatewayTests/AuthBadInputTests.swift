import Encoding
import Reasons
import TestVectors
import Testing

@testable import Gateway

struct AuthBadInputTests {
    @Test(
        "whatever is not one strict JSON object is 400",
        arguments: [
            "", " ", "null", "[]", "\"x\"", "1", "true", "{", "}", "{]", "{\"email\"}", "{\"email\":}", "{email:1}",
            "{'email':'a'}", "{\"a\":1,}", "{\"a\":1}x", "{\"a\":1}{}", "\u{FEFF}{}", "{\"a\":01}", "{\"a\":NaN}",
            "{\"email\":\"a@b.c\",\"email\":\"d@e.f\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\u{01}\"}",
            "{\"a\":" + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
            String(repeating: "[", count: 10_000),
        ])
    func malformed(body: String) async throws {
        let house = try AuthHouse()
        for call in ["login", "register", "refresh", "logout"] {
            let answer = await house.call("POST", call, body)
            // A body of no bytes is a call without members, which refresh and logout allow.
            if body.isEmpty, call != "login", call != "register" { continue }
            #expect(answer.status == 400)
            #expect(answer.code == (body.isEmpty ? "VALIDATION_FAILED" : "MALFORMED_JSON"))
        }
    }

    @Test(
        "no file of JSONTestSuite gets anything but 400 out of a login",
        .enabled(if: TestVectors.arePresent, Comment(rawValue: TestVectors.absence)))
    func suite() async throws {
        let house = try AuthHouse()
        let files = try TestVectors.names(in: "json/test_parsing")
        #expect(files.count > 300)
        for file in files {
            let body = try TestVectors.bytes("json/test_parsing/" + file)
            let answer = await house.call("POST", "login", "{}") { $0.body = body }
            #expect(answer.status == 400, "\(file)")
            if file.hasPrefix("n_"), !body.isEmpty { #expect(answer.code == "MALFORMED_JSON", "\(file)") }
        }
    }

    @Test("bytes that are not UTF-8 are 400")
    func notUTF8() async throws {
        let house = try AuthHouse()
        let answer = await house.call("POST", "login", "{}") {
            $0.body = Array("{\"email\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
        }
        #expect(answer.code == "MALFORMED_JSON")
    }

    @Test(
        "members of the wrong type are named",
        arguments: [
            (#"{}"#, ["email", "password"]), (#"{"email":null,"password":null}"#, ["email", "password"]),
            (#"{"email":1,"password":"abcdefgh"}"#, ["email"]),
            (#"{"email":["a@b.c"],"password":{}}"#, ["email", "password"]),
            (#"{"email":"a@b.c","password":12345678}"#, ["password"]),
            (#"{"email":"a@b.c","password":"abcdefgh","tokenDelivery":1}"#, ["tokenDelivery"]),
            (#"{"email":"a@b.c","password":"abcdefgh","tokenDelivery":"header"}"#, ["tokenDelivery"]),
        ])
    func wrongTypes(body: String, members: [String]) async throws {
        let house = try AuthHouse()
        for call in ["login", "register"] {
            let answer = await house.call("POST", call, body)
            #expect(answer.status == 400)
            #expect(answer.code == "VALIDATION_FAILED")
            #expect(answer.json?["details"]?.members?.map(\.key) == members)
        }
    }

    @Test("a name may be null and must otherwise be a string")
    func names() async throws {
        let house = try AuthHouse()
        let bad = await house.call(
            "POST", "register", #"{"email":"a@b.c","password":"\#(AuthHouse.password)","name":["x"]}"#)
        #expect(bad.json?["details"]?["name"]?.string == "must be a string")
        let null = await house.call(
            "POST", "register", #"{"email":"a@b.c","password":"\#(AuthHouse.password)","name":null}"#)
        #expect(null.status == 201)
    }

    @Test(
        "SQL text in any member is 400 or 401",
        arguments: ["' OR 1=1 --", "a@b.c' OR '1'='1", "'; DROP TABLE users; --", "a@b.c\\u0000"])
    func sql(text: String) async throws {
        let house = try AuthHouse()
        try await house.register()
        for body in [
            #"{"email":"\#(text)","password":"abcdefgh"}"#, #"{"email":"ada@example.org","password":"\#(text)"}"#,
        ] {
            let status = await house.call("POST", "login", body).status
            #expect(status == 400 || status == 401)
        }
        #expect(try await house.login().answer.status == 200)
    }

    @Test("too long a password is refused alike for known and unknown users, at login and at registration")
    func longPassword() async throws {
        let house = try AuthHouse()
        try await house.register("known@example.org")
        let long = String(repeating: "x", count: 5000)
        for call in ["login", "register"] {
            let known = await house.call("POST", call, #"{"email":"known@example.org","password":"\#(long)"}"#)
            let unknown = await house.call("POST", call, #"{"email":"unknown@example.org","password":"\#(long)"}"#)
            #expect(known.status == 400)
            #expect(known == unknown)
        }
    }

    @Test(
        "a body must say that it is JSON",
        arguments: [
            [], ["text/plain"], ["application/x-www-form-urlencoded"], ["multipart/form-data; boundary=x"], [""],
            ["application/jsonp"], ["application/json-patch+json"], ["text/json"], ["application/json; charset=latin1"],
            ["application/json, text/plain"], ["application/json", "application/json"],
            ["text/plain; application/json"],
        ])
    func mediaType(lines: [String]) async throws {
        let house = try AuthHouse()
        try await house.register()
        let request = house.request(
            "POST", "login", #"{"email":"ada@example.org","password":"\#(AuthHouse.password)"}"#
        ) { $0.contentType = lines.map { Array($0.utf8) } }
        #expect(house.api.admission(request)?.status == 415)
        let answer = await house.api.answer(request)
        #expect(answer.code == "UNSUPPORTED_MEDIA_TYPE")
        #expect(answer.field("Set-Cookie") == nil)
    }

    @Test(
        "JSON is JSON in any case and with a UTF-8 charset",
        arguments: [
            "application/json", "Application/JSON", "application/json;charset=utf-8",
            "application/json ; charset=UTF-8",
            "application/json; charset=\"utf-8\"", "application/json;",
        ])
    func goodMediaType(line: String) async throws {
        let house = try AuthHouse()
        let request = house.request("POST", "login", "{}") { $0.contentType = [Array(line.utf8)] }
        #expect(house.api.admission(request) == nil)
    }

    @Test("a call without a body needs no type")
    func noBody() async throws {
        let house = try AuthHouse()
        #expect(house.api.admission(house.request("POST", "logout")) == nil)
        #expect(house.api.admission(house.request("POST", "refresh")) == nil)
    }

    @Test(
        "what is not there is 404, whatever the method",
        arguments: [
            "", "nothing", "login/", "login/x", "LOGIN", "sessions/", "sessions/x",
            "sessions/00000000-0000-4000-8000-00000000000G", "sessions/00000000-0000-4000-8000-000000000000/x",
            "password", "password/reset", ".well-known/openid-configuration",
        ])
    func unknown(call: String) async throws {
        let house = try AuthHouse()
        for method in ["GET", "POST", "OPTIONS", "DELETE"] {
            let answer = house.api.admission(house.request(method, call))
            #expect(answer?.status == 404)
            #expect(answer?.code == "NOT_FOUND")
        }
    }

    @Test(
        "the wrong method is 405 with Allow, and nothing is done",
        arguments: [
            ("GET", "login", "POST, OPTIONS"), ("GET", "register", "POST, OPTIONS"),
            ("PUT", "refresh", "POST, OPTIONS"),
            ("GET", "logout", "POST, OPTIONS"), ("HEAD", "logout", "POST, OPTIONS"),
            ("POST", "me", "GET, HEAD, OPTIONS"), ("DELETE", "sessions", "GET, HEAD, OPTIONS"),
            ("GET", "sessions/00000000-0000-4000-8000-000000000000", "DELETE, OPTIONS"),
            ("POST", ".well-known/jwks.json", "GET, HEAD, OPTIONS"),
        ])
    func wrongMethod(method: String, call: String, allow: String) async throws {
        let house = try AuthHouse()
        let session = try await house.register()
        let answer = await house.call(method, call, cookie: session.cookie, bearer: session.accessToken)
        #expect(answer.status == 405)
        #expect(answer.code == "METHOD_NOT_ALLOWED")
        #expect(answer.field("Allow") == allow)
        #expect(await house.call("GET", "me", bearer: session.accessToken).status == 200)
    }

    @Test("OPTIONS says what is allowed, and HEAD goes where GET goes")
    func optionsAndHead() async throws {
        let house = try AuthHouse()
        let options = await house.call("OPTIONS", "login")
        #expect(options.status == 204)
        #expect(options.field("Allow") == "POST, OPTIONS")
        #expect(options.field("Access-Control-Allow-Origin") == nil)
        let session = try await house.register()
        #expect(await house.call("HEAD", "me", bearer: session.accessToken).status == 200)
    }
}
