import Foundation
import Testing

/// a connection to PostgreSQL is lost just before a COMMIT, or between the COMMIT and its answer. The gateway cannot know
/// which, so it says 503 each time; what the database then holds is all or nothing, and whoever asks again finds out.
@Suite("X-12: a commit that is not heard of", .serialized)
struct LostCommitTests {
    private static let new = "An0ther&password staple"

    /// One gateway on a database behind a relay, and one that sees the database as it is.
    private struct Scene {
        let cluster: Cluster
        let relay: DatabaseRelay
        var gateway: Gateway { cluster.last }

        init() throws {
            cluster = try Cluster(1, relayed: true)
            relay = try #require(cluster.relay)
        }

        /// Sends a call whose transaction runs `sql` and has its commit cut: it is never answered as done.
        func lose(_ moment: DatabaseRelay.Moment, commitOf sql: String, _ call: Call) throws {
            relay.set(.cut(moment, commitOf: sql))
            let answer = try gateway.send(call)
            #expect(answer.status == 503 && answer.code == "STORE_UNAVAILABLE", "\(call.target): \(answer.summary)")
            #expect(answer["Retry-After"] != nil)
            #expect(answer.all("Set-Cookie").isEmpty && answer.json["accessToken"] == nil)
            #expect(relay.hasCut, "\(call.target) commits no transaction with: \(sql)")
        }

        func count(_ what: String) throws -> Int {
            Int(try cluster.query("SELECT count(*) FROM \(what)").first ?? "") ?? -1
        }
    }

    @Test("register: all or nothing; the retry says that the email is taken, or makes the account", arguments: moments)
    func register(moment: DatabaseRelay.Moment) throws {
        let scene = try Scene()
        let person = Person()
        try scene.lose(moment, commitOf: "INSERT INTO users", .register(person))
        let done = moment == .after ? 1 : 0
        for table in ["users", "user_roles", "sessions", "refresh_tokens", "audit_events"] {
            #expect(try scene.count(table) == done, "\(table)")
        }
        let again = try scene.gateway.send(.register(person))
        #expect(moment == .after ? again.code == "EMAIL_TAKEN" : again.status == 201, "\(again.summary)")
        #expect(try scene.count("users") == 1)
        _ = try scene.gateway.login(person)
        try scene.cluster.stop()
    }

    @Test("login: a session that nobody has, or none; the retry signs in", arguments: moments)
    func login(moment: DatabaseRelay.Moment) throws {
        let scene = try Scene()
        let person = try scene.gateway.register()
        try scene.lose(moment, commitOf: "INSERT INTO sessions", .login(person.email, person.password))
        let done = moment == .after ? 1 : 0
        for table in ["sessions", "refresh_tokens", "access_tokens"] {
            #expect(try scene.count(table) == 1 + done, "\(table)")
        }
        #expect(try scene.count("audit_events WHERE kind = 'login'") == done)
        _ = try scene.gateway.login(person)
        #expect(try scene.count("sessions") == 2 + done)
        try scene.cluster.stop()
    }

    @Test("refresh: the retried one works, within the grace with the successor that was made", arguments: moments)
    func refresh(moment: DatabaseRelay.Moment) throws {
        let scene = try Scene()
        var person = try scene.gateway.register()
        for round in 1...5 {
            try scene.lose(moment, commitOf: "successor_hash", .refresh(person.refresh))
            let made = round + (moment == .after ? 1 : 0)
            #expect(try scene.count("refresh_tokens") == made)
            let next = try scene.gateway.refresh(person)
            #expect(next.refresh != person.refresh)
            #expect(try scene.count("refresh_tokens") == round + 1, "the retry got what there was, or made it")
            #expect(try scene.count("refresh_tokens WHERE spent_at IS NULL") == 1, "one head")
            #expect(try scene.gateway.send(.get("/api/x").bearer(next.access)).status == 200)
            person = next
        }
        try scene.cluster.stop()
    }

    @Test("logout: the cookie stays, the token stops here, and the retry ends what is left", arguments: moments)
    func logout(moment: DatabaseRelay.Moment) throws {
        let scene = try Scene()
        for target in ["/api/auth/logout", "/api/auth/logout-all"] {
            let person = try scene.gateway.register()
            let call = Call.post(target).cookie(person.refresh).bearer(person.access)
            try scene.lose(moment, commitOf: "UPDATE sessions SET ended_at", call)
            let ended = "sessions WHERE user_id = '\(person.id)' AND ended_at IS NOT NULL"
            #expect(try scene.count(ended) == (moment == .after ? 1 : 0))
            #expect(try scene.count("revocations") == scene.count("sessions WHERE ended_at IS NOT NULL"))
            #expect(try scene.gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
            #expect(try scene.gateway.send(.logout(person.refresh)).status == 200)
            #expect(try scene.count(ended) == 1)
            #expect(try scene.gateway.send(.refresh(person.refresh)).status == 401)
        }
        try scene.cluster.stop()
    }

    @Test("password change: one of the two passwords is good, never both, never none", arguments: moments)
    func passwordChange(moment: DatabaseRelay.Moment) throws {
        let scene = try Scene()
        let person = try scene.gateway.register()
        let other = try scene.gateway.login(person)
        let change = Call.post("/api/auth/password/change").bearer(person.access)
            .json(["currentPassword": person.password, "newPassword": Self.new])
        try scene.lose(moment, commitOf: "UPDATE users SET password_hash", change)
        let isDone = moment == .after
        let (old, new) = (Call.login(person.email, person.password), Call.login(person.email, Self.new))
        #expect(try scene.gateway.send(isDone ? old : new).code == "INVALID_CREDENTIALS")
        #expect(try scene.gateway.send(isDone ? new : old).status == 200)
        #expect(try scene.gateway.send(.refresh(other.refresh)).status == (isDone ? 401 : 200))
        #expect(try scene.gateway.waitForStatus(isDone ? 401 : 200, of: .get("/api/x").bearer(other.access)) < 1)
        let again = try scene.gateway.send(change)
        #expect(again.status == (isDone ? 400 : 200), "\(again.summary)")
        #expect(try scene.gateway.send(old).code == "INVALID_CREDENTIALS")
        #expect(try scene.gateway.send(new).status == 200)
        #expect(try scene.gateway.send(.get("/api/x").bearer(person.access)).status == 200, "this session goes on")
        try scene.cluster.stop()
    }

    private static let moments = DatabaseRelay.Moment.allCases
}
