/// Small things that several commands write.

/// `1 route`, `2 routes`.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

extension String {
    /// Blanks behind a text that is shorter; for tables of ASCII.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - utf8.count)) }
}
