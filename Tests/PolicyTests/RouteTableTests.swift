import HTTP
import Policy
import Reasons
import Testing

@Suite("Which route is in force")
struct RouteTableTests {
    private func expect(
        _ table: RouteTable, _ cases: [(method: String, host: String, path: String, label: String?)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (method, host, path, label) in cases {
            let expected: Result<String, Reason> = label.map { .success($0) } ?? .failure(.noRoute)
            #expect(
                table.winner(method, host, path) == expected, "\(method) \(host) \(path)",
                sourceLocation: sourceLocation)
        }
    }

    @Test("an exact host wins over a wildcard, the longer one first, over none") func hosts() throws {
        let table = try table(
            """
            route /a/b/c -> web
            route *.example.com/* -> web
            route *.b.example.com/* -> web
            route a.b.example.com/a -> web
            route [::1]/* -> web
            """)
        expect(
            table,
            [
                ("GET", "a.b.example.com", "/a", "a.b.example.com/a"),
                ("GET", "a.b.example.com", "/a/b/c", "*.b.example.com/*"),
                ("GET", "A.B.EXAMPLE.COM:8080", "/a", "a.b.example.com/a"),
                ("GET", "a.b.example.com.", "/a", "a.b.example.com/a"),
                ("GET", "a.b.example.com.:443", "/a", "a.b.example.com/a"),
                ("GET", "x.example.com", "/a/b/c", "*.example.com/*"),
                ("GET", "x.y.example.com", "/", "*.example.com/*"),
                ("GET", "example.com", "/a/b/c", "/a/b/c"),
                ("GET", "xexample.com", "/a", nil),
                ("GET", ".example.com", "/a", nil),
                ("GET", "", "/a/b/c", "/a/b/c"),
                ("GET", "[::1]:8080", "/a", "[::1]/*"),
                ("GET", "other", "/a", nil),
            ])
        #expect(table.winner("GET", "a.b%2eexample.com", "/a") == .failure(.badHost))
    }

    @Test("the longer literal path wins, exact over everything below, and whole segments count") func paths() throws {
        let table = try table(
            """
            route /* -> web
            route / -> web
            route /admin/* -> web
            route /admin -> web
            route /admin/users/* -> web
            route /admin/users/list -> web
            route "/two words/*" -> web
            route /café -> web
            route /%7Euser/[x] -> web
            """)
        expect(
            table,
            [
                ("GET", "h", "/", "/"),
                ("GET", "h", "/x", "/*"),
                ("GET", "h", "/admin", "/admin"),
                ("GET", "h", "/admin/", "/admin"),
                ("GET", "h", "/admin/x", "/admin/*"),
                ("GET", "h", "/admin/x/", "/admin/*"),
                ("GET", "h", "/administrator", "/*"),
                ("GET", "h", "/admi", "/*"),
                ("GET", "h", "/admin/users", "/admin/users/*"),
                ("GET", "h", "/admin/users/", "/admin/users/*"),
                ("GET", "h", "/admin/users/list", "/admin/users/list"),
                ("GET", "h", "/admin/users/list/", "/admin/users/list"),
                ("GET", "h", "/admin/users/list/x", "/admin/users/*"),
                ("GET", "h", "/admin/users/lists", "/admin/users/*"),
                ("GET", "h", "/two%20words/x", "/two words/*"),
                ("GET", "h", "/caf%c3%a9", "/café"),
                ("GET", "h", "/~user/[x]", "/%7Euser/[x]"),
                ("GET", "h", "/%7euser/[x]", "/%7Euser/[x]"),
            ])
    }

    @Test("/admin/* covers /admin and everything below, and nothing beside it") func prefix() throws {
        let table = try table("route /admin/* -> web\nroute /exact -> web")
        expect(
            table,
            [
                ("GET", "h", "/admin", "/admin/*"), ("GET", "h", "/admin/", "/admin/*"),
                ("GET", "h", "/admin/a/b/c", "/admin/*"), ("GET", "h", "/adminx", nil), ("GET", "h", "/", nil),
                ("GET", "h", "/exact/", "/exact"), ("GET", "h", "/exact/x", nil),
            ])
    }

    @Test("a route that names the method wins on the same path, and only there") func methods() throws {
        let table = try table(
            """
            route /api/* public -> web
            route DELETE /api/* -> api
            route GET /only -> web
            route POST,PUT /only -> api
            route PURGE /cache/* -> web
            route GET /deep/* -> web
            route POST /deep/er -> api
            """)
        expect(
            table,
            [
                ("GET", "h", "/only", "/only"), ("HEAD", "h", "/only", "/only"), ("DELETE", "h", "/only", nil),
                ("PURGE", "h", "/cache/x", "/cache/*"), ("GET", "h", "/cache/x", nil),
                // A route whose method does not fit is no candidate: the next one decides.
                ("GET", "h", "/deep/er", "/deep/*"), ("POST", "h", "/deep/er", "/deep/er"),
                ("POST", "h", "/deep/x", nil),
            ])
        #expect(table.status("DELETE", "/api/x", roles: nil) == 401)
        #expect(table.status("GET", "/api/x", roles: nil) == 200)
        for method in ["FOO", "get", "CONNECT", "TRACE", "", "GETT"] {
            #expect(table.winner(method, "h", "/only") == .failure(.methodNotImplemented))
            #expect(!table.knows(method))
        }
        #expect(table.knows("PURGE") && table.knows("OPTIONS"))
    }

    @Test("the order of lines decides nothing") func order() throws {
        let lines = [
            "route /* public -> web", "route /a/* -> web", "route GET /a/* -> web", "route /a -> web",
            "route h/* -> web", "route *.h/* -> web",
        ]
        for shift in lines.indices {
            let table = try table((lines[shift...] + lines[..<shift]).joined(separator: "\n"))
            expect(
                table,
                [
                    ("GET", "x", "/a", "/a"), ("GET", "x", "/a/b", "/a/*"), ("GET", "h", "/a", "h/*"),
                    ("GET", "x.h", "/a", "*.h/*"), ("GET", "x", "/b", "/*"),
                ])
        }
    }

    @Test("a table without routes covers nothing") func empty() {
        var problems = compile("").problems
        #expect(problems.isEmpty)
        let table = compile("").table
        #expect(table.winner("GET", "h", "/") == .failure(.noRoute))
        problems = compile("route /a -> nowhere").problems
        #expect(problems.hasErrors)
    }
}
