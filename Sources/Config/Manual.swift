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

    /// The entries for a directive, one for each block that knows it, as text for a terminal; nil when there is none. All of them
    /// without a name.
    package static func text(of name: String? = nil) -> String? {
        let specs = DirectiveSpec.all.filter { !repeated.contains($0.context) && (name == nil || $0.name == name) }
        return specs.isEmpty ? nil : specs.map(text).joined(separator: "\n")
    }

    /// A sentence for somebody who mistyped a directive, or nil.
    package static func hint(for name: String) -> String? {
        NearestWord.hint(for: name, among: Set(DirectiveSpec.all.map(\.name)).sorted())
    }

    private static func text(_ spec: DirectiveSpec) -> String {
        var notes = [title(of: spec.context)]
        if spec.isRequired { notes.append("required") }
        if let standard = spec.standard { notes.append("default: \(standard)") }
        if spec.repeats { notes.append("may be repeated") }
        return "\(spec.name) \(spec.arguments)\n    (\(notes.joined(separator: "; ")))\n" + wrapped(spec.purpose)
    }

    /// Lines of 96 columns at most, indented by four.
    private static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.unicodeScalars.count + 1 + word.unicodeScalars.count <= 92 {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { "    \($0)\n" }.joined()
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
