import EventLoop

/// How far something has come, on one line of the terminal that is written over. Silent where nobody watches.
struct ProgressBar {
    private static let width = 30

    private let isShown = StandardStreams.errorIsTerminal
    private var shown = -1

    /// `part` of `whole`, with a few words behind.
    mutating func show(_ part: Int, of whole: Int, _ words: String) {
        let percent = whole > 0 ? min(100, part / max(1, whole / 100)) : 100
        guard isShown, percent != shown else { return }
        shown = percent
        let filled = percent * Self.width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        StandardStreams.writeError("\r[\(bar)] \(percent) %  \(words)\u{1B}[K")
    }

    /// Takes the line away, for a message or for the end.
    mutating func clear() {
        guard isShown, shown >= 0 else { return }
        shown = -1
        StandardStreams.writeError("\r\u{1B}[K")
    }
}
