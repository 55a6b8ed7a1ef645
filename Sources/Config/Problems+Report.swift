extension Problems {
    /// All of them as text for a terminal, in the order of the files:
    /// ```
    /// gateway.conf:12:19: error: `usr` is not a rule
    ///     route /api/* usr -> api
    ///                  ^^^
    ///     expected: public, user, or role NAME…
    ///     did you mean `user`?
    /// ```
    package func report() -> String {
        var text = ordered.map(report).joined()
        if leftOut > 0 { text += "… and \(leftOut) more\n" }
        return text
    }

    /// By place. Files keep the order in which their first problem came up.
    private var ordered: [Problem] {
        var rank: [String: Int] = [:]
        for problem in all where rank[problem.place.file] == nil { rank[problem.place.file] = rank.count }
        return all.enumerated()
            .sorted { a, b in
                let (first, second) = (a.element.place, b.element.place)
                return (rank[first.file] ?? 0, first.line, first.column, a.offset)
                    < (rank[second.file] ?? 0, second.line, second.column, b.offset)
            }
            .map(\.element)
    }

    private func report(_ problem: Problem) -> String {
        var text = "\(problem.place): \(problem.severity.rawValue): \(problem.message)\n"
        if let excerpt = excerpt(at: problem.place) { text += excerpt }
        if let expected = problem.expected { text += "    expected: \(expected)\n" }
        if let hint = problem.hint { text += "    \(hint)\n" }
        return text
    }

    /// Longer lines are cut around the caret.
    private static let excerptMax = 116

    /// The source line and the caret line below it, or nil when there is no word to point at.
    private func excerpt(at place: Place) -> String? {
        guard place.width > 0, let lines = sources[place.file], lines.indices.contains(place.line - 1) else {
            return nil
        }
        var line = Self.withoutPassword(Array(lines[place.line - 1].unicodeScalars))
        // Tabs and what does not print take one column each, so that the caret stands under its word.
        // What reorders a line would do so in the message too.
        line = line.map { SourceText.isInvisible($0) ? " " : $0 }
        let caret = min(max(0, place.column - 1), line.count)
        let start = caret > Self.excerptMax * 2 / 3 ? caret - Self.excerptMax / 2 : 0
        let end = min(line.count, start + Self.excerptMax)
        var shown = String(String.UnicodeScalarView(line[start..<end]))
        while shown.last == " " { shown.removeLast() }
        let (head, tail) = (start > 0 ? "…" : "", end < line.count ? "…" : "")
        let indent = String(repeating: " ", count: caret - start + head.count)
        let carets = String(repeating: "^", count: max(1, min(place.width, end - caret)))
        return "    \(head)\(shown)\(tail)\n    \(indent)\(carets)\n"
    }

    /// Stars in place of the password of `scheme://user:password@host` and of `password=…`: messages end up in logs and
    /// tickets.
    static func withoutPassword(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var masked = line
        let name = Array("password=".unicodeScalars)
        for start in line.indices where line[start...].starts(with: name) {
            for position in (start + name.count)..<line.count {
                if [" ", "\t", "\"", "&"].contains(line[position]) { break }
                masked[position] = "*"
            }
        }
        var index = 0
        while index + 2 < line.count {
            guard line[index] == ":", line[index + 1] == "/", line[index + 2] == "/" else {
                index += 1
                continue
            }
            let authority = index + 3
            var end = authority
            while end < line.count, line[end] != " ", line[end] != "\t", line[end] != "\"" { end += 1 }
            index = end
            // The last `@`: a password may hold one.
            guard let at = line[authority..<end].lastIndex(of: "@"),
                let colon = line[authority..<at].firstIndex(of: ":")
            else { continue }
            for position in (colon + 1)..<at { masked[position] = "*" }
        }
        return masked
    }
}
