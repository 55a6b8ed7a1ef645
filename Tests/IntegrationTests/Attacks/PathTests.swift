import Testing

/// Runs one denied path and holds gateway and backend to it.
private func expectDenied(_ pathCase: PathCase, on stage: Stage) throws {
    var call = Call.get(pathCase.target)
    switch pathCase.caller {
    case .nobody: break
    case .user: call = call.bearer(Forge.token())
    case .admin: call = call.bearer(Forge.token(roles: ["user", "admin"]))
    }
    let (answer, seen) = try stage.exchange(call)
    #expect([400, 401, 403, 404].contains(answer.status), "\(answer.summary)")
    #expect(answer.code != nil)
    #expect(seen.isEmpty, "the backend got \(seen.map(\.requestLine))")
}

@Suite("P: paths, deny by default", .serialized, .standardStage)
struct PathTests {
    @Test("no other spelling of a protected path gets through", arguments: PathCase.denied)
    func denied(_ pathCase: PathCase) throws { try expectDenied(pathCase, on: .current) }

    @Test(
        "P-68, P-69 what no route covers is 404 for everyone",
        arguments: ["/nowhere/x", "/publicity/x", "/", "/adminx", "/apix/y"])
    func nowhere(target: String) throws {
        for call in [Call.get(target), .get(target).bearer(Forge.token(roles: ["admin"]))] {
            let (answer, seen) = try Stage.current.exchange(call)
            #expect(answer.status == 404)
            #expect(answer.code == "NO_ROUTE")
            #expect(seen.isEmpty)
        }
    }

    @Test("P-72 an absolute-form target is judged by its path")
    func absoluteForm() throws {
        let stage = try Stage.current
        let denied = try stage.exchange(Call.get("http://localhost:8080/admin/x"))
        #expect(denied.answer.status == 401)
        #expect(denied.seen.isEmpty)
        let open = try stage.exchange(Call.get("http://localhost:8080/public/x?y"))
        #expect(open.answer.status == 200)
        #expect(open.seen.map(\.target) == ["/public/x?y"])
        let bare = try stage.exchange(Call.get("http://localhost:8080"))
        #expect(bare.answer.status == 404)
    }

    @Test(
        "P-75 no method opens /admin without a token",
        arguments: [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "LOCK", "FOO", "TRACE", "CONNECT",
            "M-SEARCH",
        ])
    func methods(method: String) throws {
        let (answer, seen) = try Stage.current.exchange(Call(method, "/admin/x"))
        #expect([400, 401, 403, 404, 405, 501].contains(answer.status), "\(answer.summary)")
        #expect(seen.isEmpty)
    }

    @Test("P-79 the query decides nothing")
    func query() throws {
        let denied = try Stage.current.exchange(.get("/admin/x?path=/public/x&/public/"))
        #expect(denied.answer.status == 401)
        #expect(denied.seen.isEmpty)
        for query in ["/admin/x", "a=/../admin", "x=%2e%2e%2fadmin", "//admin;x", "%00%zz", "a?b?c"] {
            let open = try Stage.current.exchange(.get("/public/x?\(query)"))
            #expect(open.answer.status == 200)
            #expect(open.seen.map(\.target) == ["/public/x?\(query)"])
        }
    }

    @Test("a rule for one method leaves the others to the next route")
    func methodRule() throws {
        let user = Forge.token()
        #expect(try Stage.current.exchange(Call.get("/api/x").bearer(user)).answer.status == 200)
        let refused = try Stage.current.exchange(Call("DELETE", "/api/x").bearer(user))
        #expect(refused.answer.status == 403)
        #expect(refused.answer.code == "FORBIDDEN")
        #expect(refused.seen.isEmpty)
        let allowed = try Stage.current.exchange(Call("DELETE", "/api/x").bearer(Forge.token(roles: ["admin"])))
        #expect(allowed.answer.status == 200)
    }
}

