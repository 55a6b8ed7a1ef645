import Foundation
import Testing

/// `client.js` in a real browser, with two tabs, against the real binary.
@Suite("The browser client", .serialized, .enabled(if: Browser.isInstalled, "deploy/test installs Chromium"))
struct ClientTests {
    /// A gateway with pages of an application behind it, and a browser.
    private final class House {
        let stage: Stage
        let browser: Browser
        var gateway: Gateway { stage.gateway }

        init(tokens: [String] = []) throws {
            stage = try Stage { backend in
                var configuration = Configuration.standard(backend)
                configuration.tokens += tokens
                return configuration
            }
            let page = "<!doctype html><meta charset=utf-8><title>page</title><link rel=icon href=data:,>"
            stage.backend.on(
                "/public/page",
                .raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"))
            browser = try Browser()
        }

        /// A tab with the client in it, as `auth`; `events` is what it has told.
        func tab(host: String = "localhost") throws -> Browser.Tab {
            let tab = try browser.open("http://\(host):\(gateway.address.port)/public/page")
            try browser.run(
                """
                const { GatehouseClient } = await import("/api/auth/client.js");
                window.auth = new GatehouseClient();
                window.events = [];
                auth.addEventListener("user", (event) => events.push(`user ${event.detail.user.email}`));
                auth.addEventListener("over", (event) => events.push(`over ${event.detail.code}`));
                // Starts when the other tab says so: answers the statuses of `count` calls at once.
                const go = new BroadcastChannel("test");
                window.many = (count) => Promise.all(
                    Array.from({ length: count }, (_, index) => auth.fetch(`/api/x?${index}`).then((a) => a.status)));
                go.onmessage = (event) => (window.mine = window.many(event.data));
                window.everywhere = (count) => (go.postMessage(count), window.many(count));
                """, in: tab)
            return tab
        }

        func signUp(_ person: Person, in tab: Browser.Tab) throws {
            try browser.run(
                "await auth.register({ email: '\(person.email)', password: '\(person.password)' })", in: tab)
        }

        /// A place in the log behind everything that has been answered.
        func mark() throws -> Int {
            _ = try log(since: 0)
            return gateway.accessLog.mark
        }

        /// The log lines since `mark`, up to now: they are written in their order, so one more call shows the end.
        func log(since mark: Int) throws -> [String] {
            let last = "/public/last/\(Counter.next())"
            _ = try gateway.send(.get(last))
            _ = try gateway.accessLog.waitFor("\"\(last)\"", after: mark)
            return Array(gateway.accessLog.all[mark...])
        }

        /// The calls to `/refresh` that the gateway has answered since `mark`.
        func refreshes(since mark: Int) throws -> [String] {
            try log(since: mark).filter { $0.contains("\"/api/auth/refresh\"") }
        }

        /// Makes every access token of the person worthless, and waits until the gateway knows.
        func revokeTokens(of person: Person, byRole role: String, in tab: Browser.Tab) throws {
            let mark = stage.backend.mark
            try browser.run("await auth.fetch('/api/token')", in: tab)
            guard let seen = try stage.backend.waitForRequests(1, since: mark).last?["Authorization"] else {
                throw Failure("no token came")
            }
            try gateway.setRoles([role], of: person)
            _ = try gateway.waitForStatus(401, of: Call.get("/api/x").with("Authorization: \(seen)"))
        }

        func end() throws {
            browser.stop()
            try stage.end()
        }
    }

    private func strings(_ value: Any) -> [String] { value as? [String] ?? [] }

