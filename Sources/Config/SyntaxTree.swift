/// One word of a configuration file.
struct Word: Sendable, Equatable {
    /// What the word means: quotes and escapes removed, the environment put in.
    var text: String
    /// What stands in the file. Messages that are not about the value show this, so that a secret from the environment
    /// does not reach a terminal because a `;` was forgotten.
    var written: String
    var place: Place
    /// Neither quoted nor from the environment. Only such a word can be a directive's name or a keyword: text that
    /// came from elsewhere is never read as syntax.
    var isBare: Bool
    /// Some of `text` came from the environment.
    var isFromEnvironment: Bool
    /// A mistake in it has been reported already, and its text is not what was meant.
    var isBroken = false

    func isKeyword(_ keyword: String) -> Bool { isBare && text == keyword }

    /// How messages name the word: by its value, and by the variable if it came from one.
    var shown: String {
        isFromEnvironment ? "`\(text)` (from \(written))" : "`\(text)`"
    }
}

/// A name, its words, and perhaps a block of further directives.
struct Directive: Sendable, Equatable {
    var name: Word
    var words: [Word]
    var block: Block?

    /// Right behind the last word: where a missing one would stand.
    var end: Place {
        var place = (words.last ?? name).place
        place.column += place.width
        place.width = 1
        return place
    }
}

/// What stands between `{` and `}`.
struct Block: Sendable, Equatable {
    var directives: [Directive]
    /// The `{`.
    var open: Place
    /// False when the file ended first.
    var isClosed: Bool
}

enum Token: Equatable {
    case word(Word)
    case semicolon
    case newline
    case open(Place)
    case close(Place)
}
