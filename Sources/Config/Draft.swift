/// The configuration while it is being read, with a cursor over the words of the directive at hand.
///
/// Each reading function answers nil after it has reported what is wrong, so that a directive's reader is a line or two.
struct Draft {
    var configuration = Configuration()
    var problems: Problems
    let surroundings: Surroundings

    /// The directive at hand and the next of its words.
    var directive: Directive
    private(set) var position = 0
    /// Set by the first mistake of a directive: what follows from it is not reported as well.
    private(set) var hasFailed = false

    /// Where each directive of the block at hand stands last.
    var places: [Context: [String: Place]] = [:]
    /// The upstream whose block is being read, with its own timeouts, which go on top of the file's at the end.
    var upstream: Configuration.Upstream?
    /// The issuer whose block is being read.
    var issuer: Configuration.Issuer?
    var upstreamTimeouts: [TimeoutOverride] = []
    /// The policy whose block is being read, and the sentences of the `any` in it.
    var policy: PolicyLine?
    var alternatives: [[ConditionLine]] = []

    struct TimeoutOverride {
        let upstreamIndex: Int
        let field: WritableKeyPath<Configuration.Timeouts, Int>
        let milliseconds: Int
    }

    init(surroundings: Surroundings, problems: Problems) {
        self.surroundings = surroundings
        self.problems = problems
        let nobody = Word(text: "", written: "", place: .nowhere, isBare: true, isFromEnvironment: false)
        directive = Directive(name: nobody, words: [], block: nil)
    }

    // MARK: Directives

    mutating func read(_ directives: [Directive], in context: Context, blockIsClosed: Bool = true) {
        for directive in directives {
            // Nobody reads on after that many.
            if problems.leftOut > 0 { return }
            guard directive.name.isBare else {
                problems.error(
                    at: directive.name.place, "the name of a directive is neither quoted nor from the environment")
                continue
            }
            let name = directive.name.text
            if let spec = DirectiveSpec.named(name, in: context) {
                read(directive, as: spec)
            } else if !blockIsClosed, let spec = DirectiveSpec.named(name, in: .top) {
                // A forgotten `}` is one mistake, not one for each directive behind it.
                read(directive, as: spec)
            } else {
                reportUnknown(directive, in: context)
            }
        }
    }

    private mutating func read(_ directive: Directive, as spec: DirectiveSpec) {
        if let first = places[spec.context]?[spec.name], !spec.repeats {
            problems.error(
                at: directive.name.place, "`\(spec.name)` is given twice", hint: "the first stands at \(first)")
            return
        }
        places[spec.context, default: [:]][spec.name] = directive.name.place
        self.directive = directive
        position = 0
        hasFailed = false
        if directive.words.contains(where: \.isBroken) { hasFailed = true } else { spec.read(&self) }
        if !hasFailed, let extra = peek {
            fail(at: extra.place, "`\(extra.written)` is one word too many", expected: "\(spec.name) \(spec.arguments)")
        }
        if hasFailed, spec.decidesAboutRoutes { configuration.routesAreWhole = false }
        readBlock(of: directive, as: spec)
    }

    private mutating func readBlock(of directive: Directive, as spec: DirectiveSpec) {
        guard let inner = spec.opens else {
            if let block = directive.block {
                problems.error(
                    at: block.open, "`\(spec.name)` has no block",
                    hint: spec.name == "route"
                        ? "a parameter is whole, /users/{id}, and named bare: where id is sub" : nil)
            }
            return
        }
        guard let block = directive.block else {
            problems.error(
                at: directive.end, "`\(spec.name)` needs a block",
                expected: "{ … } with \(DirectiveSpec.names(in: inner).joined(separator: ", "))",
                hint: "`{` stands on the line of its directive")
            return
        }
        places[inner] = [:]
        read(block.directives, in: inner, blockIsClosed: block.isClosed)
        reportMissing(in: inner, at: directive.name.place)
        self.directive = directive
        spec.closeBlock(&self)
    }

    private mutating func reportUnknown(_ directive: Directive, in context: Context) {
        let (name, place) = (directive.name.text, directive.name.place)
        let inside = context.block.map { " in `\($0)`" } ?? ""
        if NotBuiltYet.names(name, in: context) {
            problems.error(at: place, "`\(name)` is \(NotBuiltYet.phrase)")
        } else if context == .upstreamTimeouts, name == "head" {
            problems.error(
                at: place, "`head` does not belong here",
                hint: "it stands in the `timeouts` of the whole file: a head is read before its upstream is known")
        } else if let other = DirectiveSpec.contexts(of: name).first {
            problems.error(
                at: place, "`\(name)` does not belong here",
                hint: other.block.map { "it stands in `\($0)`" }
                    ?? "it stands at the top of the file, outside any block")
        } else {
            let known = DirectiveSpec.names(in: context)
            let nearest = NearestWord.hint(for: name, among: known + ["include"])
            problems.error(
                at: place, "`\(name)` is not a directive\(inside)",
                expected: context == .top ? nil : known.joined(separator: ", "),
                hint: nearest ?? (context == .top ? "gateway.conf.example shows every directive" : nil))
        }
    }

    // MARK: Words

    /// The next word, not taken.
    var peek: Word? { directive.words.indices.contains(position) ? directive.words[position] : nil }

    mutating func take() -> Word? {
        let word = peek
        if word != nil { position += 1 }
        return word
    }

    /// The next word, which has to be there.
    mutating func take(expected: String) -> Word? {
        if let word = take() { return word }
        fail(at: directive.end, "`\(directive.name.text)` ends too early", expected: expected)
        return nil
    }

    /// Takes the next word if it is this keyword.
    mutating func takeKeyword(_ keyword: String) -> Word? {
        guard let word = peek, word.isKeyword(keyword) else { return nil }
        return take()
    }

    /// Leaves the rest of the directive unread after a mistake that makes it meaningless.
    mutating func skipRest() { position = directive.words.count }

    mutating func fail(at place: Place, _ message: String, expected: String? = nil, hint: String? = nil) {
        hasFailed = true
        problems.error(at: place, message, expected: expected, hint: hint)
    }
}
