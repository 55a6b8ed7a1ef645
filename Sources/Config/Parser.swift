/// Makes a tree of directives from tokens. It never gives up: after a mistake it goes on where people would.
struct Parser {
    private let tokens: [Token]
    private var index = 0
    private(set) var problems: Problems

    /// Deeper than any directive nests; recursion must have an end that the file does not choose.
    static let depthMax = 8

    static func directives(from tokens: [Token], problems: inout Problems) -> [Directive] {
        var parser = Parser(tokens: tokens, problems: problems)
        let directives = parser.body(depth: 0).directives
        problems = parser.problems
        return directives
    }

    private init(tokens: [Token], problems: Problems) {
        self.tokens = tokens
        self.problems = problems
    }

    /// Directives up to the `}` of this block, or up to the end of the file.
    private mutating func body(depth: Int) -> (directives: [Directive], isClosed: Bool) {
        var directives: [Directive] = []
        while index < tokens.count {
            switch tokens[index] {
            case .newline, .semicolon: index += 1
            case .word(let name): directives.append(directive(named: name, depth: depth))
            case .close(let place):
                index += 1
                if depth > 0 { return (directives, true) }
                problems.error(at: place, "nothing is open here that `}` could close")
            case .open(let place):
                problems.error(
                    at: place, "`{` does not follow a directive", hint: "write it on the line of its directive")
                let block = block(depth: depth)
                if let last = directives.indices.last, directives[last].block == nil {
                    directives[last].block = block
                }
            }
        }
        return (directives, false)
    }

    private mutating func directive(named name: Word, depth: Int) -> Directive {
        var directive = Directive(name: name, words: [], block: nil)
        index += 1
        while index < tokens.count {
            switch tokens[index] {
            case .word(let word):
                directive.words.append(word)
                index += 1
            case .open:
                directive.block = block(depth: depth)
                return directive
            case .newline, .semicolon, .close: return directive
            }
        }
        return directive
    }

    /// Reads a block, standing on its `{`.
    private mutating func block(depth: Int) -> Block? {
        guard case .open(let open) = tokens[index] else { return nil }
        index += 1
        guard depth < Self.depthMax else {
            problems.error(at: open, "blocks stand more than \(Self.depthMax) deep in one another")
            skipBlock()
            return nil
        }
        let (directives, isClosed) = body(depth: depth + 1)
        if !isClosed {
            problems.error(at: open, "this `{` is never closed", expected: "a `}` before the end of the file")
        }
        return Block(directives: directives, open: open, isClosed: isClosed)
    }

    private mutating func skipBlock() {
        var depth = 1
        while index < tokens.count, depth > 0 {
            if case .open = tokens[index] { depth += 1 }
            if case .close = tokens[index] { depth -= 1 }
            index += 1
        }
    }
}
