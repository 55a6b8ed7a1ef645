/// A command that is promised and not there yet. It is refused by name, never taken for a typing mistake and never ignored.
struct NotBuiltYet: Failure {
    static let commands = [
        "user show", "user delete", "shadow",
    ]

    let command: String

    var message: String { "gatehouse: `\(command)` is not built yet" }
    var status: ExitStatus { .badConfiguration }

    /// The promised command that these words begin with.
    static func command(in words: [String]) -> String? {
        commands.first { words.starts(with: $0.split(separator: " ").map(String.init)) }
    }
}
