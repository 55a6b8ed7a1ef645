import HTTP
import Policy
import Reasons
import Testing

@Suite("Paths that a backend could read as another route's")
struct AmbiguityTests {
    /// The routes of the contract's example.
    static let example = """
        route /*                public                -> web
        route /public/*         public                -> web
        route /api/*            user                  -> api
        route /admin/*          role admin            -> web
        route DELETE /api/*     role admin            -> api
        """

    @Test(
        "nobody and no mere user gets to /admin, however it is spelled",
        arguments: [
            "/admin/x", "/admin", "/admin/", "/admin%2fx", "/admin%2Fx", "/public/../admin/x", "/public/%2e%2e/admin/x",
            "/public/%2E%2E/admin/x", "/public/..%2fadmin/x", "/public/..%2Fadmin/x", "/public/.%2e/admin/x",
            "/public/..%5cadmin/x", "/public/..\\admin/x", "/public/..;/admin/x", "/public/%2e%2e;/admin/x",
            "//admin/x",
            "///admin/x", "/./admin/x", "/%2e/admin/x", "/public/./../admin/x", "/public/a/../../admin/x",
            "/public/../../../../admin/x", "/admin;a=b/x", "/admin;/x", "/%61dmin/x", "/%61%64%6d%69%6e/x", "/ADMIN/x",
            "/aDmIn/x", "/%41DMIN/x", "/admin%00/x", "/public/..%00/admin/x", "/admin%20/x", "/admin./x", "/admin%2e/x",
            "/admin.%20./x", "/admin%23/public", "/admin?/public/x", "/\\admin/x", "/public/%c0%ae%c0%ae/admin/x",
            "/publicx/../admin/x", "/api/auth/../../admin/x", "/api/../admin/x", "/public/%252e%252e/admin/x",
            "/%2561dmin/x", "/%EF%BC%A1dmin/x", "/adm%C4%B1n/x", "/%EF%BC%8Fadmin/x",
            "/public%EF%BC%8F..%EF%BC%8Fadmin/x",
            "/%u0061dmin/x", "/admin%09/x", "/admin%0a/x", "/Admin", "/ADMIN/", "/admin..../x",
        ])
    func admin(path: String) throws {
        let table = try table(Self.example)
        for roles in [nil, ["user"]] {
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                #expect([400, 401, 403, 404].contains(table.status(method, path, roles: roles)), "\(method)")
            }
        }
    }

    @Test(
        "no spelling of /api/auth goes to a backend",
        arguments: [
            "/api/auth", "/api/auth/", "/api/auth/me", "/api/auth%2fme", "/api//auth/me", "//api/auth/me",
            "/API/AUTH/me",
            "/api/AUTH/me", "/api/%61uth/me", "/api/auth./me", "/api/auth%20/me", "/api/auth;x/me", "/api/./auth/me",
            "/api/x/../auth/me", "/api%2fauth/me", "/api/auth%5cme", "/api%5cauth/me", "/api/%2561uth/me",
            "/api/auth%252fme",
            "/api/%EF%BD%81uth/me", "/api%EF%BC%8Fauth/me",
        ])
    func own(path: String) throws {
        let everything =
            "accept encoded-slash encoded-backslash semicolon empty-segments encoded-percent non-utf8 case escapes"
        for lines in [Self.example, "route /* public \(everything) -> web", "route /api/* public \(everything) -> web"]
        {
            let table = try table(lines)
            #expect(table.status("GET", path, roles: ["admin"]) != 200)
            if case .success(let label) = table.winner(path) { Issue.record("\(label) got \(path)") }
        }
    }

    @Test("the paths that are meant go through") func meant() throws {
        let table = try table(Self.example)
        #expect(table.status("GET", "/", roles: nil) == 200)
        #expect(table.status("GET", "/public/a%20b/C%C3%A9", roles: nil) == 200)
        #expect(table.status("GET", "/publicity/x", roles: nil) == 200)
        #expect(table.status("GET", "/api/x", roles: nil) == 401)
        #expect(table.status("GET", "/api/X/y", roles: []) == 200)
        #expect(table.status("DELETE", "/api/x", roles: []) == 403)
        #expect(table.status("DELETE", "/api/x", roles: ["user", "admin"]) == 200)
        #expect(table.status("GET", "/admin/x", roles: ["admin"]) == 200)
        #expect(table.status("GET", "/%61dmin/x", roles: ["admin"]) == 200)
    }

    @Test("an unusual spelling passes only where the winning route accepts it by name") func accepted() throws {
        let table = try table(
            """
            route /* public -> web
            route /files/* public accept encoded-slash semicolon -> web
            route /git/* public accept empty-segments -> web
            route /old/* public accept non-utf8 encoded-percent -> web
            route /files/secret/* role admin accept encoded-slash -> web
            """)
        #expect(table.winner("/files/a%2Fb") == .success("/files/*"))
        #expect(table.winner("/files/a;v=1/b") == .success("/files/*"))
        #expect(table.winner("/git//x") == .success("/git/*"))
        #expect(table.winner("/old/caf%e9") == .success("/old/*"))
        #expect(table.winner("/old/a%252Fb") == .success("/old/*"))
        for path in [
            // Another spelling than the accepted one, or another route.
            "/x/a%2Fb", "/files//a", "/git/a%2Fb", "/files/a%252Fb",
            // Some reading belongs to another route.
            "/files/secret%2Fx", "/files/x%2F..%2Fsecret", "/files;/secret%2fx", "/files/;/secret/x", "/files%2Fa",
            "/git//../x", "//git/x", "/x//git/x", "/old/%252e%252e/files/x", "/old%252Fx", "/files;x/a",
            "/files/secret;a/b",
            "/files/..;/x", "/files/a%2F..%2F..%2Fadmin",
        ] {
            #expect(table.winner(path) == .failure(.ambiguousPath), "\(path)")
        }
    }

    @Test("empty-segments: what follows two slashes at the start may be a host to the backend") func acceptsHost()
        throws
    {
        let table = try table(
            "route /* public accept empty-segments -> web\nroute /admin/* role admin accept empty-segments -> web")
        for path in ["//a.test/admin/x", "//a/admin", "///a/admin/x", "//a//admin", "//a//b/admin/x"] {
            #expect(table.winner(path) == .failure(.ambiguousPath), "\(path)")
        }
        #expect(table.winner("//a.test/x") == .success("/*"))
        #expect(table.winner("/a//admin/x") == .success("/*"))
    }

    @Test("case: a route may say that its backend tells letters apart") func acceptsCase() throws {
        let plain = try table("route /* public -> web\nroute /api/* -> api")
        #expect(plain.winner("/API/x") == .failure(.ambiguousPath))
        let accepting = try table("route /* public accept case -> web\nroute /api/* -> api")
        #expect(accepting.winner("/API/x") == .success("/*"))
        #expect(accepting.winner("/api/x") == .success("/api/*"))
        // Escapes are another matter, and so are the gateway's own paths.
        #expect(accepting.winner("/api%20/x") == .failure(.ambiguousPath))
        #expect(accepting.winner("/API/AUTH/x") == .failure(.ambiguousPath))
        let twins = try table("route /Docs/* public accept case -> web\nroute /docs/* accept case -> web")
        #expect(twins.winner("/Docs/x") == .success("/Docs/*"))
        #expect(twins.winner("/docs/x") == .success("/docs/*"))
        #expect(twins.winner("/DOCS/x") == .failure(.ambiguousPath))
    }

    @Test("escapes: a route may say that its backend does not decode") func acceptsEscapes() throws {
        let plain = try table("route /* public -> web\nroute /a[b]/* -> api")
        #expect(plain.winner("/a%5Bb%5D/x") == .failure(.ambiguousPath))
        let accepting = try table("route /* public accept escapes -> web\nroute /a[b]/* -> api")
        #expect(accepting.winner("/a%5Bb%5D/x") == .success("/*"))
        #expect(accepting.winner("/a[b]/x") == .success("/a[b]/*"))
        #expect(accepting.winner("/A[b]/x") == .failure(.ambiguousPath))
    }

    @Test("a pattern in capitals is met by its own spelling only") func capitalPattern() throws {
        let table = try table("route /Admin/* role admin -> web\nroute /* public -> web")
        #expect(table.winner("/Admin/x") == .success("/Admin/*"))
        #expect(table.winner("/admin/x") == .failure(.ambiguousPath))
        #expect(table.winner("/ADMIN/x") == .failure(.ambiguousPath))
        #expect(table.winner("/Administrator") == .success("/*"))
    }
}

extension RouteTable {
    func winner(_ path: String) -> Result<String, Reason> { winner("GET", "localhost", path) }
}
