extension Problems {
    /// How the files of this reading differ from those of an earlier one, line by line: what went and what came, comments and
    /// blanks aside. Passwords are masked.
    package func changes(since earlier: Problems) -> String {
        var text = ""
        for file in Set(sources.keys).union(earlier.sources.keys).sorted() {
            text += Self.changes(in: file, from: earlier.sources[file] ?? [], to: sources[file] ?? [])
        }
        return text
    }

    private static func changes(in file: String, from old: [String], to new: [String]) -> String {
        let (before, after) = (directives(old), directives(new))
        let difference = after.map(\.text).difference(from: before.map(\.text))
        var lines: [(line: Int, text: String)] = []
        for change in difference {
            switch change {
            case .remove(let offset, let text, _):
                lines.append((before[offset].line, "- \(file):\(before[offset].line): \(text)"))
            case .insert(let offset, let text, _):
                lines.append((after[offset].line, "+ \(file):\(after[offset].line): \(text)"))
            }
        }
        return lines.sorted { $0.line < $1.line }.map { masked($0.text) + "\n" }.joined()
    }

    /// The lines with something on them, without what stands around it.
    private static func directives(_ lines: [String]) -> [(line: Int, text: String)] {
        lines.enumerated().compactMap { index, line in
            let words = line.split { $0 == " " || $0 == "\t" }
            return words.isEmpty || words[0].hasPrefix("#") ? nil : (index + 1, words.joined(separator: " "))
        }
    }

    private static func masked(_ line: String) -> String {
        String(String.UnicodeScalarView(withoutPassword(Array(line.unicodeScalars))))
    }
}
