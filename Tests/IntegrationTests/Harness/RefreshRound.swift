import Foundation

/// Many clients that present one refresh token at the same moment, to one gateway or to several in turn.
struct RefreshRound: Sendable {
    let gateways: [Gateway]
    let clients: Int

    /// Plays one round, in which every client must get a session and the same successor. Whoever is told that a disk which
    /// stands still has no time (`OVERLOADED`) comes again within the grace, as the answer says.
    ///
    /// - Returns: that successor.
    func play(_ presented: String) throws -> String {
        let gateways = gateways
        let answers = try together(clients) { number in
            let gateway = gateways[number % gateways.count]
            var answer = try gateway.send(.refresh(presented), by: .seconds(30))
            for _ in 0..<5 where answer.code == "OVERLOADED" && answer["Retry-After"] != nil {
                answer = try gateway.send(.refresh(presented), by: .seconds(30))
            }
            return answer
        }
        let successors = Set(answers.filter { $0.status == 200 }.compactMap { $0.cookie("refresh_token")?.value })
        guard answers.allSatisfy({ $0.status == 200 }), successors.count == 1, let successor = successors.first,
            successor != presented
        else { throw Failure("\(successors.count) successors: \(answers.map(\.summary))") }
        return successor
    }

    /// Plays some rounds, each with the successor of the one before; the last successor.
    func play(_ presented: String, rounds: Int, _ after: (Int) throws -> Void = { _ in }) throws -> String {
        var token = presented
        for number in stride(from: 1, through: rounds, by: 1) {
            token = try play(token)
            try after(number)
        }
        return token
    }
}

/// A gateway that is killed in the middle of refreshes, again and again, and started anew.
struct RefreshKills {
    /// Nobody is logged out, and no family gets two heads: what was answered before the kill is what a retry gets.
    ///
    /// - Returns: how many answers came out before the kill.
    static func play(_ configuration: Configuration, rounds: Int, _ after: (Int) -> Void = { _ in }) throws -> Int {
        var gateway = try Gateway(configuration)
        var token = try gateway.register().refresh
        var spent: String?
        var answered = 0
        for number in stride(from: 1, through: rounds, by: 1) {
            let (running, presented) = (gateway, token)
            // From before the first byte is read to after the last answer is out.
            let pause = UInt32.random(in: 0...(number % 2 == 0 ? 4_000 : 25_000))
            let early = try together(5) { client -> String? in
                guard client == 4 else {
                    guard let answer = try? running.send(.refresh(presented)), answer.status == 200 else { return nil }
                    return answer.cookie("refresh_token")?.value
                }
                usleep(pause)  // the moment is what varies; there is no event inside of the gateway to wait for
                try running.kill()
                return nil
            }.compactMap { $0 }
            answered += early.count
            gateway = try Gateway(configuration, in: gateway.folder)
            token = try RefreshRound(gateways: [gateway], clients: 4).play(presented)
            guard Set(early).isSubset(of: [token]) else { throw Failure("two heads in round \(number)") }
            spent = presented
            after(number)
        }
        // No spent token lives again: once its successor was used, the last one ends the family.
        let next = try RefreshRound(gateways: [gateway], clients: 1).play(token)
        let reused = try gateway.send(.refresh(spent ?? token))
        guard reused.code == "REFRESH_TOKEN_REUSED", try gateway.send(.refresh(next)).status == 401 else {
            throw Failure("a spent token lived again: \(reused.summary)")
        }
        try gateway.stop()
        return answered
    }
}
