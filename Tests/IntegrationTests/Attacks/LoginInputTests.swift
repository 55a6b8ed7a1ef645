import Foundation
import Testing

/// What `/api/auth` makes of bodies that are not what it asks for.
@Suite("L: bodies", .serialized, .standardStage)
struct LoginInputTests {
    static let malformed: [String] = [
        "", " ", "{", "}", "[", "[]", "null", "true", "7", "\"text\"", "{}x", "{}{}", "{\"email\"}", "{\"email\":}",
        "{\"email\":\"a@example.com\",}", "{'email':'a@example.com'}", "{email:\"a@example.com\"}",
        "{\"email\":\"a@example.com\" \"password\":\"x\"}", "\u{FEFF}{}", "{\"email\":\"a@example.com\"}\0",
        "{\"email\":\"a@example.com\",\"email\":\"b@example.com\",\"password\":\"Tr0ub4dor&3 horse\"}",
        "{\"email\":\"a@example.com\",\"\\u0065mail\":\"b@example.com\",\"password\":\"Tr0ub4dor&3 horse\"}",
        "{\"email\":\"\\ud800@example.com\",\"password\":\"x\"}", "{\"email\":\"a\nb\"}", "{\"email\":\"\\x41\"}",
        "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":+1}", "{\"a\":NaN}", "{\"a\":1e}", "// {}", "{\"a\":/**/1}",
        String(repeating: "[", count: 5000),
        "{\"a\":" + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
        "{\"a\":1e999999}", "{\"a\":" + String(repeating: "9", count: 5000) + "}",
    ]

    @Test("L-20 malformed JSON is 400 everywhere", arguments: malformed)
    func malformedJSON(text: String) throws {
        for path in ["login", "register"] {
            let answer = try Stage.current.gateway.send(.post("/api/auth/\(path)").json(text: text))
            #expect(answer.status == 400, "\(path): \(answer.summary)")
        }
        try Stage.current.expectAlive()
    }

