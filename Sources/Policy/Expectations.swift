import Config
import HTTP
import Reasons

/// An `expect` line with what the gate would answer.
package struct ExpectationResult: Sendable {
    package let line: ExpectLine
    package let answer: Answer

    package var holds: Bool { !answer.isOwn && answer.status == line.status.value }
}

extension RouteTable {
    /// Evaluates every `expect` line; each that does not hold becomes an error at its place.
    package func check(_ expectations: [ExpectLine], problems: inout Problems) {
        for expectation in expectations { check(expectation, problems: &problems) }
    }

    /// The answer to every `expect` line.
    package func results(of expectations: [ExpectLine]) -> [ExpectationResult] {
        expectations.map { ExpectationResult(line: $0, answer: answer(to: $0.question)) }
    }

    private func check(_ expectation: ExpectLine, problems: inout Problems) {
        if case .signedIn(let names) = expectation.caller {
            for name in names { Self.reportUnknown(name, roles: roles, problems: &problems) }
            guard names.allSatisfy({ roles?.contains($0.value) ?? true }) else { return }
        }
        // Without the route that could not be read, nobody knows what would be so.
        guard isWhole else { return }
        let answer = answer(to: expectation.question)
        if answer.isOwn {
            return problems.error(
                at: expectation.path.place, "the gateway answers /api/auth itself",
                expected: "a path that routes are for")
        }
        guard answer.status != expectation.status.value else { return }
        problems.error(
            at: expectation.status.place,
            "this is not so: \(expectation.text) is answered \(answer.status)\(answer.reason.map { " \($0.code)" } ?? "")",
            hint: Self.why(answer))
    }

    /// For a message: what decided, and by which condition.
    package static func why(_ answer: Answer) -> String {
        guard let route = answer.route else {
            return answer.reason.map { $0 == .noRoute ? "no route covers it" : $0.sentence } ?? ""
        }
        var why = "decided by the route \(route.label) at \(route.place): \(route.ruleText)"
        if let unmet = answer.unmet {
            why += "; `\(unmet.text)` at \(unmet.place) "
            why += unmet.verdict(of: answer.facts) == .no ? "does not hold" : "cannot be told"
            let finding = unmet.finding(in: answer.facts)
            if !finding.isEmpty { why += ": \(finding)" }
        }
        return why
    }
}

extension ExpectLine {
    /// The request that it is about.
    package var question: Question {
        var question = Question(method: method.value, path: path.value)
        question.host = host
        if case .signedIn(let roles) = caller { question.roles = roles.map(\.value) }
        question.claims = circumstances.claims
        question.address = circumstances.address
        question.fields = circumstances.headers
        question.unixSeconds = circumstances.unixSeconds
        return question
    }

    /// `GET /x as role admin from 10.0.0.7`
    package var text: String {
        let who =
            switch caller {
            case .nobody: "nobody"
            case .signedIn(let roles) where roles.isEmpty: "user"
            case .signedIn(let roles): "role " + roles.map(\.value).joined(separator: " ")
            }
        let more = circumstances.text.isEmpty ? "" : " " + circumstances.text
        return "\(method.value) \(host)\(path.value) as \(who)\(more)"
    }
}
