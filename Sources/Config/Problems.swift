/// Every mistake of one run, and the source lines needed to show them.
///
/// Reading goes on after a mistake, so that people mend their file once and not once for each mistake in it.
package struct Problems: Error, Sendable {
    package private(set) var all: [Problem] = []
    /// How many were left out because `shownMax` had been reached.
    package private(set) var leftOut = 0

    /// The lines of the files read so far, by file name.
    var sources: [String: [String]] = [:]

    /// A file of garbage would otherwise fill the terminal and the memory with messages.
    package static let shownMax = 200

    package init() {}

    /// No problems yet, about the same files: for a later check that wants to show their lines.
    package var cleared: Problems {
        var problems = Problems()
        problems.sources = sources
        return problems
    }

    package var isEmpty: Bool { all.isEmpty }

    /// How many were added, those that were left out included.
    var count: Int { all.count + leftOut }

    /// Whether the configuration must not be used.
    package var hasErrors: Bool { all.contains { $0.severity == .error } || leftOut > 0 }

    package mutating func add(_ problem: Problem) {
        guard all.count < Self.shownMax else {
            leftOut += 1
            return
        }
        if all.contains(problem) { return }
        all.append(problem)
    }

    package mutating func error(at place: Place, _ message: String, expected: String? = nil, hint: String? = nil) {
        add(Problem(.error, at: place, message, expected: expected, hint: hint))
    }

    package mutating func warning(at place: Place, _ message: String, expected: String? = nil, hint: String? = nil) {
        add(Problem(.warning, at: place, message, expected: expected, hint: hint))
    }

    package mutating func note(at place: Place, _ message: String, hint: String? = nil) {
        add(Problem(.note, at: place, message, hint: hint))
    }

    /// Without what is only worth knowing.
    package var withoutNotes: Problems {
        var problems = self
        problems.all.removeAll { $0.severity == .note }
        return problems
    }

    package var notes: Problems {
        var problems = cleared
        problems.all = all.filter { $0.severity == .note }
        return problems
    }
}
