import Config
import Policy
import Reasons
import Testing

@Suite("Rules that are tried")
struct ShadowRulesTests {
    private func rules(_ lines: String) throws -> ShadowRules {
        let (configuration, table, problems) = read(lines)
        var found = problems
        let shadow = ShadowRules(configuration, beside: table, problems: &found)
        try #require(found.isEmpty, "\(found.report())")
        return try #require(shadow)
    }

    /// What the tried rule answers; nil when a rule that is in force decides.
    private func status(_ rules: ShadowRules, _ method: String, _ path: String, roles: [String]?) -> UInt16? {
        var question = Question(method: method, path: path)
        question.roles = roles
        let answer = rules.table.answer(to: question)
        return answer.route.flatMap { rules.number(of: $0) }.map { _ in answer.status }
    }

    @Test("one for the same requests as a route takes its place, and only for those")
    func replaces() throws {
        let rules = try rules(
            """
            route /a/* user -> web
            route DELETE /a/* role admin -> web
            shadow /a/* role editor -> web
            """)
        #expect(status(rules, "GET", "/a/x", roles: ["user"]) == 403)
        #expect(status(rules, "GET", "/a/x", roles: ["editor"]) == 200)
        #expect(status(rules, "GET", "/a/x", roles: nil) == 401)
        #expect(status(rules, "DELETE", "/a/x", roles: ["editor"]) == nil)
        #expect(status(rules, "GET", "/b", roles: nil) == nil)
    }

    @Test("a narrower one decides about its part, a wider one about what no route covers")
    func beside() throws {
        let rules = try rules(
            """
            route /a/* user -> web
            shadow GET /a/b/* role editor -> web
            shadow /* public -> web
            """)
        #expect(status(rules, "GET", "/a/b/c", roles: []) == 403)
        #expect(status(rules, "POST", "/a/b/c", roles: []) == nil)
        #expect(status(rules, "GET", "/a/c", roles: []) == nil)
        #expect(status(rules, "GET", "/z", roles: nil) == 200)
        #expect(rules.routes.map(\.name) == ["GET /a/b/*", "/*"])
    }

    @Test("two for the same requests, an unknown upstream and a twin are reported at the line, and nothing twice")
    func mistakes() {
        let (configuration, table, problems) = read(
            """
            route /a role usr -> web
            route /a role usr -> web
            """)
        var found = problems
        #expect(ShadowRules(configuration, beside: table, problems: &found) == nil)
        #expect(found.all.count == problems.all.count)

        for line in ["shadow /b -> nowhere", "shadow /b -> web\nshadow /b role x -> web", "shadow /A/* public -> web"] {
            let (configuration, table, problems) = read("route /a/* -> web\n\(line)")
            #expect(problems.isEmpty, "\(problems.report())")
            var found = problems
            _ = ShadowRules(configuration, beside: table, problems: &found)
            #expect(found.hasErrors, "\(line)")
        }
    }
}