    @Test("signs up, calls, signs out; the tokens are where no script finds them")
    func story() throws {
        let house = try House()
        let person = Person()
        let tab = try house.tab()
        #expect(try house.browser.run("return await auth.start()", in: tab) is NSNull)
        #expect(try house.browser.run("return (await auth.fetch('/api/x')).status", in: tab) as? Int == 401)
        try house.signUp(person, in: tab)
        let mark = house.stage.backend.mark
        #expect(
            try house.browser.run(
                "return (await auth.fetch('/api/x', {method: 'POST', body: 'tea'})).text()", in: tab) as? String
                == "POST /api/x\ntea")
        let seen = try house.stage.backend.waitForRequests(1, since: mark)[0]
        #expect(seen["X-User-Email"] == person.email)
        #expect(seen["Cookie"] == nil)
        #expect(try house.browser.run("return document.cookie", in: tab) as? String == "")
        #expect(try house.browser.run("return localStorage.length + sessionStorage.length", in: tab) as? Int == 0)
        #expect(try house.browser.run("return (await auth.me()).email", in: tab) as? String == person.email)
        #expect(try house.browser.run("return (await auth.sessions()).length", in: tab) as? Int == 1)
        let stranger = "return await auth.fetch('http://elsewhere.test/').catch((problem) => problem.name)"
        #expect(try house.browser.run(stranger, in: tab) as? String == "TypeError")
        #expect(
            try house.browser.run(
                "return await auth.login({email: 'x', password: ''}).catch((p) => [p.name, p.code, p.details.email])",
                in: tab) as? [String] == ["Refused", "VALIDATION_FAILED", "is not an email address"])
        try house.browser.run("await auth.logout()", in: tab)
        #expect(try house.browser.run("return (await auth.fetch('/api/x')).status", in: tab) as? Int == 401)
        #expect(
            strings(try house.browser.run("return events", in: tab)) == ["user \(person.email)", "over LOGGED_OUT"])
        try house.end()
    }

    @Test(
        "two tabs whose token was revoked by a change of roles refresh once for all their calls",
        arguments: [("localhost", 0), ("app.test", 1)])
    func once(host: String, slipsMax: Int) throws {
        let house = try House()
        let person = Person()
        let first = try house.tab(host: host)
        try house.signUp(person, in: first)
        let second = try house.tab(host: host)
        #expect(try house.browser.run("return (await auth.start()).email", in: second) as? String == person.email)
        // Web Locks need a secure context, which plain http has on localhost only.
        #expect(
            try house.browser.run("return navigator.locks !== undefined", in: first) as? Bool == (host == "localhost"))
        var count = 0
        for round in 1...5 {
            try house.revokeTokens(of: person, byRole: "role-\(round)", in: first)
            let mark = try house.mark()
            let here = try house.browser.run("return await everywhere(8)", in: second)
            let there = try house.browser.run("return await mine", in: first)
            #expect(here as? [Int] == Array(repeating: 200, count: 8))
            #expect(there as? [Int] == Array(repeating: 200, count: 8))
            let refreshes = try house.refreshes(since: mark)
            #expect((1...2).contains(refreshes.count), "round \(round): \(refreshes)")
            count += refreshes.count
        }
        // Without a lock it would be ten. The lease in localStorage may let a tab slip through now and then.
        #expect(count <= 5 + slipsMax)
        #expect(strings(try house.browser.run("return events", in: first)) == ["user \(person.email)"])
        try house.end()
    }

    @Test("two tabs whose token has expired refresh once, before they ask")
    func expired() throws {
        let house = try House(tokens: ["access 4s"])
        let person = Person()
        let first = try house.tab()
        try house.signUp(person, in: first)
        let second = try house.tab()
        try house.browser.run("await auth.start()", in: second)
        // The clock is what the client goes by.
        try house.browser.run("await new Promise((resolve) => setTimeout(resolve, 2100))", in: second)
        let mark = try house.mark()
        #expect(
            try house.browser.run("return await everywhere(8)", in: second) as? [Int]
                == Array(repeating: 200, count: 8))
        #expect(try house.browser.run("return await mine", in: first) as? [Int] == Array(repeating: 200, count: 8))
        #expect(try house.refreshes(since: mark).count == 1)
        #expect(try !house.log(since: mark).contains { $0.contains("TOKEN_EXPIRED") })
        try house.end()
    }

    @Test("a refresh whose answer is lost on the way is asked again, and the session goes on")
    func lostAnswer() throws {
        let house = try House()
        let person = Person()
        let tab = try house.tab()
        try house.signUp(person, in: tab)
        try house.revokeTokens(of: person, byRole: "other", in: tab)
        try house.browser.run(
            """
            const real = window.fetch;
            let lost = 1;
            window.fetch = async (...all) => {
                const answer = await real(...all);
                if (String(all[0]).endsWith("/refresh") && lost-- > 0) throw new TypeError("the network is gone");
                return answer;
            };
            """, in: tab)
        let mark = try house.mark()
        #expect(try house.browser.run("return await many(4)", in: tab) as? [Int] == [200, 200, 200, 200])
        #expect(try house.refreshes(since: mark).count == 2)
        #expect(strings(try house.browser.run("return events", in: tab)) == ["user \(person.email)"])
        try house.end()
    }

    @Test("every tab is told when the session is over, once, also the one that did not ask")
    func over() throws {
        let house = try House()
        let person = Person()
        let first = try house.tab()
        try house.signUp(person, in: first)
        let second = try house.tab()
        try house.browser.run("await auth.start()", in: second)
        #expect(try house.gateway.command("user", "disable", person.email).ending == .exit(0))
        try until("the call is refused") {
            try house.browser.run("return (await auth.fetch('/api/x')).status", in: first) as? Int == 401
        }
        _ = try house.browser.run("return await many(4)", in: first)
        let told = ["user \(person.email)", "over INVALID_REFRESH_TOKEN"]
        #expect(strings(try house.browser.run("return events", in: first)) == told)
        try until("the other tab is told") { strings(try house.browser.run("return events", in: second)) == told }
        #expect(try house.browser.run("return auth.user", in: second) is NSNull)
        try house.end()
    }

    @Test("a sign-in elsewhere reaches every tab, and what was begun as one is not finished as another")
    func another() throws {
        let house = try House()
        let (one, other) = (Person(), Person())
        let first = try house.tab()
        let second = try house.tab()
        try house.signUp(one, in: first)
        try until("the other tab knows") {
            try house.browser.run("return auth.user?.email", in: second) as? String == one.email
        }
        // The backend keeps the first tab waiting for its 401 until somebody else has signed in in the second one.
        let latch = Latch()
        let refusal = #"{"code":"TOKEN_EXPIRED"}"#
        house.stage.backend.on(
            "/api/slow",
            .after(
                latch,
                .raw(
                    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"gatehouse\"\r\n"
                        + "Content-Length: \(refusal.count)\r\n\r\n\(refusal)")))
        try house.browser.run("window.slow = auth.fetch('/api/slow', {method: 'POST', body: 'mine'})", in: first)
        let mark = house.stage.backend.mark
        try house.signUp(other, in: second)
        try until("the first tab knows") {
            try house.browser.run("return auth.user?.email", in: first) as? String == other.email
        }
        latch.open()
        #expect(try house.browser.run("return (await slow).status", in: first) as? Int == 401)
        #expect(house.stage.backend.requests(since: mark).filter { $0["X-User-Email"] == other.email }.isEmpty)
        try house.end()
    }

    @Test("a backend's own 401 is the backend's: nothing is refreshed")
    func backend() throws {
        let house = try House()
        let tab = try house.tab()
        try house.signUp(Person(), in: tab)
        house.stage.backend.on(
            "/api/own",
            .raw("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"mine\"\r\nContent-Length: 0\r\n\r\n"))
        let mark = try house.mark()
        #expect(try house.browser.run("return (await auth.fetch('/api/own')).status", in: tab) as? Int == 401)
        #expect(try house.refreshes(since: mark).isEmpty)
        try house.end()
    }
}
