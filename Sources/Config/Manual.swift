/// The reference part of the manual, written from the table that reads the language.
///
/// `docs/configuration.md` holds it between two markers, and a test holds the two against each other.
package enum Manual {
    /// The directives in the order of the table, block by block, as Markdown.
    package static func markdown() -> String {
        var text = ""
        for context in Context.allCases where !repeated.contains(context) {
            text += "### \(title(of: context))\n\n"
            for spec in DirectiveSpec.all where spec.context == context { text += entry(spec) }
            text += "\n"
        }
        return text
    }

    /// Every directive with the block it stands in and its default, for whoever holds other documents against the table.
    package static var directives: [(name: String, block: String, standard: String?)] {
        DirectiveSpec.all.filter { !repeated.contains($0.context) }
            .map { ($0.name, $0.context.rawValue, $0.standard) }
    }

    /// Blocks whose directives are those of another one.
    private static let repeated: Set<Context> = [.upstreamTimeouts, .policyAny]

    private static func title(of context: Context) -> String {
        context.block.map { "In `\($0)`" } ?? "At the top of the file"
    }

    private static func entry(_ spec: DirectiveSpec) -> String {
        var notes: [String] = []
        if spec.isRequired { notes.append("required") }
        if let standard = spec.standard { notes.append("default: \(standard)") }
        if spec.repeats { notes.append("may be repeated") }
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
        return "- `\(spec.name) \(spec.arguments)`\(note)<br>\n  \(spec.purpose)\n"
    }
}
