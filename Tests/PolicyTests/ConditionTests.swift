import Config
import HTTP
import Policy
import Reasons
import Testing

@Suite("Conditions")
struct ConditionTests {
    private static let office: [UInt8] = [10, 0, 0, 7]

    /// What is answered, on a table whose one route of interest is `/x`.
    private func status(
        _ rule: String, more: String = "", path: String = "/x", _ change: (inout Question) -> Void = { _ in }
    ) throws -> UInt16 {
        let table = try table("route /x \(rule) -> web\n\(more)")
        var question = Question(method: "GET", path: path)
        question.roles = ["user"]
        change(&question)
        return table.answer(to: question).status
    }

    private func fields(_ fields: KeyValuePairs<String, String>) -> (inout Question) -> Void {
        { $0.fields = fields.map { ($0.key, $0.value) } }
    }

    @Test("all conditions of a route have to hold") func allHold() throws {
        let rule = "user from 10.0.0.0/8 claim tenant is acme"
        #expect(
            try status(rule) {
                $0.address = Self.office
                $0.claims = ["tenant": ["acme"]]
            } == 200)
        #expect(try status(rule) { $0.address = Self.office } == 403)
        #expect(try status(rule) { $0.claims = ["tenant": ["acme"]] } == 403)
    }

    @Test("a claim that another issuer says passes neither way: nobody here knows what it means by it")
    func withheldClaim() throws {
        let rules = ["user claim plan is pro", "user not claim plan is pro", "user claim plan present"]
        for rule in rules + ["user not claim plan present", "user not where id is plan"] {
            let path = rule.contains("where") ? "/y/7" : "/x"
            let more = rule.contains("where") ? "route /y/{id} \(rule) -> web" : ""
            let own = rule.contains("where") ? "user" : rule
            #expect(try status(own, more: more, path: path) { $0.withheldClaims = ["plan"] } == 403, "\(rule)")
        }
    }

    @Test("an unknown address passes neither `from` nor `not from`") func unknownAddress() throws {
        #expect(try status("user from 10.0.0.0/8") == 403)
        #expect(try status("user not from 10.0.0.0/8") == 403)
        #expect(try status("user not from 10.0.0.0/8") { $0.address = [192, 0, 2, 1] } == 200)
        #expect(try status("user not from 10.0.0.0/8") { $0.address = Self.office } == 403)
    }

    @Test(
        "a query name that some framework takes for the one in question passes neither way",
        arguments: [
            "[debug]", "%5Bdebug%5D", "[debug", "debug]", "_debug", "!debug", ".debug", "?debug", "%09debug", "+debug",
            "debug%20", "debug%0A", "%EF%BB%BFdebug", "DEBUG", "debug[]", "debug[a]", "debug.a", "debug%00",
            "[debug][]",
        ])
    func queryNames(name: String) throws {
        for rule in ["public query debug is 1", "public not query debug is 1", "public not query debug present"] {
            #expect(try status(rule, path: "/x?\(name)=1") == 403, "\(rule)")
            #expect(try status(rule, path: "/x?debug=0&\(name)=1") == 403, "\(rule)")
        }
    }

    @Test("a query name that no framework takes for the one in question is another one")
    func otherQueryNames() throws {
        for name in ["debugger", "debug-mode", "debug_mode", "my-debug", "xdebug", "", "_", "bug"] {
            #expect(try status("public not query debug is 1", path: "/x?\(name)=1") == 200, "\(name)")
        }
        #expect(try status("public query _ is 1", path: "/x?debug=2&_=1") == 200)
        #expect(try status("public not query a[b] is 1", path: "/x?a[b][]=1") == 403)
        #expect(try status("public not query a[b] is 1", path: "/x?a.b=1") == 403)
        #expect(try status("public not query a[b] is 1", path: "/x?a[c]=1") == 200)
    }

    @Test("a question that names no host is asked at the public URL's, as a client would ask it")
    func hostOfQuestions() throws {
        let more = "route localhost/x role admin -> web\nroute localhost/y public not host localhost -> web"
        #expect(try status("public", more: more) == 403)
        #expect(try status("public", more: more) { $0.host = "other.example" } == 200)
        #expect(try status("public", more: more, path: "/y") == 403)
    }

    @Test("a field that the gateway removes is not there for a question either")
    func removedFields() throws {
        let rule = "public not header X-Env is prod"
        #expect(try status(rule, fields(["X_Env": "prod"])) == 200)
        #expect(try status(rule, fields(["X.Env": "prod"])) == 403)
        #expect(try status(rule, fields(["X-Env": "prod", "Connection": "close, x-env"])) == 200)
        #expect(try status("public header X-Env is prod", fields(["X-Env": "prod", "Connection": "X-Env"])) == 403)
    }

    @Test("a segment whose end some file systems cut off equals no claim, lest a chosen name reach another's path")
    func trimmedSegments() throws {
        let more = "route /y/{id} user where id is name -> web\nroute /z/{id} user not where id is name -> web"
        for (segment, expected) in [("alice", 200), ("alice.", 403), ("alice..", 403), ("alice::$DATA", 403)] {
            let claims = ["name": [segment]]
            #expect(
                try status("user", more: more, path: "/y/\(segment)") { $0.claims = claims } == expected, "\(segment)")
            #expect(try status("user", more: more, path: "/z/\(segment)") { $0.claims = claims } == 403, "\(segment)")
        }
        #expect(try status("user", more: more, path: "/y/a.b") { $0.claims = ["name": ["a.b"]] } == 200)
    }

    @Test("an IPv4 address that comes mapped into IPv6 is the IPv4 address") func mappedAddress() throws {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + Self.office
        #expect(try status("user from 10.0.0.0/8") { $0.address = mapped } == 200)
        #expect(try status("user not from 10.0.0.0/8") { $0.address = mapped } == 403)
    }

    @Test("a header that comes twice, or in another spelling as well, passes neither way") func doubtfulHeader() throws
    {
        for rule in ["user header X-Env is prod", "user not header X-Env is prod", "user not header X-Env present"] {
            #expect(try status(rule, fields(["X-Env": "prod", "X-Env": "test"])) == 403)
            #expect(try status(rule, fields(["X-Env": "prod", "X.Env": "test"])) == 403)
            #expect(try status(rule, fields(["X.Env": "test"])) == 403)
        }
        #expect(try status("user header X-Env is prod", fields(["x-env": "prod"])) == 200)
        #expect(try status("user not header X-Env is prod") == 200)
    }

    @Test(
        "a query that frameworks read differently passes neither way",
        arguments: [
            "/x?debug=1&debug=0", "/x?Debug=0", "/x?debug[]=0", "/x?a=1;debug=0", "/x?debug=%4", "/x?debug.x=0",
            "/x?%64ebug=0&debug=1", "/x?%20debug=0", "/x?DEBUG=0&debug=1",
        ])
    func doubtfulQuery(path: String) throws {
        #expect(try status("user query debug is 1", path: path) == 403)
        #expect(try status("user not query debug is 1", path: path) == 403)
    }

    @Test("a query parameter is decoded before it is compared") func query() throws {
        #expect(try status("user query \"a b\" is \"c d\"", path: "/x?a+b=c%20d") == 200)
        #expect(try status("user query debug present", path: "/x?debug") == 200)
        #expect(try status("user query debug present", path: "/x") == 403)
        #expect(try status("user query debug in 1 yes", path: "/x?q=2&debug=yes") == 200)
    }

    @Test("a claim that is a list equals each of its elements, and an object none") func claims() throws {
        #expect(try status("user claim groups is b") { $0.claims = ["groups": ["a", "b"]] } == 200)
        #expect(try status("user not claim groups is b") { $0.claims = ["groups": ["a", "b"]] } == 403)
        #expect(try status("user claim groups present") { $0.claims = ["groups": []] } == 200)
        #expect(try status("user claim groups is a") { $0.claims = ["groups": []] } == 403)
        #expect(try status("user claim groups is k") { $0.claims = ["groups": ["\u{212A}"]] } == 403)
    }

    @Test("every role of `all-roles` is needed, and ranks count") func allRoles() throws {
        let ranks = "roles owner > admin > user auditor"
        #expect(try status("all-roles admin auditor", more: ranks) { $0.roles = ["owner", "auditor"] } == 200)
        #expect(try status("all-roles admin auditor", more: ranks) { $0.roles = ["owner"] } == 403)
        #expect(try status("role user", more: ranks) { $0.roles = ["admin"] } == 200)
        #expect(try status("role admin", more: ranks) { $0.roles = ["user", "auditor"] } == 403)
        #expect(try status("not role admin", more: ranks) { $0.roles = ["owner"] } == 403)
    }

    @Test("nobody is asked to sign in where that could help, and refused where it could not") func nobody() throws {
        let nobody: (inout Question) -> Void = { $0.roles = nil }
        #expect(try status("public claim plan is pro", nobody) == 401)
        #expect(try status("public from 10.0.0.0/8", nobody) == 403)
        let either = "policy p { any { from 10.0.0.0/8; role admin } }"
        #expect(try status("public policy p", more: either, nobody) == 401)
        #expect(try status("public policy p", more: either) { $0.roles = ["admin"] } == 200)
        #expect(
            try status("public policy p", more: either) {
                $0.roles = nil
                $0.address = Self.office
            } == 200)
    }

    @Test("refusals say whether the caller or the circumstances are at fault") func codes() throws {
        let table = try table("route /a from 10.0.0.0/8 -> web\nroute /b claim a is b -> web")
        var question = Question(method: "GET", path: "/a")
        question.roles = []
        #expect(table.answer(to: question).reason == .conditionNotMet)
        question.path = "/b"
        #expect(table.answer(to: question).reason == .forbidden)
    }

    @Test("a policy is closed to nobody unless the route says public") func policyAsksForUser() throws {
        let policy = "policy here { from 10.0.0.0/8 }"
        #expect(
            try status("policy here", more: policy) {
                $0.roles = nil
                $0.address = Self.office
            } == 401)
    }

    @Test("the opposite of a policy in doubt is doubt") func notPolicy() throws {
        let policy = "policy p { any { header X-Env is a; from 10.0.0.0/8 } }"
        #expect(
            try status("user not policy p", more: policy) {
                $0.address = [192, 0, 2, 1]
                $0.fields = [("X-Env", "a"), ("X-Env", "b")]
            } == 403)
        #expect(try status("user not policy p", more: policy) { $0.address = [192, 0, 2, 1] } == 200)
    }

    @Test("methods and hosts can be conditions too") func methodsAndHosts() throws {
        #expect(try status("user not method DELETE") == 200)
        #expect(try status("user not method DELETE") { $0.method = "DELETE" } == 403)
        #expect(try status("user method GET") { $0.method = "HEAD" } == 200)
        #expect(try status("user host *.example.com") { $0.host = "A.Example.com:80" } == 200)
        #expect(try status("user host *.example.com") { $0.host = "example.com" } == 403)
    }

    @Test("an unknown time is in no window and out of none") func unknownTime() throws {
        #expect(try status("user between 08:00 and 18:00") == 403)
        #expect(try status("user not between 08:00 and 18:00") == 403)
    }
}

