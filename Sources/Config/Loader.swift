/// Reads a file and whatever it includes into one list of directives.
struct Loader {
    let surroundings: Surroundings
    var problems: Problems
    /// The files being read, outermost first: what an include loop is recognised by.
    private var open: [String] = []
    private var filesRead = 0
    /// Whether even the first file could not be read: then nothing can be said about what is missing in it.
    private(set) var hasReadNothing = true

    static let depthMax = 8
    /// Each file includes two, each of those two more: without this bound a few lines would be read for ever.
    static let filesMax = 256

    init(surroundings: Surroundings, problems: Problems) {
        self.surroundings = surroundings
        self.problems = problems
    }

    /// - Parameter place: where the file is named; the file itself for the first one.
    mutating func load(_ path: String, namedAt place: Place) -> [Directive] {
        filesRead += 1
        guard filesRead <= Self.filesMax else {
            if filesRead == Self.filesMax + 1 {
                problems.error(at: place, "more than \(Self.filesMax) files are included")
            }
            return []
        }
        let bytes: [UInt8]
        do {
            bytes = try surroundings.read(path, SourceText.bytesMax + 1)
        } catch {
            problems.error(
                at: place, "\(path) cannot be read: \(error)",
                hint: filesRead == 1 ? "`gatehouse init` makes one that works at once; `-c FILE` names another" : nil)
            return []
        }
        guard let source = SourceText(file: path, bytes: bytes, problems: &problems) else { return [] }
        let tokens = Lexer.tokens(of: source, environment: surroundings.environment, problems: &problems)
        hasReadNothing = false
        let directives = Parser.directives(from: tokens, problems: &problems)
        open.append(FilePath.normalised(path))
        defer { open.removeLast() }
        return expand(directives)
    }

    /// Puts the directives of included files where `include` stands, in blocks too.
    private mutating func expand(_ directives: [Directive]) -> [Directive] {
        var expanded: [Directive] = []
        for var directive in directives {
            if directive.name.isKeyword("include") {
                expanded += include(directive)
                continue
            }
            if let block = directive.block { directive.block?.directives = expand(block.directives) }
            expanded.append(directive)
        }
        return expanded
    }

    private mutating func include(_ directive: Directive) -> [Directive] {
        if let block = directive.block { problems.error(at: block.open, "`include` has no block") }
        guard !directive.words.isEmpty else {
            problems.error(
                at: directive.end, "`include` names no file", expected: "FILE… or a pattern such as conf.d/*.conf")
            return []
        }
        return directive.words.flatMap { word in files(named: word).flatMap { enter($0, at: word.place) } }
    }

    private func isPattern(_ path: String) -> Bool { path.utf8.contains { "*?[".utf8.contains($0) } }

    private mutating func files(named word: Word) -> [String] {
        let path = FilePath.resolved(word.text, against: word.place.file)
        guard !word.text.isEmpty else {
            problems.error(at: word.place, "the name of the file is empty")
            return []
        }
        guard isPattern(word.text) else { return [path] }
        do {
            return try surroundings.list(path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            problems.error(at: word.place, "\(path) cannot be listed: \(error)")
            return []
        }
    }

    private mutating func enter(_ path: String, at place: Place) -> [Directive] {
        if open.contains(FilePath.normalised(path)) {
            problems.error(
                at: place, "\(path) includes itself", hint: "the way here: \((open + [path]).joined(separator: " -> "))"
            )
            return []
        }
        guard open.count < Self.depthMax else {
            problems.error(at: place, "files include one another more than \(Self.depthMax) deep")
            return []
        }
        return load(path, namedAt: place)
    }
}

/// File paths as text; nothing here asks the file system.
enum FilePath {
    /// A relative path is relative to the file that names it, not to where the gateway was started.
    static func resolved(_ path: String, against file: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(file[...slash]) + path
    }

    /// `a/./b/../c` as `a/c`, to recognise the same file under two names.
    static func normalised(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return (path.utf8.first == UInt8(ascii: "/") ? "/" : "") + parts.joined(separator: "/")
    }
}
