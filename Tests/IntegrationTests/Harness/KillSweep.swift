import Foundation

/// A gateway that is killed at every step of what it does, one step after the other, and started again behind each kill.
final class KillSweep {
    /// What it was doing.
    enum Story: CaseIterable, Sendable {
        case refresh
        case logout
        /// Both at once, with one refresh token.
        case refreshAgainstLogout
    }

    private let ground: any KillingGround
    private let configuration: Configuration
    private var gateway: Gateway
    /// How often it was killed.
    private(set) var kills = 0

    init(_ database: Database, _ backend: RecordingBackend) throws {
        ground = try database.killingGround()
        configuration = ground.configure(.standard(backend))
        gateway = try Gateway(configuration)
    }

    func stop() throws {
        try gateway.stop()
        ground.stop()
    }

    /// Kills at the first steps, and at every `stride`th after them, until there are no more.
    ///
    /// - Returns: the words of the steps.
    @discardableResult
    func play(_ story: Story, stride: Int = 1) throws -> [String] {
        var (words, step) = ([String](), 1)
        while let reached = try play(story, at: step) {
            words.append(reached)
            step += step < 4 ? 1 : stride
            guard step < 200 else { throw Failure("no end of steps: \(words)") }
        }
        return words
    }

    /// Kills right behind an answer that has come.
    func playBehindAnswer() throws {
        let person = try gateway.register()
        let answer = try gateway.send(.refresh(person.refresh))
        try gateway.kill()
        try restart()
        try check(person, .refresh, [answer])
    }

    /// - Returns: the words of the step; nil when there is none of this number.
    private func play(_ story: Story, at step: Int) throws -> String? {
        let (gateway, person) = (gateway, try gateway.register())
        let calls: [Call] =
            switch story {
            case .refresh: [.refresh(person.refresh)]
            case .logout: [.logout(person.refresh)]
            case .refreshAgainstLogout: [.refresh(person.refresh), .logout(person.refresh)]
            }
        var answers: [WireResponse?] = []
        let reached = try ground.kill(gateway, at: step) {
            answers = try together(calls.count) { number in try? gateway.send(calls[number]) }
            return !answers.contains { $0 == nil }
        }
        if reached != nil { try restart() }
        do {
            try check(person, story, answers)
        } catch {
            throw Failure("\(story), killed \(reached ?? "never"): \(error)")
        }
        return reached
    }

    private func restart() throws {
        kills += 1
        gateway = try Gateway(configuration, in: gateway.folder)
    }

    // MARK: What must hold

    private func check(_ person: Person, _ story: Story, _ answers: [WireResponse?]) throws {
        try checkWhole(person)
        switch story {
        case .refresh: try checkAlive(person, answers[0])
        case .logout: try checkEnded(person, answers[0], [person])
        case .refreshAgainstLogout:
            let got = try answers[0].flatMap { $0.status == 200 ? try person.holding($0) : nil }
            try checkEnded(person, answers[1], [person] + (got.map { [$0] } ?? []))
        }
    }

    /// Whatever was committed was committed whole: one live token in a session, none in one that has ended beyond those it
    /// ended with, and a revocation for each that has.
    private func checkWhole(_ person: Person) throws {
        let found = try ground.query(
            """
            SELECT CASE WHEN s.ended_at IS NULL THEN 'alive' ELSE 'ended' END,
                (SELECT count(*) FROM refresh_tokens t WHERE t.session_id = s.id AND t.spent_at IS NULL),
                (SELECT count(*) FROM revocations r WHERE r.value = s.id)
            FROM sessions s WHERE s.user_id = '\(person.id)'
            """, of: gateway)
        guard found == ["alive|1|0"] || found == ["ended|1|1"] else { throw Failure("half done: \(found)") }
    }

    /// The retry gets what was answered, if it was; nobody is logged out; and no spent token lives again.
    private func checkAlive(_ person: Person, _ answer: WireResponse?) throws {
        let retried = try gateway.refresh(person)
        if let answer, try person.holding(answer).refresh != retried.refresh { throw Failure("two heads") }
        guard try gateway.send(.get("/api/x").bearer(retried.access)).status == 200 else {
            throw Failure("the new access token is refused")
        }
        let next = try gateway.refresh(retried)
        guard try gateway.send(.refresh(person.refresh)).code == "REFRESH_TOKEN_REUSED",
            try gateway.send(.refresh(next.refresh)).status == 401,
            try gateway.send(.get("/api/x").bearer(next.access)).code == "TOKEN_REVOKED"
        else { throw Failure("a spent token lived again") }
    }

    /// A logout that was answered holds behind the restart; one that was not, does once it is asked for again.
    private func checkEnded(_ person: Person, _ answer: WireResponse?, _ holders: [Person]) throws {
        if answer == nil {
            guard try gateway.send(.logout(person.refresh)).status == 200 else { throw Failure("the retry failed") }
        } else if answer?.status != 200 {
            throw Failure("logout: \(answer?.summary ?? "")")
        }
        for holder in holders {
            guard try gateway.send(.refresh(holder.refresh)).status == 401,
                try gateway.send(.get("/api/x").bearer(holder.access)).code == "TOKEN_REVOKED"
            else { throw Failure("something lived on behind the logout") }
        }
    }
}
