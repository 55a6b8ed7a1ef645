/// Lays a configuration file out: four blanks for each block, columns for routes and expectations that follow one another, one
/// empty line at most. No word, no comment and no line is added, removed or moved to another line.
package struct Formatter {
    private var lines: [Line] = []

    /// One line of the file.
    private struct Line {
        var depth = 0
        /// What stands before the comment, as columns; one for a line that has none. Empty for a blank or a comment alone.
        var cells: [String] = []
        var layout = Layout.none
        var comment: String?

        var isBlank: Bool { cells.isEmpty && comment == nil }
        var width: Int { cells.joined().unicodeScalars.count }
    }

    /// Which lines are aligned with one another, and how many blanks stand between their columns.
    private enum Layout: Equatable {
        case none, route, expect, directive

        func gap(before column: Int, of count: Int) -> Int {
            switch self {
            case .route: 2
            case .expect: column == count - 1 ? 2 : 1
            case .none, .directive: 1
            }
        }
    }

    /// The text laid out, or nil when it cannot be read: what cannot be read is left as it is.
    ///
    /// Formatting twice is formatting once.
    package static func format(file: String, _ bytes: [UInt8], problems: inout Problems) -> [UInt8]? {
        guard let source = SourceText(file: file, bytes: bytes, problems: &problems), !problems.hasErrors else {
            return nil
        }
        // Values of the environment decide nothing about the layout.
        let tokens = Lexer.tokens(of: source, environment: { _ in "set" }, problems: &problems)
        _ = Parser.directives(from: tokens, problems: &problems)
        guard !problems.hasErrors else { return nil }
        var formatter = Formatter()
        formatter.read(tokens, String(String.UnicodeScalarView(source.scalars)))
        formatter.align()
        let text = formatter.text
        guard isSame(tokens, text, file: file) else { return nil }
        return Array(text.utf8)
    }

    /// The last word: a layout that reads differently is not given out.
    private static func isSame(_ tokens: [Token], _ text: String, file: String) -> Bool {
        var problems = Problems()
        guard let source = SourceText(file: file, bytes: Array(text.utf8), problems: &problems) else { return false }
        let again = Lexer.tokens(of: source, environment: { _ in "set" }, problems: &problems)
        return !problems.hasErrors && meaning(of: tokens) == meaning(of: again)
    }

    /// The words and marks without their places; ends of directives that end nothing are left out.
    private static func meaning(of tokens: [Token]) -> [String] {
        var meaning: [String] = []
        for token in tokens {
            switch token {
            case .word(let word): meaning.append("word " + word.written)
            case .open: meaning.append("{")
            case .close: meaning.append("}")
            case .semicolon, .newline: if let last = meaning.last, last != ";", last != "{" { meaning.append(";") }
            }
        }
        return meaning.last == ";" ? meaning.dropLast() : meaning
    }

    // MARK: - Reading

    private mutating func read(_ tokens: [Token], _ text: String) {
        let texts = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        var depth = 0
        for (index, tokens) in tokens.split(separator: .newline, omittingEmptySubsequences: false).enumerated()
        where texts.indices.contains(index) {
            var line = Line(depth: max(0, depth - Self.leadingCloses(tokens)))
            line.comment = Self.comment(in: texts[index], behind: tokens)
            (line.cells, line.layout) = Self.cells(of: Self.withoutOuterSemicolons(tokens), depth: line.depth)
            for token in tokens {
                if case .open = token { depth += 1 }
                if case .close = token { depth = max(0, depth - 1) }
            }
            lines.append(line)
        }
    }

    private static func leadingCloses(_ tokens: ArraySlice<Token>) -> Int {
        tokens.prefix { if case .close = $0 { true } else { false } }.count
    }

    private static func withoutOuterSemicolons(_ tokens: ArraySlice<Token>) -> ArraySlice<Token> {
        var tokens = tokens.drop { $0 == .semicolon }
        while tokens.last == .semicolon { tokens.removeLast() }
        return tokens
    }

    /// What follows the last word or mark of a line, if it is a comment.
    private static func comment(in line: [Unicode.Scalar], behind tokens: ArraySlice<Token>) -> String? {
        var end = 0
        for token in tokens {
            switch token {
            case .word(let word): end = word.place.column - 1 + word.place.width
            case .open(let place), .close(let place): end = place.column
            case .semicolon, .newline: break
            }
        }
        var rest = line.dropFirst(end).drop { $0 == " " || $0 == "\t" || $0 == ";" }
        guard rest.first == "#" else { return nil }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(String.UnicodeScalarView(rest))
    }

    private static func cells(of tokens: ArraySlice<Token>, depth: Int) -> (cells: [String], layout: Layout) {
        let words = tokens.compactMap { token -> Word? in if case .word(let word) = token { word } else { nil } }
        guard let name = words.first else { return (tokens.isEmpty ? [] : [joined(tokens)], .none) }
        // Blocks and several directives on one line keep their own shape.
        guard words.count == tokens.count else { return ([joined(tokens)], .none) }
        let texts = words.map(\.written)
        // Conditions are sentences, not a table.
        if depth > 0, words.count > 1, !ConditionWord.texts.contains(name.text) {
            return ([texts[0], texts.dropFirst().joined(separator: " ")], .directive)
        }
        guard let arrow = words.lastIndex(where: { $0.isKeyword("->") }) else { return ([joined(tokens)], .none) }
        let end = texts[arrow...].joined(separator: " ")
        if name.isKeyword("route") || name.isKeyword("shadow"),
            let path = words.firstIndex(where: { $0.text.contains("/") }), path < arrow
        {
            let rule = texts[(path + 1)..<arrow].joined(separator: " ")
            return ([texts[...path].joined(separator: " "), rule, end], .route)
        }
        if name.isKeyword("expect"), arrow > 4 {
            return (
                [texts[...1].joined(separator: " "), texts[2], texts[3..<arrow].joined(separator: " "), end], .expect
            )
        }
        return ([joined(tokens)], .none)
    }

    /// Words and marks with one blank between them.
    private static func joined(_ tokens: ArraySlice<Token>) -> String {
        var text = ""
        for token in tokens {
            switch token {
            case .word(let word): text += (text.isEmpty ? "" : " ") + word.written
            case .open: text += (text.isEmpty ? "" : " ") + "{"
            case .close: text += (text.isEmpty ? "" : " ") + "}"
            case .semicolon: text += text.isEmpty || text.hasSuffix(";") ? "" : ";"
            case .newline: break
            }
        }
        return text
    }

    // MARK: - Aligning

    private mutating func align() {
        for run in runs(where: { $0.layout == $1.layout && $0.cells.count == $1.cells.count }) { alignColumns(in: run) }
        for run in runs(where: { _, _ in true }) {
            let width = run.filter { lines[$0].comment != nil }.map { lines[$0].width }.max() ?? 0
            for index in run where lines[index].comment != nil {
                lines[index].cells.padLast(to: width + 4, of: lines[index].width)
            }
        }
    }

    private mutating func alignColumns(in run: Range<Int>) {
        let (layout, count) = (lines[run.lowerBound].layout, lines[run.lowerBound].cells.count)
        guard layout != .none, count > 1 else { return }
        for column in 0..<(count - 1) {
            let width = run.map { lines[$0].cells[column].unicodeScalars.count }.max() ?? 0
            // A column that nobody uses takes no room.
            guard width > 0 else { continue }
            for index in run { lines[index].cells[column].pad(to: width + layout.gap(before: column + 1, of: count)) }
        }
    }

    /// Lines of one depth that have words, follow one another, and belong together one by one.
    private func runs(where belong: (Line, Line) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (index, line) in lines.enumerated() where !line.cells.isEmpty {
            if let last = runs.last, last.upperBound == index, lines[index - 1].depth == line.depth,
                belong(lines[index - 1], line)
            {
                runs[runs.count - 1] = last.lowerBound..<(index + 1)
            } else {
                runs.append(index..<(index + 1))
            }
        }
        return runs
    }

    private var text: String {
        var text = ""
        var isAfterBlank = true
        for line in lines {
            if line.isBlank {
                if !isAfterBlank { text += "\n" }
                isAfterBlank = true
                continue
            }
            isAfterBlank = false
            text += String(repeating: " ", count: line.depth * 4) + line.cells.joined() + (line.comment ?? "") + "\n"
        }
        while text.hasSuffix("\n\n") { text.removeLast() }
        return text
    }
}

extension String {
    fileprivate mutating func pad(to width: Int) {
        self += String(repeating: " ", count: max(0, width - unicodeScalars.count))
    }
}

extension [String] {
    /// Blanks behind the last of the cells, so that all of them together have the width.
    fileprivate mutating func padLast(to width: Int, of present: Int) {
        guard let last = indices.last else { return }
        self[last] += String(repeating: " ", count: Swift.max(0, width - present))
    }
}
