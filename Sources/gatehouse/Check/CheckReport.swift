import Config
import Encoding

/// What `check` found, for machines.
struct CheckReport {
    let problems: Problems
    let database: DatabaseVerdict?

    var json: [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("ok", !problems.hasErrors && database?.isWell != false)
        answer.key("problems")
        answer.beginArray()
        for problem in problems.all {
            answer.beginObject()
            answer.member("severity", problem.severity.rawValue)
            answer.member("file", problem.place.file)
            answer.member("line", Int64(problem.place.line))
            answer.member("column", Int64(problem.place.column))
            answer.member("message", problem.message)
            answer.member("expected", ifPresent: problem.expected)
            answer.member("hint", ifPresent: problem.hint)
            answer.endObject()
        }
        answer.endArray()
        if let database {
            answer.key("database")
            answer.beginObject()
            answer.member("ok", database.isWell)
            answer.member("message", database.words)
            answer.endObject()
        }
        answer.endObject()
        return answer.finish()
    }

    /// `::warning file=…,line=…,col=…,title=…::message`, a line each.
    var annotations: String {
        var text = ""
        for problem in problems.all {
            let kind = problem.severity == .note ? "notice" : problem.severity.rawValue
            let more = [problem.expected.map { "expected: \($0)" }, problem.hint].compactMap { $0 }
            let message = ([problem.message] + more).joined(separator: "\n")
            text +=
                "::\(kind) file=\(Self.escaped(problem.place.file, inProperty: true)),line=\(problem.place.line),col=\(problem.place.column),title=gatehouse check::\(Self.escaped(message, inProperty: false))\n"
        }
        if let database, !database.isWell {
            text += "::error title=gatehouse check::\(Self.escaped(database.words, inProperty: false))\n"
        }
        return text
    }

    /// A line end would begin another command.
    private static func escaped(_ text: String, inProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where inProperty: escaped += "%3A"
            case "," where inProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
