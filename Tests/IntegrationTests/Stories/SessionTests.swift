import Foundation
import Testing

/// What a signed-in person does with their sessions and their password.
@Suite("Sessions and passwords", .serialized, .standardStage)
struct SessionTests {
    private func sessions(_ person: Person) throws -> [[String: Any]] {
        let answer = try Stage.current.gateway.send(.get("/api/auth/sessions").bearer(person.access))
        guard answer.status == 200 else { throw Failure(answer.summary) }
        return answer.json["sessions"] as? [[String: Any]] ?? []
    }

    private func ends(_ person: Person) throws -> Bool {
        let gateway = try Stage.current.gateway
        let isOut = try gateway.send(.get("/api/x").bearer(person.access)).status == 401
        let cannotRefresh = try gateway.send(.refresh(person.refresh)).status == 401
        return isOut && cannotRefresh
    }

    @Test("the list names every session, where it came from, and which one asks")
    func list() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let second = try person.holding(
            gateway.send(Call.login(person.email, person.password).with("User-Agent: Test/1.0 (\"quoted\")")))
        let listed = try sessions(second)
        #expect(listed.count == 2)
        for session in listed {
            #expect(Set(session.keys) == ["id", "createdAt", "lastUsedAt", "expiresAt", "ip", "userAgent", "current"])
            #expect(session["ip"] as? String == "127.0.0.1")
        }
        let current = listed.filter { $0["current"] as? Bool == true }
        #expect(current.count == 1)
        #expect(current.first?["userAgent"] as? String == "Test/1.0 (\"quoted\")")
        #expect(try sessions(gateway.register()).count == 1, "nobody sees another's")
    }

    @Test("a session can be ended from another one, at once; a stranger's, or none, is 404")
    func delete() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let other = try gateway.login(person)
        let stranger = try gateway.register()
        let listed = try sessions(other)
        let id = try #require(listed.first { $0["current"] as? Bool == false }?["id"] as? String)
        for (who, target) in [
            (stranger, id), (other, UUID().uuidString.lowercased()), (other, "x"), (other, "%00"), (other, "../me"),
        ] {
            let answer = try gateway.send(Call("DELETE", "/api/auth/sessions/\(target)").bearer(who.access))
            #expect(answer.status == 404 || answer.status == 400, "\(target): \(answer.summary)")
        }
        #expect(try gateway.send(Call("DELETE", "/api/auth/sessions/\(id)")).status == 401)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        let answer = try gateway.send(Call("DELETE", "/api/auth/sessions/\(id)").bearer(other.access))
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(try ends(person))
        #expect(try gateway.send(.get("/api/x").bearer(other.access)).status == 200)
        #expect(try sessions(other).count == 1)
    }

    @Test("logout-all ends every session and says how many")
    func logoutAll() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let others = try (1...3).map { _ in try gateway.login(person) }
        let stranger = try gateway.register()
        #expect(try gateway.send(.post("/api/auth/logout-all")).status == 401)
        let answer = try gateway.send(.post("/api/auth/logout-all").bearer(person.access))
        #expect(answer.status == 200)
        #expect(answer.json["revoked"] as? Int == 4)
        for one in others + [person] { #expect(try ends(one)) }
        #expect(try gateway.send(.get("/api/x").bearer(stranger.access)).status == 200)
    }

    @Test("L-26 a password change needs the old one, ends the other sessions, and leaves this one")
    func passwordChange() throws {
        let gateway = try Stage.current.gateway
        let person = try gateway.register()
        let other = try gateway.login(person)
        let new = "An0ther&password staple"
        func change(_ current: String, _ new: String) -> Call {
            Call.post("/api/auth/password/change").json(["currentPassword": current, "newPassword": new])
        }
        #expect(try gateway.send(change(person.password, new)).status == 401)
        for (current, next, field) in [
            ("wr0ng&password staple", new, "currentPassword"), (person.password, "password", "newPassword"),
            (person.password, person.email, "newPassword"),
            (person.password, String(repeating: "aB3$", count: 19), "newPassword"),
            (person.password, "", "newPassword"),
        ] {
            let answer = try gateway.send(change(current, next).bearer(person.access))
            #expect(answer.status == 400, "\(answer.summary)")
            #expect((answer.json["details"] as? [String: Any])?[field] is String, "\(answer.summary)")
        }
        #expect(try gateway.send(.get("/api/x").bearer(other.access)).status == 200, "nothing has changed yet")
        #expect(try gateway.send(change(person.password, new).bearer(person.access)).status == 200)
        #expect(try ends(other))
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try gateway.send(.refresh(person.refresh)).status == 200)
        #expect(try gateway.send(.login(person.email, person.password)).status == 401)
        _ = try gateway.login(Person(email: person.email, password: new))
    }

    @Test("logging in with a cookie of an older session ends that session")
    func loginReplaces() throws {
        let gateway = try Stage.current.gateway
        let first = try gateway.register()
        let second = try first.holding(gateway.send(Call.login(first.email, first.password).cookie(first.refresh)))
        #expect(try ends(first))
        #expect(try gateway.send(.get("/api/x").bearer(second.access)).status == 200)
    }

    @Test("the oldest session ends when there are more than max-sessions")
    func maxSessions() throws {
        let stage = try Stage { Configuration.standard($0).with(tokens: "max-sessions 3") }
        let gateway = stage.gateway
        let person = try gateway.register()
        let others = try (1...3).map { _ in try gateway.login(person) }
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 401)
        #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        for other in others { #expect(try gateway.send(.get("/api/x").bearer(other.access)).status == 200) }
        try stage.end()
    }

    @Test("without grace the second use of a token ends the session; within it, it gives the same successor")
    func grace() throws {
        let strict = try Stage { Configuration.standard($0).with(tokens: "refresh-grace 0s") }
        let person = try strict.gateway.register()
        let next = try strict.gateway.refresh(person)
        #expect(try strict.gateway.send(.refresh(person.refresh)).code == "REFRESH_TOKEN_REUSED")
        #expect(try strict.gateway.send(.refresh(next.refresh)).status == 401)
        try strict.end()

        // The same successor, also from a gateway that was started again in between.
        let lenient = try Stage { .standard($0) }
        let other = try lenient.gateway.register()
        let first = try lenient.gateway.refresh(other)
        try lenient.gateway.kill()
        let again = try Gateway(lenient.gateway.configuration, in: lenient.gateway.folder)
        #expect(try again.refresh(other).refresh == first.refresh)
        try again.stop()
        lenient.backend.stop()
    }
}
