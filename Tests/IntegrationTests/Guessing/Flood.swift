import Foundation

/// Logins that come at a rate of their own, whether or not the ones before have been answered.
final class Flood: Sendable {
    struct Answer: Sendable {
        let status: Int
        let milliseconds: Double
    }

    private let box = Box<[Answer]>([])
    private let state = Box((isStopping: false, open: 1))

    var answers: [Answer] { box.change { $0 } }

    init(_ gateway: Gateway, perSecond: Int) {
        Thread.detachNewThread { [self] in
            let start = ContinuousClock.now
            var number = 0
            while !state.change({ $0.isStopping }) {
                state.change { $0.open += 1 }
                let email = "flood-\(number)@example.com"
                Thread.detachNewThread { [self] in
                    let sent = ContinuousClock.now
                    let answer = try? gateway.send(.login(email, "Wr0ng&password staple"), by: .seconds(120))
                    let elapsed = sent.duration(to: .now) / .milliseconds(1)
                    box.change { $0.append(Answer(status: answer?.status ?? 0, milliseconds: elapsed)) }
                    state.change { $0.open -= 1 }
                }
                number += 1
                // The rate is the point: the next one comes when it is due, answered or not.
                let next = start + .seconds(1) * number / perSecond
                Thread.sleep(forTimeInterval: max(0, ContinuousClock.now.duration(to: next) / .seconds(1)))
            }
            state.change { $0.open -= 1 }
        }
    }

    /// Ends it and waits for the answers that are still to come.
    func stop() throws {
        state.change { $0.isStopping = true }
        _ = try state.wait(for: "the last logins", by: .seconds(120)) { $0.open == 0 }
    }
}

/// Proxied requests at a steady rate, and how long they took.
struct Traffic {
    let p50: Double
    let p99: Double

    /// Two hundred requests a second on four connections.
    static func measure(_ gateway: Gateway, seconds: Int) throws -> Traffic {
        let token = Forge.token(Forge.claims().with("exp", "\(Int(Date().timeIntervalSince1970) + 3600)"))
        let times = try together(4) { number -> [Double] in
            let client = try gateway.connect()
            let wire = Call.get("/api/x").bearer(token).wire(keepAlive: true)
            let start = ContinuousClock.now
            return try (0..<(seconds * 50)).map { index in
                // A steady rate, so that a slow answer does not spare the gateway the next question.
                let due = start + .milliseconds(20 * index + 5 * number)
                Thread.sleep(forTimeInterval: max(0, ContinuousClock.now.duration(to: due) / .seconds(1)))
                let sent = ContinuousClock.now
                try client.send(wire)
                let answer = try client.mustRespond()
                guard answer.status == 200 else { throw Failure("the gate answered \(answer.summary)") }
                return sent.duration(to: .now) / .milliseconds(1)
            }
        }.flatMap { $0 }.sorted()
        func at(_ part: Double) -> Double { (times[Int(Double(times.count) * part)] * 1000).rounded() / 1000 }
        return Traffic(p50: at(0.5), p99: at(0.99))
    }
}

/// Statements on a gateway's database, behind its back.
enum SQL {
    static func run(_ statement: String, on gateway: Gateway) throws {
        let database = gateway.configuration.database
        let words =
            database.hasPrefix("sqlite")
            ? ["sqlite3", gateway.folder.file("gatehouse.db"), statement]
            : ["psql", "-q", database.dropFirst("postgres ".count).trimmingCharacters(in: ["\""]), "-c", statement]
        let ran = try ChildProcess.run(["/usr/bin/env"] + words, by: .seconds(20))
        guard ran.ending == .exit(0) else { throw Failure("\(words[0]): \(ran.errors)") }
    }
}
