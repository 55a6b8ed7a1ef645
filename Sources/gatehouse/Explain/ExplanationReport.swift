import Config
import Encoding
import Gateway
import Policy

/// An explanation for people and for scripts.
struct ExplanationReport {
    private let explanation: Explanation
    private let asked: String

    init(_ explanation: Explanation, asked: String) {
        self.explanation = explanation
        self.asked = asked
    }

    private var answer: Answer { explanation.answer }
    private var canonicalPath: String? { answer.path.map { String(decoding: $0.bytes, as: UTF8.self) } }
    private var isAnsweredHere: Bool { answer.isOwn && explanation.reason == nil }

    // MARK: - For people

    var text: String {
        var rows: [(String, String)] = [("request", asked), ("path", path)]
        if answer.path != nil { rows.append(("caller", caller)) }
        for (index, candidate) in explanation.candidates.enumerated() {
            let verdict = candidate.whyLost.map { "loses: \($0)" } ?? "wins"
            rows.append(
                (index == 0 ? "routes" : "", "\(candidate.route.name)  (\(place(candidate.route.place)))  \(verdict)"))
        }
        if explanation.candidates.isEmpty, answer.path != nil, !answer.isOwn {
            rows.append(("routes", "none covers the path"))
        }
        if let route = answer.route {
            rows.append(("rule", route.ruleText))
            let verdict: Condition.Verdict = route.rule.refusal(roles: answer.facts.roles) == nil ? .yes : .no
            rows.append(("", "\(verdict.rawValue.padded(to: 8))\(route.ruleWords)  (\(place(route.place)))"))
            for (condition, verdict) in answer.conditions { append(condition, verdict, depth: 0, to: &rows) }
        }
        rows.append(("decision", decision))
        if let tried = explanation.tried {
            let verdict = tried.reason.map { "\($0.status) \($0.code)" } ?? "let through"
            rows.append(
                ("tried", "\(verdict), by the shadow rule \(tried.route.ruleText)  (\(place(tried.route.place)))"))
        }
        if let upstream = explanation.upstream {
            rows.append(
                (
                    "upstream",
                    "\(upstream.name.value): \(upstream.servers.map(\.value.description).joined(separator: ", "))"
                ))
        }
        for (index, line) in explanation.headLines.enumerated() { rows.append((index == 0 ? "sent" : "", line)) }
        return rows.map { label, value in
            label + String(repeating: " ", count: 10 - label.count) + value
        }.joined(separator: "\n")
    }

    private var path: String {
        let notes = explanation.pathNotes.joined(separator: "; ")
        guard let canonicalPath else { return "refused: \(notes)" }
        return canonicalPath + (notes.isEmpty ? "" : "  (\(notes))")
    }

    private var caller: String {
        if let why = explanation.whyNobody { return "nobody: \(why.code)" }
        guard let claims = explanation.claims else { return "nobody" }
        return "\(claims.subject), \(claims.roles.isEmpty ? "no roles" : "role " + claims.roles.joined(separator: " "))"
    }

    private var decision: String {
        if isAnsweredHere { return "the gateway answers /api/auth itself" }
        guard let reason = explanation.reason else { return "let through" }
        let unmet = answer.unmet.map { ", because of `\($0.text)` at \(place($0.place))" } ?? ""
        return "\(reason.status) \(reason.code)\(unmet). \(reason.sentence)"
    }

    private func append(
        _ condition: Condition, _ verdict: Condition.Verdict, depth: Int, to rows: inout [(String, String)]
    ) {
        let finding = condition.finding(in: answer.facts)
        let indent = String(repeating: "  ", count: depth)
        rows.append(
            (
                "",
                "\(verdict.rawValue.padded(to: 8))\(indent)\(condition.text)  (\(place(condition.place)))\(finding.isEmpty ? "" : "  \(finding)")"
            ))
        for part in condition.parts.joined() {
            append(part, part.verdict(of: answer.facts), depth: depth + 1, to: &rows)
        }
    }

    private func place(_ place: Place) -> String { "\(place.file):\(place.line)" }

    // MARK: - For scripts

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("path")
        writer.beginObject()
        writer.member("raw", explanation.rawPath)
        writer.member("canonical", orNull: canonicalPath)
        writer.member("folded", orNull: answer.path.map { String(decoding: $0.foldedForm, as: UTF8.self) })
        writer.member("notes", explanation.pathNotes)
        writer.endObject()
        writer.key("routes")
        writer.beginArray()
        for candidate in explanation.candidates {
            writer.beginObject()
            writer.member("route", candidate.route.name)
            writer.place(candidate.route.place)
            writer.member("wins", candidate.whyLost == nil)
            writer.member("why", ifPresent: candidate.whyLost)
            writer.endObject()
        }
        writer.endArray()
        writer.member("rule", orNull: answer.route?.ruleText)
        writer.key("conditions")
        writer.beginArray()
        for (condition, verdict) in answer.conditions { write(condition, verdict, to: &writer) }
        writer.endArray()
        writer.key("decision")
        writer.beginObject()
        writer.member("allowed", explanation.reason == nil && !answer.isOwn)
        writer.member("status", Int64(explanation.reason?.status ?? 200))
        writer.member("code", orNull: explanation.reason?.code)
        writer.member("message", decision)
        writer.endObject()
        if let tried = explanation.tried {
            writer.key("tried")
            writer.beginObject()
            writer.member("route", tried.route.name)
            writer.member("rule", tried.route.ruleText)
            writer.place(tried.route.place)
            writer.member("allowed", tried.reason == nil)
            writer.member("code", orNull: tried.reason?.code)
            writer.endObject()
        }
        writer.member("upstream", orNull: explanation.upstream?.name.value)
        writer.member("servers", explanation.upstream?.servers.map(\.value.description) ?? [])
        writer.member("sent", explanation.headLines)
        writer.endObject()
        return writer.finish()
    }

    private func write(_ condition: Condition, _ verdict: Condition.Verdict, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("condition", condition.text)
        writer.place(condition.place)
        writer.member("verdict", verdict.rawValue)
        let finding = condition.finding(in: answer.facts)
        if !finding.isEmpty { writer.member("found", finding) }
        if !condition.parts.isEmpty {
            writer.key("parts")
            writer.beginArray()
            for part in condition.parts.joined() { write(part, part.verdict(of: answer.facts), to: &writer) }
            writer.endArray()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// `file`, `line` and `column`.
    mutating func place(_ place: Place) {
        member("file", place.file)
        member("line", Int64(place.line))
        member("column", Int64(place.column))
    }
}