    @Test("L-20 bodies that are not UTF-8 are 400")
    func notUTF8() throws {
        for bytes in [
            [0x7B, 0xFF, 0x7D], Array("{\"email\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
            [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
        ] as [[UInt8]] {
            var call = Call.post("/api/auth/login").with("Content-Type: application/json")
            call.body = bytes
            #expect(try Stage.current.gateway.send(call).status == 400)
        }
    }

    @Test(
        "L-20 JSONTestSuite: what must be refused is 400, and nothing is a 5xx",
        .enabled(if: Vectors.folder != nil, "no vectors beside the project"))
    func jsonTestSuite() throws {
        let folder = "\(try #require(Vectors.folder))/json/test_parsing"
        let gateway = try Stage.current.gateway
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let body = try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            var call = Call.post("/api/auth/login").with("Content-Type: application/json")
            call.body = body
            let answer = try gateway.send(call)
            #expect((400..<500).contains(answer.status), "\(name): \(answer.summary)")
            if name.hasPrefix("n_") && body.count <= 10_240 {
                #expect(answer.status == 400, "\(name): \(answer.summary)")
            }
        }
        try Stage.current.expectAlive()
    }

    @Test("wrong types are 400 and say which field", arguments: ["email", "password"])
    func wrongTypes(field: String) throws {
        for value in ["7", "null", "true", "[]", "{}", "[\"a@example.com\"]"] {
            var members = ["email": "\"a@example.com\"", "password": "\"Tr0ub4dor&3 horse\""]
            members[field] = value
            let text = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
            for path in ["login", "register"] {
                let answer = try Stage.current.gateway.send(.post("/api/auth/\(path)").json(text: text))
                #expect(answer.status == 400, "\(path) \(value): \(answer.summary)")
            }
        }
    }

    @Test(
        "L-21 SQL in a field is a text like any other",
        arguments: ["' OR '1'='1", "'; DROP TABLE users; --", "\\'; --", "admin'--", "1; SELECT pg_sleep(5)", "%", "_"])
    func sql(text: String) throws {
        let gateway = try Stage.current.gateway
        let start = ContinuousClock.now
        #expect([400, 401].contains(try gateway.send(.login(text, Person.goodPassword)).status))
        #expect([400, 401].contains(try gateway.send(.login("\(text)@example.com", text)).status))
        #expect(start.duration(to: .now) < .seconds(3))
        var named = Person()
        let answer = try gateway.send(
            .post("/api/auth/register").json(["email": named.email, "password": named.password, "name": text]))
        #expect(answer.status == 201)
        #expect((answer.json["user"] as? [String: Any])?["name"] as? String == text)
        named = try gateway.login(named)
    }

    @Test(
        "an email that HTML would not take is 400 at registration",
        arguments: [
            "", "a", "a@", "@b", "a@b@c", "a b@example.com", "a@-b.com", "ä@example.com", "a@example..com",
            "a@example.com.", "a\0@example.com", "a@b_c.com", String(repeating: "a", count: 250) + "@example.com",
        ])
    func badEmail(email: String) throws {
        let answer = try Stage.current.gateway.send(.register(Person(email: email)))
        #expect(answer.status == 400, "\(answer.summary)")
        #expect((answer.json["details"] as? [String: Any])?["email"] is String, "\(answer.summary)")
    }

    @Test("emails are compared without case and trimmed; the second registration is 409")
    func sameEmail() throws {
        let gateway = try Stage.current.gateway
        let name = "MiXeD-\(Counter.next())"
        _ = try gateway.register(Person(email: "\(name)@Example.COM"))
        for email in ["\(name.lowercased())@example.com", " \(name)@example.com ", "\(name.uppercased())@EXAMPLE.com"] {
            let again = try gateway.send(.register(Person(email: email)))
            #expect(again.status == 409, "\(again.summary)")
            #expect(again.code == "EMAIL_TAKEN")
            #expect(try gateway.send(.login(email, Person.goodPassword)).status == 200)
        }
    }

    @Test("sixteen registrations of one email at once: one account")
    func concurrentRegistration() throws {
        let gateway = try Stage.current.gateway
        let person = Person()
        let statuses = try together(16) { _ in try gateway.send(.register(person), by: .seconds(30)).status }
        #expect(statuses.filter { $0 == 201 }.count == 1, "\(statuses)")
        #expect(statuses.allSatisfy { [201, 409, 429, 503].contains($0) }, "\(statuses)")
        _ = try gateway.login(person)
    }

    @Test("a body over 10 KiB is 413, announced or chunked")
    func tooLarge() throws {
        let gateway = try Stage.current.gateway
        let text = "{\"email\":\"a@example.com\",\"password\":\"\(String(repeating: "a", count: 11_000))\"}"
        let announced = try gateway.send(.post("/api/auth/login").json(text: text))
        #expect(announced.status == 413)
        #expect(announced.code == "BODY_TOO_LARGE")
        let client = try gateway.connect()
        client.offer(
            Array(
                "POST /api/auth/login HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n"
                    .utf8))
        #expect(try client.mustRespond().status == 413)
    }

    @Test("a chunked body is read like any other")
    func chunkedBody() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let text = "{\"email\":\"\(person.email)\",\"password\":\"\(person.password)\"}"
        let middle = text.index(text.startIndex, offsetBy: 20)
        let (first, second) = (text[..<middle], text[middle...])
        let client = try gateway.connect()
        try client.send(
            "POST /api/auth/login HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n\(String(first.utf8.count, radix: 16))\r\n\(first)\r\n\(String(second.utf8.count, radix: 16))\r\n\(second)\r\n0\r\n\r\n"
        )
        #expect(try client.mustRespond().status == 200)
    }

    @Test(
        "C-07 a form, plain text or no type is 415 and no login",
        arguments: [
            "Content-Type: application/x-www-form-urlencoded", "Content-Type: text/plain",
            "Content-Type: multipart/form-data; boundary=x", "X-None: x", "Content-Type: application/jsonx",
            "Content-Type: text/json", "Content-Type:",
        ])
    func mediaType(line: String) throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let body = "{\"email\":\"\(person.email)\",\"password\":\"\(person.password)\"}"
        let answer = try gateway.send(Call.post("/api/auth/login").with(line).body(body))
        #expect(answer.status == 415, "\(answer.summary)")
        #expect(answer.all("Set-Cookie").isEmpty)
    }
}

/// The published test data, where it lies beside the project.
enum Vectors {
    static let folder: String? = {
        let beside = GatewayBinary.package.deletingLastPathComponent().appendingPathComponent("shared/vectors").path
        return FileManager.default.fileExists(atPath: beside) ? beside : nil
    }()
}
