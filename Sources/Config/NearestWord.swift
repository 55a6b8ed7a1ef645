/// Finds what somebody probably meant.
package enum NearestWord {
    /// The known word that is fewest slips of the finger away, or nil when none is near: at most a third of the letters
    /// may be wrong.
    package static func to(_ word: String, among known: some Sequence<String>) -> String? {
        let lowered = word.utf8.prefix(64).map(\.lowered)
        var best: (word: String, distance: Int)?
        for candidate in known {
            let letters = candidate.utf8.map(\.lowered)
            let distance = distance(lowered, letters)
            guard distance <= max(1, max(lowered.count, letters.count) / 3), distance < letters.count else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// A sentence for a message, or nil.
    package static func hint(for word: String, among known: some Sequence<String>) -> String? {
        to(word, among: known).map { "did you mean `\($0)`?" }
    }

    /// Insertions, deletions, replacements and swaps of neighbours: Damerau-Levenshtein in its restricted form (optimal
    /// string alignment), which differs only where a swapped pair is edited again.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [Int](repeating: i + 1, count: b.count + 1)
            for j in 0..<b.count {
                let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
                row[j + 1] = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
