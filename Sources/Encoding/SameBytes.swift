extension String {
    /// Whether two texts are the same bytes. `==` asks whether they are the same characters: it finds `"\u{212A}ey"` (a Kelvin
    /// sign) equal to `"Key"`. `elementsEqual` of their UTF-8 takes sixty times as long.
    package func isSame(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let (a, b) = (utf8.span, other.utf8.span)
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }
}
