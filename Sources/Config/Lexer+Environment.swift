extension Lexer {
    /// Reads `${NAME}` or `${NAME:-default}`, standing on its `$`, and answers with the value. As in a shell, the default
    /// is taken when the variable is unset or empty.
    mutating func variable() -> String {
        var whole = place()
        let start = index
        advance()
        advance()
        let name = take { $0.isNameStart || $0.isDigit }
        let wellNamed = name.unicodeScalars.first?.isNameStart ?? false
        var standard: String?
        if current == ":", ahead(1) == "-" {
            advance()
            advance()
            standard = take { $0 != "}" && $0 != "\n" && $0 != "\"" && $0 != "\\" && $0 != "$" }
        }
        guard wellNamed, current == "}" else {
            whole.width = max(2, index - start)
            problems.error(
                at: whole, "this is not a variable of the environment", expected: "${NAME} or ${NAME:-default}",
                hint: "in quotes, \\${ stands for the two characters themselves")
            _ = take { $0 != "}" && $0 != "\n" && $0 != "\"" && $0 != " " }
            if current == "}" { advance() }
            return ""
        }
        advance()
        whole.width = index - start
        let found = environment(name)
        if let found, !found.isEmpty || standard == nil {
            // A value with a line break or an escape sequence in it would be shown wherever the word is.
            if found.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
                problems.error(at: whole, "the environment variable \(name) holds a control character")
                return ""
            }
            return found
        }
        if let standard { return standard }
        problems.error(
            at: whole, "the environment variable \(name) is not set",
            hint: "set it, or write ${\(name):-default}")
        return ""
    }

    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        var taken = String.UnicodeScalarView()
        while let scalar = current, condition(scalar) {
            taken.append(scalar)
            advance()
        }
        return String(taken)
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }
    var isNameStart: Bool { ("A"..."Z").contains(self) || ("a"..."z").contains(self) || self == "_" }
}
