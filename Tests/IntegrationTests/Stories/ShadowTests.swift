import Foundation
import Testing

@Suite("Shadow rules")
struct ShadowTests {
    private func report(_ stage: Stage) throws -> [[String: Any]] {
        let ran = try ask(stage, "--json")
        #expect(ran.ending == .exit(0), "\(ran.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
        return object?["shadows"] as? [[String: Any]] ?? []
    }

    private func ask(_ stage: Stage, _ arguments: String...) throws -> (
        ending: ChildProcess.Ending, output: String, errors: String
    ) {
        // The command looks for the port, which the system chose here.
        try stage.gateway.folder.write("where.conf", "admin \(try #require(stage.gateway.admin))\n")
        return try GatewayBinary.run(
            ["shadow", "report", "-c", "where.conf"] + arguments, in: stage.gateway.folder)
    }

    private func counts(_ shadow: [String: Any]) -> [Int] {
        ["same", "refuse", "allow", "other"].map { shadow[$0] as? Int ?? -1 }
    }

    @Test("what a tried rule would do otherwise is counted and logged, and nothing of it is done")
    func story() throws {
        let stage = try Stage { backend in
            Configuration.standard(backend).with(
                "shadow /api/* role admin -> backend", "shadow /admin/* public -> backend",
                "shadow /nowhere user -> backend", "shadow /public/x user header X-Plan is pro -> backend")
        }
        let person = try stage.gateway.register()
        func status(_ call: Call) throws -> Int { try stage.gateway.send(call).status }
        #expect(try status(.get("/api/x").bearer(person.access)) == 200)
        #expect(try status(.get("/api/x")) == 401)
        #expect(try status(.get("/admin/x").bearer(person.access)) == 403)
        #expect(try status(.get("/nowhere").bearer(person.access)) == 404)
        #expect(try status(.get("/nowhere")) == 404)
        #expect(try status(.get("/public/x").bearer(person.access).with("X-Plan: pro")) == 200)
        #expect(try status(.get("/public/x")) == 200)
        #expect(try status(.get("/api/x").bearer("junk")) == 401)
        #expect(try status(.get("/api//x")) == 400)
        #expect(try status(.get("/api/auth/me").bearer(person.access)) == 200)

        let lines = try report(stage)
        #expect(lines.map { $0["route"] as? String } == ["/api/*", "/admin/*", "/nowhere", "/public/x"])
        #expect(lines.map(counts) == [[2, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1], [1, 1, 0, 0]])
        let admin = try #require(stage.gateway.admin)
        let page = try stage.gateway.send(.get("/metrics"), to: admin).body.text
        #expect(
            page.contains(
                #"gatehouse_shadow_requests_total{route="/api/*",rule="role admin",outcome="refuse"} 1"#), "\(page)")

        func logged() -> [String] {
            stage.gateway.accessLog.all.filter { $0.contains("\"path\"") && !$0.contains("/register") }
        }
        try until("the log is written") { logged().count == 10 }
        let shadows = logged().map { line in line.firstMatch(of: #/"shadow":(\{.*?\})/#).map { String($0.1) } }
        #expect(shadows[0] == #"{"route":"/api/*","code":"FORBIDDEN"}"#)
        #expect(shadows[1] == nil)
        #expect(shadows[2] == #"{"route":"/admin/*","code":null}"#)
        #expect(shadows[3] == #"{"route":"/nowhere","code":null}"#)
        #expect(shadows[4] == #"{"route":"/nowhere","code":"TOKEN_MISSING"}"#)
        #expect(shadows[5...].compactMap { $0 } == [#"{"route":"/public/x","code":"TOKEN_MISSING"}"#])

        let explained = try stage.gateway.command("explain", "GET", "/api/x")
        #expect(explained.output.contains("403 FORBIDDEN, by the shadow rule role admin"), "\(explained.output)")
        let table = try ask(stage)
        #expect(table.output.contains("/api/* role admin  (gateway.conf:"), "\(table.output)")
        try stage.end()
    }
}
