import Foundation
import Testing

/// Guessing, as a client and a proxy see it, on both databases.
@Suite("Guessing at accounts", .serialized)
struct GuessingTests {
    private static let wrong = "Wr0ng&password staple"

    private static func stage(_ database: Database, _ login: String, trusted: Bool = true) throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            configuration.limits = ["login \(login)", "register off", "refresh off"]
            if trusted { configuration.lines.append("trusted-proxies 127.0.0.1") }
            return configuration
        }
    }

    private static func login(_ email: String, _ password: String, from address: String) -> Call {
        .login(email, password).with("X-Forwarded-For: \(address)")
    }

    @Test(
        "strangers use up the account's budget from many addresses; the owner still gets in, at home and with a cookie",
        arguments: Database.allCases)
    func owner(database: Database) throws {
        let stage = try Self.stage(database, "2 per 15m")
        let gateway = stage.gateway
        let home = "203.0.113.5"
        let owner = Person()
        let registered = try owner.holding(gateway.send(.register(owner).with("X-Forwarded-For: \(home)")))
        for number in 1...20 {
            let answer = try gateway.send(Self.login(owner.email, Self.wrong, from: "198.51.100.\(number)"))
            #expect(answer.status == 401)
        }
        let stranger = try gateway.send(Self.login(owner.email, owner.password, from: "198.51.100.99"))
        #expect(stranger.status == 429 && stranger.code == "TOO_MANY_ATTEMPTS")
        #expect(stranger["RateLimit-Policy"] == "\"login-account\";q=20;w=900")
        #expect(stranger["RateLimit"]?.hasPrefix("\"login-account\";r=0;t=") == true)
        #expect(try gateway.send(Self.login(owner.email, owner.password, from: home)).status == 200)
        let away = Self.login(owner.email, owner.password, from: "198.51.100.99").cookie(registered.refresh)
        #expect(try gateway.send(away).status == 200)
        // The proxy's word counts only because it is trusted, and an address of its own invention is not looked at.
        let forged = Self.login(owner.email, owner.password, from: "\(home), 198.51.100.77")
        #expect(try gateway.send(forged).status == 429)
        try stage.end()
    }

    @Test("the fields say what is left; a lock grows while somebody goes on; two gateways count together")
    func fields() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        var configuration = Configuration.standard(backend)
        configuration.database = try Database.postgres.directive()
        configuration.limits = ["login 3 per 15m", "register off", "refresh off"]
        let pair = [try Gateway(configuration), try Gateway(configuration)]
        var waits: [Int] = []
        for number in 0..<8 {
            let answer = try pair[number % 2].send(.login("nobody@example.com", Self.wrong))
            #expect(answer["RateLimit-Policy"] == "\"login\";q=3;w=900")
            if number < 3 {
                #expect(answer.status == 401)
                #expect(answer["RateLimit"]?.hasPrefix("\"login\";r=\(2 - number);t=") == true)
                #expect(answer["Retry-After"] == nil)
            } else {
                #expect(answer.status == 429)
                waits.append(try #require(Int(answer["Retry-After"] ?? "")))
                #expect(answer["RateLimit"] == "\"login\";r=0;t=\(waits.last ?? 0)")
            }
        }
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 < $1 }, "\(waits)")
        for gateway in pair { try gateway.stop() }
    }

    @Test("forty wrong passwords at once are no more than ten guesses", arguments: Database.allCases)
    func atOnce(database: Database) throws {
        let stage = try Self.stage(database, "10 per 15m")
        let person = try stage.gateway.register()
        let statuses = try together(40) { _ in
            try stage.gateway.send(.login(person.email, Self.wrong), by: .seconds(40)).status
        }
        #expect(statuses.count { $0 == 401 } == 10, "\(statuses)")
        #expect(statuses.count { $0 == 429 } == 30, "\(statuses)")
        try stage.end()
    }

    @Test("a private peer that names clients without being trusted is said once, and not believed")
    func untrustedProxy() throws {
        let stage = try Self.stage(.sqlite, "2 per 15m", trusted: false)
        var statuses: [Int] = []
        for number in 1...4 {
            let call = Self.login("nobody@example.com", Self.wrong, from: "198.51.100.\(number)")
            statuses.append(try stage.gateway.send(call).status)
        }
        #expect(statuses == [401, 401, 429, 429])
        let lines = stage.gateway.errors.all.filter { $0.contains("trusted-proxies 127.0.0.1") }
        #expect(lines.count == 1, "\(stage.gateway.errors.text)")
        try stage.end()
    }
}
