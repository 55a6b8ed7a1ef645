extension Problems {
    /// All of them as text for a terminal: place, message, the source line, a caret under the word, what was expected.
    package func report() -> String {
        all.map { "\($0.place): \($0.message)\n" }.joined()
    }
}
