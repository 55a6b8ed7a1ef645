import Foundation
import Testing

@testable import Crypto

@Suite("Long: guessing", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongGuessingTests {
    /// Accounts by what stands for their hash.
    private static let settings = [
        ("bcrypt as configured", "$2b$06$abcdefghijklmnopqrstuu"), ("cheaper bcrypt", "$2a$05$abcdefghijklmnopqrstuu"),
        ("dearer bcrypt", "$2b$07$abcdefghijklmnopqrstuu"), ("SHA-512", "$6$rounds=2000$abcdefghijklmnop"),
        ("yescrypt", "$y$j6T$abcdefghijklmnop"),
    ]

    @Test(
        "an unknown email takes as long as a wrong password, whatever the hash: medians within 5 %",
        arguments: Database.allCases)
    func oracle(database: Database) throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.bcryptCost = 6
            configuration.database = try database.directive()
            return configuration
        }
        let gateway = stage.gateway
        var emails: [(who: String, email: String)] = [("disabled", try gateway.register().email)]
        #expect(try gateway.command("user", "disable", emails[0].email).ending == .exit(0))
        for (who, setting) in Self.settings {
            let person = try gateway.register()
            emails.append((who, person.email))
            let made = PasswordHash.crypt(Array(person.password.utf8).span, setting)
            let hash = try #require(made)
            let kind = setting.prefix(setting.count - setting.reversed().prefix { $0 != "$" }.count)
            try SQL.run(
                "UPDATE users SET password_hash = '\(hash)' WHERE email = '\(person.email)'; "
                    + "INSERT INTO password_kinds VALUES ('\(kind)') ON CONFLICT DO NOTHING", on: gateway)
        }
        var times: [String: [Double]] = [:]
        for round in 0..<Long.count(1000) {
            // In another order each round, so that nobody always comes behind the same one.
            for (who, email) in (emails + [("unknown", "nobody-\(round)@example.com")]).shuffled() {
                let start = ContinuousClock.now
                let answer = try gateway.send(.login(email, "Wr0ng&password staple"))
                times[who, default: []].append(start.duration(to: .now) / .milliseconds(1))
                guard answer.code == "INVALID_CREDENTIALS" else { throw Failure("\(who): \(answer.summary)") }
            }
        }
        let medians = times.mapValues { $0.sorted()[$0.count / 2] }
        let unknown = try #require(medians["unknown"])
        for (who, median) in medians.sorted(by: { $0.value < $1.value }) {
            Long.say(
                "\(database), \(times[who]?.count ?? 0) × \(who): median \(String(format: "%.2f", median)) ms, "
                    + String(format: "%+.1f %%", (median / unknown - 1) * 100))
            #expect(abs(median / unknown - 1) < 0.05, "\(medians)")
        }
        try stage.end()
    }

    @Test("logins at four times what bcrypt can do: the gate's p99 within 1.5 times, surplus refused in 100 ms")
    func flood() throws {
        let nginx = try NginxBackend()
        defer { nginx.stop() }
        var configuration = Configuration("upstream web { server \(nginx.address) }", "route /api/* user -> web")
        configuration.bcryptCost = 12
        configuration.workers = 2
        configuration.accessLog = "access.log"
        let gateway = try Gateway(configuration)
        let seconds = min(Long.count(15), 60)
        var ratios: [Double] = []
        for round in 1...3 {
            let quiet = try Traffic.measure(gateway, seconds: seconds)
            let flood = Flood(gateway, perSecond: 16)
            try until("the queue is full", by: .seconds(60)) { flood.answers.contains { $0.status == 503 } }
            let before = flood.answers.count
            let busy = try Traffic.measure(gateway, seconds: seconds)
            let answers = flood.answers.dropFirst(before)
            try flood.stop()
            let refused = answers.filter { $0.status != 401 }.map(\.milliseconds).sorted()
            ratios.append(busy.p99 / quiet.p99)
            Long.say(
                "round \(round): p50 \(quiet.p50) ms, p99 \(quiet.p99) ms; under \(answers.count) logins in \(seconds) s: "
                    + "p50 \(busy.p50) ms, p99 \(busy.p99) ms; \(refused.count) refused, slowest after "
                    + "\(refused.last ?? 0) ms")
            #expect((refused.last ?? 0) < 100)
            #expect(Set(answers.map(\.status)).isSubset(of: [401, 429, 503]))
        }
        #expect(ratios.sorted()[1] < 1.5, "\(ratios)")
        try gateway.stop()
    }
}
