/// Cuts a file into words and marks.
///
/// - A newline and `;` end a directive.
/// - `#` begins a comment only where a word could begin, so that `http://host/#part` is one word.
/// - `{` and `}` are marks, except for `{name}` inside a word, which belongs to the word.
/// - In `"…"` a backslash may stand before `"`, `\` and `$`; nothing else, and never a new line.
/// - `${NAME}` and `${NAME:-default}` are replaced in bare and in quoted words. The value is part of the word, whatever
///   it holds: it is never read again as syntax.
///
/// Cost is linear in the length of the file, apart from what the environment puts in.
struct Lexer {
    let file: String
    let scalars: [Unicode.Scalar]
    let environment: (String) -> String?
    var problems: Problems

    var index = 0
    var line = 1
    var column = 1
    var tokens: [Token] = []

    static func tokens(
        of source: SourceText, environment: (String) -> String?, problems: inout Problems
    ) -> [Token] {
        withoutActuallyEscaping(environment) { environment in
            var lexer = Lexer(
                file: source.file, scalars: source.scalars, environment: environment, problems: problems)
            lexer.run()
            problems = lexer.problems
            return lexer.tokens
        }
    }

    var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    func ahead(_ distance: Int) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    func place(width: Int = 1) -> Place { Place(file: file, line: line, column: column, width: width) }

    mutating func advance() {
        if scalars[index] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }

    private mutating func run() {
        while let scalar = current {
            switch scalar {
            case " ", "\t": advance()
            case "\n":
                tokens.append(.newline)
                advance()
            case ";":
                tokens.append(.semicolon)
                advance()
            case "{":
                tokens.append(.open(place()))
                advance()
            case "}":
                tokens.append(.close(place()))
                advance()
            case "#": skipComment()
            case "\"": quotedWord()
            default: bareWord()
            }
        }
        tokens.append(.newline)
    }

    private mutating func skipComment() {
        while let scalar = current, scalar != "\n" { advance() }
    }

    private mutating func bareWord() {
        let mistakesBefore = problems.count
        var word = Word(text: "", written: "", place: place(), isBare: true, isFromEnvironment: false)
        let start = index
        while let scalar = current, !isEndOfBareWord(scalar) {
            switch scalar {
            case "$" where ahead(1) == "{":
                word.text += variable()
                word.isBare = false
                word.isFromEnvironment = true
                continue
            case "{":
                // `{name}` as in `/users/{id}/*`; `isEndOfBareWord` has seen that it is whole.
                while let inner = current, inner != "}" {
                    word.text.unicodeScalars.append(inner)
                    advance()
                }
                word.text += "}"
            case "\"":
                problems.error(
                    at: place(), "a quote stands inside a word",
                    hint: "put the whole word into quotes, and write \\\" for a quote in it")
            case "\\":
                problems.error(
                    at: place(), "a backslash stands outside quotes",
                    hint: ahead(1) == "\n" || ahead(1) == nil
                        ? "a directive cannot go on in the next line, except in a block"
                        : "put the word into quotes, and write \\\\ for a backslash")
            default: word.text.unicodeScalars.append(scalar)
            }
            advance()
        }
        word.isBroken = problems.count > mistakesBefore
        finish(&word, from: start)
    }

    private func isEndOfBareWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", ";", "}": true
        case "{": !isParameter
        default: false
        }
    }

    /// Whether a whole `{name}` begins here.
    private var isParameter: Bool {
        var distance = 1
        while let scalar = ahead(distance), scalar.isNameStart || scalar.isDigit || scalar == "-" { distance += 1 }
        return distance > 1 && ahead(distance) == "}"
    }

    private mutating func quotedWord() {
        let mistakesBefore = problems.count
        var word = Word(text: "", written: "", place: place(), isBare: false, isFromEnvironment: false)
        let start = index
        advance()
        while true {
            guard let scalar = current, scalar != "\n" else {
                problems.error(
                    at: word.place, "the quoted word is not closed on its line", expected: "a closing \"")
                break
            }
            if scalar == "\"" {
                advance()
                if let next = current, !isEndOfBareWord(next), next != "{" {
                    problems.error(at: place(), "a word follows the closing quote without a blank")
                }
                break
            }
            if scalar == "$", ahead(1) == "{" {
                word.text += variable()
                word.isFromEnvironment = true
                continue
            }
            if scalar == "\\" {
                guard let escaped = ahead(1), escaped == "\"" || escaped == "\\" || escaped == "$" else {
                    problems.error(
                        at: place(width: 2), "an unknown escape stands in the quoted word",
                        expected: "\\\" or \\\\ or \\$")
                    advance()
                    continue
                }
                advance()
                word.text.unicodeScalars.append(escaped)
                advance()
                continue
            }
            word.text.unicodeScalars.append(scalar)
            advance()
        }
        word.isBroken = problems.count > mistakesBefore
        finish(&word, from: start)
    }

    private mutating func finish(_ word: inout Word, from start: Int) {
        word.written = String(String.UnicodeScalarView(scalars[start..<index]))
        word.place.width = max(1, index - start)
        tokens.append(.word(word))
    }
}
