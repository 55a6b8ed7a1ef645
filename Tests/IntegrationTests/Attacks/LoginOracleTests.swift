import Foundation
import Testing

/// What logins tell about accounts, and what limits guessing.
@Suite("L: what logins give away", .serialized)
struct LoginOracleTests {
    @Test("L-14 an unknown email, a wrong password and a disabled account are answered alike, in the same time")
    func oracle() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.bcryptCost = 9
            return configuration
        }
        let gateway = stage.gateway
        let known = try gateway.register()
        let disabled = try gateway.register()
        #expect(try gateway.command("user", "disable", disabled.email).ending == .exit(0))

        func attempt(_ email: String) throws -> (seconds: Double, answer: WireResponse) {
            let start = ContinuousClock.now
            let answer = try gateway.send(.login(email, "Wr0ng&password staple"))
            return (start.duration(to: .now) / .seconds(1), answer)
        }
        func shape(_ answer: WireResponse) -> [String] {
            ["\(answer.status)", answer.code ?? "", answer.json["error"] as? String ?? ""]
                + answer.fields.map(\.name).sorted()
        }
        var times: [String: [Double]] = [:]
        var shapes: Set<[String]> = []
        for round in 0..<40 {
            for (who, email) in [
                ("known", known.email), ("unknown", "nobody-\(round)@example.com"), ("disabled", disabled.email),
            ] {
                let (seconds, answer) = try attempt(email)
                times[who, default: []].append(seconds)
                shapes.insert(shape(answer))
                #expect(answer.code == "INVALID_CREDENTIALS")
            }
        }
        #expect(shapes.count == 1, "\(shapes)")
        // The lower quartile, not the median: other tests share the processors, and can only add to a time.
        let typical = times.mapValues { $0.sorted()[$0.count / 4] }
        // Wide enough for a busy machine; a hash too few or too many is a factor of two. `Tests/Long/run Guessing` measures.
        #expect(typical.values.max()! / typical.values.min()! < 1.6, "\(typical)")
        try stage.end()
    }

    @Test("L-18 guessing at one account runs into 429 with Retry-After, and others can still log in")
    func guessing() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.limits = ["login 3 per 15m", "register off", "refresh off"]
            return configuration
        }
        let gateway = stage.gateway
        let victim = try gateway.register()
        let other = try gateway.register()
        var statuses: [Int] = []
        for _ in 1...6 { statuses.append(try gateway.send(.login(victim.email, "Wr0ng&password staple")).status) }
        #expect(statuses == [401, 401, 401, 429, 429, 429])
        let locked = try gateway.send(.login(victim.email.uppercased(), victim.password))
        #expect(locked.status == 429, "the right password does not tell itself from a wrong one")
        #expect(locked.code == "TOO_MANY_ATTEMPTS")
        #expect(try #require(Int(locked["Retry-After"] ?? "")) > 0)
        _ = try gateway.login(other)
        #expect(try gateway.refresh(victim).access != victim.access, "sessions that exist go on")
        // Unknown accounts are limited alike: the limit tells nothing.
        let unknown = (1...4).map { _ in try? gateway.send(.login("nobody@example.com", "Wr0ng&password staple")).status
        }
        #expect(unknown == [401, 401, 401, 429])
        try stage.end()
    }

    @Test("registrations and refreshes are limited per address")
    func otherLimits() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.limits = ["login off", "register 2 per 1h", "refresh 3 per 1h"]
            return configuration
        }
        let gateway = stage.gateway
        var person = try gateway.register()
        _ = try gateway.register()
        let third = try gateway.send(.register(Person()))
        #expect(third.status == 429)
        #expect(third["Retry-After"] != nil)
        for _ in 1...3 { person = try gateway.refresh(person) }
        let refused = try gateway.send(.refresh(person.refresh))
        #expect(refused.status == 429)
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        try stage.end()
    }

    @Test("closed registration is 403, and is the default")
    func closed() throws {
        for closing in ["registration closed", ""] {
            let stage = try Stage { backend in
                var configuration = Configuration.standard(backend)
                configuration.registration = nil
                configuration.lines.append(closing)
                return configuration
            }
            let answer = try stage.gateway.send(.register(Person()))
            #expect(answer.status == 403)
            #expect(answer.code == "REGISTRATION_CLOSED")
            try stage.end()
        }
    }

    @Test("a login flood is refused at once when the queue is full, and the gate goes on")
    func flood() throws {
        let stage = try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.bcryptCost = 9
            return configuration
        }
        let gateway = stage.gateway
        let person = try gateway.register()
        let gate = Latch()
        let proxied = Box<[Int]>([])
        Thread.detachNewThread {
            gate.wait()
            for _ in 1...20 {
                let status = try? gateway.send(.get("/api/x").bearer(person.access)).status
                proxied.change { $0.append(status ?? 0) }
            }
        }
        let answers = try together(100) { number -> Flood.Answer in
            if number == 0 { gate.open() }
            let start = ContinuousClock.now
            let answer = try gateway.send(.login("flood@example.com", "Wr0ng&password staple"), by: .seconds(40))
            return Flood.Answer(status: answer.status, milliseconds: start.duration(to: .now) / .milliseconds(1))
        }
        #expect(Set(answers.map(\.status)).isSubset(of: [401, 429, 503]), "\(Set(answers.map(\.status)))")
        let refused = answers.filter { $0.status != 401 }.map(\.milliseconds).sorted()
        let hashed = answers.filter { $0.status == 401 }.map(\.milliseconds).sorted()
        // Figures are for `Tests/Long/run Guessing`; here it is enough that who is refused does not wait in line.
        try #require(!refused.isEmpty, "a hundred at once are more than the queue holds")
        #expect(refused[refused.count / 2] < hashed[hashed.count / 2])
        _ = try proxied.wait(for: "the proxied requests", by: .seconds(40)) { $0.count == 20 }
        #expect(proxied.change { $0 } == Array(repeating: 200, count: 20))
        try stage.end()
    }
}