@Suite("Path parameters")
struct ParameterTests {
    private static let own = "route /users/{id}/* user where id is sub -> web"

    private func reason(_ path: String, sub: String, _ lines: String = own) throws -> Reason? {
        var question = Question(method: "GET", path: path)
        question.roles = []
        question.claims = ["sub": [sub]]
        return try table(lines).answer(to: question).reason
    }

    @Test("people get at their own and nowhere else") func ownPath() throws {
        #expect(try reason("/users/7", sub: "7") == nil)
        #expect(try reason("/users/7/orders/1", sub: "7") == nil)
        #expect(try reason("/users/a%40b.c/x", sub: "a@b.c") == nil)
        #expect(try reason("/users/8/orders", sub: "7") == .forbidden)
        #expect(try reason("/users/77", sub: "7") == .forbidden)
        #expect(try reason("/users", sub: "") == .noRoute)
    }

    @Test("the letter case and the blanks of a segment are its own") func exactly() throws {
        #expect(try reason("/users/Ann", sub: "ann") == .forbidden)
        #expect(try reason("/users/ann.", sub: "ann") == .forbidden)
        #expect(try reason("/users/ann%20", sub: "ann ") == .forbidden)
    }

    @Test(
        "a segment that two programs could read differently is nobody's",
        arguments: ["/users/7;x/orders", "/users/7%2Fx", "/users/8/%2F..", "/users/7%2525", "/users/%EF%BC%97"])
    func doubtful(path: String) throws {
        let lines = "route /users/{id}/* user where id is sub accept semicolon encoded-slash encoded-percent -> web"
        for sub in ["7", "8", "7;x", "7/x", "7%25", "\u{FF17}"] {
            #expect(try reason(path, sub: sub, lines) != nil)
        }
    }

