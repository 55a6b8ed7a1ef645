import Foundation

/// Somebody with an account, as the browser of one session knows them.
struct Person: Sendable {
    let email: String
    let password: String
    var id = ""
    var access = ""
    var refresh = ""

    /// Long and odd enough for the policy.
    static let goodPassword = "Tr0ub4dor&3 horse staple"

    init(email: String? = nil, password: String = goodPassword) {
        self.email = email ?? "person-\(Counter.next())-\(UUID().uuidString.prefix(8).lowercased())@example.com"
        self.password = password
    }

    /// Takes what a session answer says.
    func holding(_ answer: WireResponse) throws -> Person {
        var person = self
        guard let access = answer.json["accessToken"] as? String,
            let id = (answer.json["user"] as? [String: Any])?["id"] as? String
        else { throw Failure("not a session: \(answer.summary)") }
        person.access = access
        person.id = id
        guard let refresh = answer.cookie("refresh_token")?.value else {
            throw Failure("no refresh cookie: \(answer.fields)")
        }
        person.refresh = refresh
        return person
    }
}

extension WireResponse {
    /// A cookie that this answer sets, with its attributes in lower case.
    func cookie(_ name: String) -> (value: String, attributes: [String])? {
        for line in all("Set-Cookie") {
            let parts = line.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let pair = parts.first, pair.hasPrefix("\(name)=") else { continue }
            return (String(pair.dropFirst(name.count + 1)), parts.dropFirst().map { $0.lowercased() })
        }
        return nil
    }
}

extension Call {
    static func register(_ person: Person) -> Call {
        post("/api/auth/register").json(["email": person.email, "password": person.password, "name": "Test Person"])
    }

    static func login(_ email: String, _ password: String) -> Call {
        post("/api/auth/login").json(["email": email, "password": password])
    }

    static func refresh(_ token: String) -> Call { post("/api/auth/refresh").cookie(token) }

    static func logout(_ token: String) -> Call { post("/api/auth/logout").cookie(token) }
}

extension Gateway {
    /// Makes an account and is signed in with it.
    func register(_ person: Person = Person()) throws -> Person {
        let answer = try send(.register(person))
        guard answer.status == 201 else { throw Failure("register: \(answer.summary)") }
        return try person.holding(answer)
    }

    func login(_ person: Person) throws -> Person {
        let answer = try send(.login(person.email, person.password))
        guard answer.status == 200 else { throw Failure("login: \(answer.summary)") }
        return try person.holding(answer)
    }

    func refresh(_ person: Person) throws -> Person {
        let answer = try send(.refresh(person.refresh))
        guard answer.status == 200 else { throw Failure("refresh: \(answer.summary)") }
        return try person.holding(answer)
    }

    /// Runs a command of the program on this gateway's configuration.
    func command(_ arguments: String..., input: String? = nil) throws -> (
        ending: ChildProcess.Ending, output: String, errors: String
    ) {
        try GatewayBinary.run(arguments + ["-c", "gateway.conf"], in: folder, input: input)
    }

    /// Gives somebody other roles, as an operator does.
    func setRoles(_ roles: [String], of person: Person) throws {
        let ran = try GatewayBinary.run(["user", "roles", person.email] + roles + ["-c", "gateway.conf"], in: folder)
        guard ran.ending == .exit(0) else { throw Failure("user roles: \(ran.ending) \(ran.errors)") }
    }

    /// Repeats a call until it is answered with `status`; answers how many seconds that took, without those in which the
    /// machine had no time (`Pressure`).
    func waitForStatus(_ status: Int, of call: Call, by deadline: Deadline = .soon) throws -> Double {
        let (start, stalled) = (ContinuousClock.now, Pressure.stalledSeconds)
        try until("\(call.target) is \(status)", by: deadline) { try send(call).status == status }
        return max(0, start.duration(to: .now) / .seconds(1) - (Pressure.stalledSeconds - stalled))
    }
}
