import Foundation

/// Somebody who goes on using a backend behind the gate, with a token, until told to stop.
final class Passerby: Sendable {
    private let isWanted = Box(true)
    private let isOver = Box(false)
    private let answered = Box(0)
    private let failures = Box<[String]>([])

    init(_ gateway: Gateway, as person: Person) {
        Thread.detachNewThread { [self] in
            while isWanted.value {
                do {
                    let answer = try gateway.send(.get("/api/x").bearer(person.access), by: .seconds(2))
                    if answer.status != 200 { failures.change { $0.append(answer.summary) } }
                } catch {
                    failures.change { $0.append("\(error)") }
                }
                answered.change { $0 += 1 }
            }
            isOver.change { $0 = true }
        }
    }

    /// Stops; nothing may have failed.
    func stop() throws {
        isWanted.change { $0 = false }
        _ = try isOver.wait(for: "the last answer") { $0 }
        guard failures.value.isEmpty, answered.value > 0 else {
            throw Failure("\(failures.value.count) of \(answered.value) requests failed: \(failures.value.prefix(3))")
        }
    }
}