    @Test("a literal segment wins over a parameter, and what it does not cover goes to the parameter")
    func literalFirst()
        throws
    {
        let table = try table(
            """
            route /users/{id}/* public -> web
            route /users/me/profile public -> web
            route /users/{id}/orders/{order} public -> web
            route /users/* public -> web
            """)
        #expect(table.winner("/users/me/profile") == .success("/users/me/profile"))
        #expect(table.winner("/users/me/other") == .success("/users/{id}/*"))
        #expect(table.winner("/users/me") == .success("/users/{id}/*"))
        #expect(table.winner("/users/7/orders/1") == .success("/users/{id}/orders/{order}"))
        #expect(table.winner("/users/7/orders/1/x") == .success("/users/{id}/*"))
        #expect(table.winner("/users/") == .success("/users/*"))
    }

    @Test("a parameter is never an empty segment") func notEmpty() throws {
        let table = try table("route /a/{x}/b public accept empty-segments -> web")
        #expect(table.winner("/a//b") != .success("/a/{x}/b"))
    }

    @Test("a path whose lower-cased form falls to a literal is refused") func shadow() throws {
        let table = try table("route /users/{id} public -> web\nroute /users/admin role admin -> web")
        #expect(table.winner("/users/Admin") == .failure(.ambiguousPath))
        #expect(table.winner("/users/7") == .success("/users/{id}"))
    }

    @Test("a segment like the sign for parameters is an ordinary segment") func braces() throws {
        let table = try table("route /a/{x}/b public -> web\nroute /a/%7Bx%7D/b public -> web")
        #expect(table.winner("/a/%7Bx%7D/b") == .success("/a/%7Bx%7D/b"))
        #expect(table.winner("/a/c/b") == .success("/a/{x}/b"))
    }
}