@Suite("P: paths beside an open catch-all", .serialized, .stage { .standard($0, catchAll: true) })
struct CatchAllPathTests {
    @Test("no other spelling of a protected path falls into the open route", arguments: PathCase.denied)
    func denied(_ pathCase: PathCase) throws { try expectDenied(pathCase, on: .current) }

    @Test("P-77 no spelling of /api/auth reaches a backend", arguments: PathCase.auth)
    func auth(_ pathCase: PathCase) throws {
        var call = Call.get(pathCase.target)
        if pathCase.caller == .admin { call = call.bearer(Forge.token(roles: ["user", "admin"])) }
        let (answer, seen) = try Stage.current.exchange(call)
        #expect((400..<500).contains(answer.status), "\(answer.summary)")
        #expect(seen.isEmpty, "the backend got \(seen.map(\.requestLine))")
    }

    @Test("what is open stays open")
    func open() throws {
        for target in ["/", "/x", "/adminx", "/administrator/x", "/xadmin/", "/a/admin/x"] {
            let (answer, seen) = try Stage.current.exchange(.get(target))
            #expect(answer.status == 200, "\(target)")
            #expect(seen.map(\.target) == [target])
        }
    }

    @Test("P-32 an escaped spelling is the path itself for whoever may have it")
    func escapedForAdmin() throws {
        let (answer, seen) = try Stage.current.exchange(.get("/%61dmin/x").bearer(Forge.token(roles: ["admin"])))
        #expect(answer.status == 200)
        #expect(seen.map(\.target) == ["/admin/x"])
    }
}

/// Routes that take by name what is otherwise refused.
@Suite(
    "P: accepted spellings", .serialized,
    .stage {
        Configuration.standard($0).with(
            "route /files/* public accept encoded-slash -> backend",
            "route /matrix/* public accept semicolon -> backend",
            "route /slashes/* public accept empty-segments -> backend",
            "route /Case/* public accept case -> backend",
            "route /back/* public accept encoded-backslash -> backend",
            "route /percent/* public accept encoded-percent -> backend",
            "route /bytes/* public accept non-utf8 -> backend",
            "route /every/* public accept encoded-slash encoded-backslash semicolon empty-segments encoded-percent non-utf8 case escapes -> backend"
        )
    })
struct AcceptTests {
    @Test(
        "what a route accepts by name is forwarded untouched",
        arguments: [
            "/files/a%2Fb", "/files/a%2fb", "/matrix/a;b=c/d", "/slashes/a//b", "/slashes//", "/back/a%5Cb",
            "/percent/a%2520b", "/bytes/%FF", "/every/a%2fb;c//d%5c%2525%ff",
        ])
    func accepted(target: String) throws {
        let (answer, seen) = try Stage.current.exchange(.get(target))
        #expect(answer.status == 200, "\(answer.summary)")
        #expect(seen.map(\.target) == [target])
    }

    @Test(
        "one route's word is no other's, and what leads out of the route is refused",
        arguments: [
            "/public/a%2Fb", "/matrix/a%2Fb", "/files/a;b", "/files/a//b", "/slashes/a%5Cb", "/public/a%2520b",
            "/files/..%2fadmin/x", "/files/%2e%2e/admin", "/files/a%2f..%2f..%2fadmin", "/slashes//../admin",
            "/every/../admin/x", "/every/%2e%2e/admin", "/every/a%00", "/every/%zz", "/every/..;/admin/x",
            "/matrix/..;/admin/x", "/every/..%5cadmin", "/every/%252e%252e/admin/x", "//files/a", "/files%2fa%2fb",
            "/admin;/files/x", "/ADMIN/x", "/case/x/../admin",
        ])
    func leadingOut(target: String) throws {
        let (answer, seen) = try Stage.current.exchange(.get(target))
        #expect([400, 401, 404].contains(answer.status), "\(answer.summary)")
        #expect(seen.isEmpty, "the backend got \(seen.map(\.requestLine))")
    }
}
