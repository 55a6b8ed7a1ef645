/// Text of strangers in a CSV file that somebody may open in a spreadsheet, which takes a field that begins with `=`, `+`, `-`
/// or `@` for a formula. An apostrophe before it makes it text; reading takes it off again, so that nothing is lost between an
/// export and an import.
package enum SpreadsheetText {
    /// As it is written.
    package static func guarded(_ text: String) -> String { isFormula(text) ? "'" + text : text }

    /// As it was, when it was written so.
    package static func bare(_ field: String) -> String {
        field.utf8.first == UInt8(ascii: "'") && isFormula(field) ? String(field.dropFirst()) : field
    }

    /// Whether it is one, behind any number of apostrophes: they are doubled like everything that is an escape.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "'") }) else { return false }
        return "=+-@\t\r".utf8.contains(first)
    }
}
