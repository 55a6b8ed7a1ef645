import Foundation
import Testing

/// `access-cookie` and `sign-in-page`: backends that serve pages, and pages of other sites.
@Suite("Pages", .serialized)
struct PagesTests {
    private static func stage(publicURL: String = "http://localhost:8080") throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend).with(
                "sign-in-page /public/sign-in", "cors http://friend.example")
            configuration.tokens.append("access-cookie on")
            configuration.publicURL = publicURL
            return configuration
        }
    }

    private static func page(_ person: Person, _ target: String) -> Call {
        Call.get(target).cookie(person.access, name: "access_token").with("Accept: text/html,*/*;q=0.8")
    }

    @Test("the cookie opens what the token opens, tells the backend who it is, and never gets there")
    func opens() throws {
        let stage = try Self.stage()
        let answer = try stage.gateway.send(.register(Person()))
        let person = try Person().holding(answer)
        let cookie = try #require(answer.cookie("access_token"))
        #expect(cookie.value == person.access)
        #expect(cookie.attributes == ["max-age=900", "path=/", "httponly", "samesite=lax"])
        let (page, seen) = try stage.exchange(Self.page(person, "/api/page").cookie("tea", name: "other"))
        #expect(page.status == 200)
        #expect(seen.count == 1 && seen[0]["X-User-Id"] == person.id)
        #expect(seen[0]["Cookie"] == "other=tea" && seen[0]["Authorization"] == nil)
        #expect(!seen[0].bytes.text.contains(person.access))
        #expect(try stage.gateway.send(Self.page(person, "/admin/x")).status == 403)
        #expect(try stage.exchange(Self.page(person, "/public/x")).seen.first?["X-User-Id"] == person.id)
        #expect(try stage.gateway.send(Self.page(person, "/api/auth/me")).status == 200)
        // Signing out by the cookie alone ends it at once.
        let out = try stage.gateway.send(.post("/api/auth/logout").cookie(person.access, name: "access_token"))
        #expect(out.cookie("access_token")?.value == "")
        #expect(try stage.gateway.send(Self.page(person, "/api/page")).status == 303)
        #expect(try stage.gateway.send(.refresh(person.refresh)).status == 401)
        try stage.end()
    }

    @Test("without `access-cookie on` the cookie is nothing, and is kept from the backend all the same")
    func off() throws {
        let stage = try Stage { .standard($0) }
        let person = try stage.gateway.register()
        #expect(try stage.gateway.send(Self.page(person, "/api/page")).status == 401)
        let (_, seen) = try stage.exchange(Self.page(person, "/public/x"))
        #expect(seen.first?["Cookie"] == nil && seen.first?["X-User-Id"] == nil)
        try stage.end()
    }

    @Test("a header and a cookie of one session go together; of two, the request is refused")
    func disagree() throws {
        let stage = try Self.stage()
        let (person, other) = (try stage.gateway.register(), try stage.gateway.register())
        let newer = try stage.gateway.refresh(person)
        #expect(newer.access != person.access)
        #expect(try stage.gateway.send(Self.page(person, "/api/x").bearer(newer.access)).status == 200)
        #expect(try stage.gateway.send(Self.page(person, "/api/x").bearer(person.access)).status == 200)
        for target in ["/api/x", "/public/x", "/api/auth/me"] {
            for call in [
                Self.page(other, target).bearer(person.access),
                Call.get(target).bearer(person.access).cookie("junk", name: "access_token"),
                Call.get(target).bearer("junk").cookie(person.access, name: "access_token"),
            ] {
                let (answer, seen) = try stage.exchange(call)
                #expect(answer.code == "AMBIGUOUS_CREDENTIALS", "\(target) \(answer.summary)")
                #expect(seen.isEmpty)
            }
            let twice = Call.get(target).cookie("\(person.access); access_token=\(other.access)", name: "access_token")
            #expect(try stage.gateway.send(twice).code == "AMBIGUOUS_COOKIE")
        }
        // Another scheme is the backend's; the cookie does not count beside it.
        #expect(try stage.gateway.send(Self.page(person, "/api/x").with("Authorization: Basic YTpi")).status == 303)
        try stage.end()
    }

    @Test(
        "what another site's page asks for is not authorised by a cookie",
        arguments: [
            (["Origin: http://localhost:8080"], true), (["Origin: http://friend.example"], true),
            (["Origin: http://friend.example", "Sec-Fetch-Site: cross-site"], true),
            (["Sec-Fetch-Site: same-origin"], true), (["Sec-Fetch-Site: none"], true), ([], true),
            (["Origin: http://localhost:8080", "Sec-Fetch-Site: cross-site"], true),
            (["Origin: http://evil.example"], false), (["Origin: null"], false),
            (["Sec-Fetch-Site: cross-site"], false),
            (["Sec-Fetch-Site: same-site"], false), (["Origin: http://sub.localhost:8080"], false),
            (["Origin: http://evil.example", "Sec-Fetch-Site: same-site"], false),
            (["Origin: http://localhost:8080", "Origin: http://localhost:8080"], false),
        ])
    func crossSite(fields: [String], passes: Bool) throws {
        let stage = try Self.stage()
        let person = try stage.gateway.register()
        for method in ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"] {
            let isSafe = ["GET", "HEAD", "OPTIONS"].contains(method)
            func call(_ target: String) -> Call {
                fields.reduce(Call(method, target)) { $0.with($1) }
            }
            let target = method == "DELETE" ? "/strip/x" : "/api/x"
            let (answer, seen) = try stage.exchange(call(target).cookie(person.access, name: "access_token"))
            #expect(answer.status == (passes || isSafe ? 200 : 403), "\(method) \(answer.summary)")
            if answer.status == 403 {
                #expect(answer.code == "CROSS_SITE" && seen.isEmpty)
                if fields[0].contains("evil") {
                    #expect((answer.json["error"] as? String)?.contains("cors http://evil.example") == true)
                }
            }
            // On a public route such a call is nobody's; by a header it is whose it is, since no page can make that up.
            let (_, open) = try stage.exchange(call("/public/x").cookie(person.access, name: "access_token"))
            #expect(open.first?["X-User-Id"] == (passes || isSafe ? person.id : nil), "\(method)")
            #expect(try stage.exchange(call(target).bearer(person.access)).seen.first?["X-User-Id"] == person.id)
        }
        try stage.end()
    }

    @Test("a browser that would get 401 for a page is sent to the sign-in page; everybody else gets the 401")
    func signIn() throws {
        let stage = try Self.stage()
        let html = "Accept: text/html"
        let answer = try stage.gateway.send(.get("/api/x?q=1").with(html))
        #expect(
            answer.status == 303 && answer["Location"] == "/public/sign-in" && answer["Cache-Control"] == "no-store")
        let bad = Call.get("/admin/x").with(html).cookie("junk", name: "access_token")
        #expect(try stage.gateway.send(bad).status == 303)
        #expect(try stage.gateway.send(.get("/api/x").with("Accept: */*")).status == 401)
        #expect(try stage.gateway.send(.get("/api/x")).status == 401)
        #expect(try stage.gateway.send(.post("/api/x").with(html).body("")).status == 401)
        #expect(try stage.gateway.send(Call("HEAD", "/api/x").with(html)).status == 401)
        #expect(try stage.gateway.send(.get("/nowhere").with(html)).status == 404)
        #expect(try stage.gateway.send(.get("/public/sign-in").with(html)).status == 200)
        let person = try stage.gateway.register()
        #expect(try stage.gateway.send(Self.page(person, "/admin/x")).status == 403)
        try stage.end()
        #expect(stage.gateway.accessLog.all.contains { $0.contains("\"status\":303") && $0.contains("TOKEN_MISSING") })
    }

    @Test(
        "in Chromium: sign in with a form, see the page, and another site's form does nothing",
        .enabled(if: Browser.isInstalled, "deploy/test installs Chromium"))
    func browser() throws {
        let stage = try Self.stage(publicURL: "http://app.test")
        func html(_ body: String) -> Script {
            let page = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>" + body
            return .raw(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
        }
        stage.backend.on("/public/sign-in", html("<title>sign in</title>"))
        stage.backend.on("/api/page", html("<title>mine</title>"))
        let port = stage.gateway.address.port
        let app = "http://app.test:\(port)"
        stage.backend.on(
            "/public/evil",
            html("<form id=f method=post action='\(app)/api/page'><input name=a value=b></form>"))
        let browser = try Browser()
        let tab = try browser.open("\(app)/api/page")
        #expect(try browser.url(of: tab) == "\(app)/public/sign-in")
        let person = Person()
        try browser.run(
            """
            const answer = await fetch("/api/auth/register", {
                method: "POST", headers: {"Content-Type": "application/json"},
                body: JSON.stringify({email: "\(person.email)", password: "\(person.password)"}),
            });
            if (answer.status !== 201) throw new Error(await answer.text());
            """, in: tab)
        try browser.go(to: "\(app)/api/page", in: tab)
        #expect(try browser.url(of: tab) == "\(app)/api/page")
        #expect(try browser.run("return document.title + document.cookie", in: tab) as? String == "mine")
        let own = "return (await fetch('/api/page', {method: 'POST', body: 'x'})).status"
        #expect(try browser.run(own, in: tab) as? Int == 200)

        // A link from elsewhere shows the page signed in (Lax), a form from elsewhere is not let through, whether the
        // browser sends the cookie or not; nor is a script.
        let mark = stage.backend.mark
        for host in ["evil.test", "sub.app.test"] {
            let evil = try browser.open("http://\(host):\(port)/public/evil")
            try browser.run("document.getElementById('f').submit()", in: evil)
            try until("the form was answered") { try browser.url(of: evil) == "\(app)/api/page" }
            #expect(try browser.run("return document.body.innerText", in: evil) as? String != "")
            let script = """
                return await fetch("\(app)/api/page", {method: "POST", body: "x", credentials: "include", mode: "no-cors"})
                    .then((answer) => answer.type, () => "failed");
                """
            try browser.go(to: "http://\(host):\(port)/public/evil", in: evil)
            #expect(try browser.run(script, in: evil) as? String == "opaque")
            try browser.run("location.assign('\(app)/api/page')", in: evil)
            try until("the link was followed") {
                try browser.run("return document.title", in: evil) as? String == "mine"
            }
        }
        let seen = stage.backend.requests(since: mark)
        #expect(!seen.contains { $0.method == "POST" })
        #expect(seen.filter { $0.target == "/api/page" && $0["X-User-Email"] == person.email }.count == 2)
        #expect(seen.allSatisfy { !($0["Cookie"] ?? "").contains("_token") })
        browser.stop()
        try stage.end()
        // From a sibling of the same site the browser did send the cookie, and the gate was what refused.
        #expect(stage.gateway.accessLog.all.contains { $0.contains("CROSS_SITE") && $0.contains("\"/api/page\"") })
    }
}
