import Foundation
import Testing

/// What comes into a field that does not belong there, and what is said about it.
struct BadField: Sendable, CustomTestStringConvertible {
    let call: String
    let field: String
    /// As it stands in the JSON text.
    let value: String
    let message: String

    var testDescription: String { "\(call) \(field) \(value.prefix(40))" }

    /// The members of a call that is well but for its one bad field.
    private static let calls: [(call: String, members: [String: String])] = [
        ("register", ["email": "new@example.org", "password": "plum-harbor-82-violin", "name": "N"]),
        ("login", ["email": "person@example.org", "password": "plum-harbor-82-violin"]),
        ("refresh", [:]), ("logout", [:]),
        ("password/change", ["currentPassword": Person.goodPassword, "newPassword": "plum-harbor-82-violin"]),
    ]

    private static let text = #""must be a string""#
    private static let wrongTypes = ["1", "1.5e3", "true", "[]", "{}", #"["a@example.org"]"#, #"{"a":"b"}"#]
    private static let long = "\"" + String(repeating: "x", count: 9_000) + "\""
    private static let longUnicode = "\"" + String(repeating: "\u{1F511}", count: 2_000) + "\""

    private static func cases(_ call: String, _ field: String) -> [(String, String)] {
        let types = wrongTypes.map { ($0, "must be a string") }
        switch field {
        case "email":
            return types + [
                ("null", "is required"), (#""""#, "is required"), (#"" ""#, "is required"),
                (long, "must have 254 bytes or fewer"), (longUnicode, "must have 254 bytes or fewer"),
                (#""a\u0000b@example.org""#, "is not an email address"), (#""\u0000""#, "is not an email address"),
                (#""ädä@example.org""#, "is not an email address"), ("\"\u{212A}@x.org\"", "is not an email address"),
                (#""a@b@c""#, "is not an email address"), (#""a b@example.org""#, "is not an email address"),
                (#""a@example.org\r\nBcc: b@example.org""#, "is not an email address"),
            ]
        case "password", "newPassword", "currentPassword":
            return types + [
                ("null", "is required"), (#""""#, "is required"), (long, "must have 72 bytes or fewer"),
                (longUnicode, "must have 72 bytes or fewer"),
                // 25 characters, 75 bytes.
                ("\"" + String(repeating: "€", count: 25) + "\"", "must have 72 bytes or fewer"),
                (#""plum-harbor\u0000-82-violin""#, "must not contain a NUL byte"),
            ]
                + (call == "login" || field == "currentPassword"
                    ? [] : [(#""sh0rt-7""#, "must have 8 characters or more")])
        case "name":
            return types
                + [long, longUnicode, #""a\u0000b""#, #""a\nb""#, "\"a\u{202E}b\""].map {
                    ($0, "must have 200 bytes or fewer and no control characters")
                }
        case "tokenDelivery":
            return types
                + ["\"\"", "\"header\"", "\"BODY\"", "\"body\\u0000\"", long].map {
                    ($0, #"must be "cookie" or "body""#)
                }
                + [(#""body""#, "\"body\" needs `refresh-in-body on` in gateway.conf")]
        default:
            return types
                + ["\"\"", long, "\"a b\"", "\"ü\"", "\"a\\u0000\""].map {
                    ($0, "must have 1 to 256 bytes, all printable ASCII")
                }
        }
    }

    static let all: [BadField] = calls.flatMap { call, members in
        let optional = ["register": ["tokenDelivery"], "login": ["tokenDelivery"], "logout": ["refreshToken"]]
        let fields =
            members.keys.sorted() + (optional[call] ?? [])
            + (call == "refresh" ? ["tokenDelivery", "refreshToken"] : [])
        return fields.flatMap { field in
            cases(call, field).map { BadField(call: call, field: field, value: $0.0, message: $0.1) }
        }
    }

    /// The whole body.
    var body: String {
        let good = Self.calls.first { $0.call == call }?.members ?? [:]
        let members = good.filter { $0.key != field }.map { #""\#($0.key)":"\#($0.value)""# }
        return "{" + (members + [#""\#(field)":\#(value)"#]).joined(separator: ",") + "}"
    }
}

/// Bodies that are no one strict JSON object.
private let badBodies = [
    "null", "[]", "\"a\"", "1", "{", "{}{}", #"{"email":"a@b.c","email":"a@b.c"}"#,
    #"{"email":"a@b.c","\u0065mail":"a@b.c"}"#, #"{"a":{"b":1,"b":2}}"#, #"{"email":"\ud800"}"#,
    "{\"email\":\"\u{0}\"}",
    #"{"a":01}"#, #"{'a':1}"#, "{\"a\":" + String(repeating: "[", count: 5_000),
]

@Suite("Bad fields", .serialized)
struct FieldTests {
    private static let tables = [
        "users", "user_roles", "sessions", "refresh_tokens", "access_tokens", "revocations", "throttle", "audit_events",
    ]

    /// How many rows each table has.
    private func counts(_ stage: Stage, _ postgres: String?) throws -> [String] {
        let sql =
            Self.tables.map { "SELECT '\($0)', count(*) FROM \($0)" }.joined(separator: " UNION ALL ") + " ORDER BY 1"
        if let postgres { return try PostgresServer.shared().query(sql, in: postgres) }
        let script = "import sqlite3,sys;[print(*r) for r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]"
        let ran = try ChildProcess.run(
            ["/usr/bin/env", "python3", "-c", script, stage.gateway.folder.file("gatehouse.db"), sql])
        guard ran.ending == .exit(0) else { throw Failure(ran.errors) }
        return ran.output.split(separator: "\n").map(String.init)
    }

    @Test(
        "every field has its limits and its message: 400 with details, and nothing is stored",
        arguments: Database.allCases)
    func fields(database: Database) throws {
        let empty = database == .postgres ? try PostgresServer.shared().makeDatabase() : nil
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            if let empty { configuration.database = empty.directive }
            return configuration
        }
        let person = try stage.gateway.register(Person(email: "person@example.org"))
        let before = try counts(stage, empty?.name)
        #expect(before.count == Self.tables.count)
        #expect(BadField.all.count > 130)
        for bad in BadField.all {
            let call = Call.post("/api/auth/\(bad.call)").json(text: bad.body).bearer(person.access)
            let answer = try stage.gateway.send(call)
            #expect(answer.status == 400, "\(bad.testDescription): \(answer.summary)")
            #expect(answer.code == "VALIDATION_FAILED", "\(bad.testDescription): \(answer.summary)")
            let details = answer.json["details"] as? [String: String]
            #expect(details == [bad.field: bad.message], "\(bad.testDescription)")
        }
        for call in ["register", "login", "refresh", "logout", "logout-all", "password/change"] {
            for body in badBodies + [String(repeating: " ", count: 10_000)] {
                let answer = try stage.gateway.send(
                    .post("/api/auth/\(call)").json(text: body).bearer(person.access))
                #expect(answer.status == 400, "\(call) \(body.prefix(60)): \(answer.summary)")
                #expect(answer.code == "MALFORMED_JSON", "\(call) \(body.prefix(60))")
                #expect((answer.json["details"] as? [String: String])?["body"] != nil, "\(call) \(body.prefix(60))")
            }
        }
        #expect(try counts(stage, empty?.name) == before)
        #expect(try stage.gateway.send(.get("/api/auth/me").bearer(person.access)).status == 200)
        try stage.end()
    }
}
