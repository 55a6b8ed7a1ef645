/// Where a word stands in a configuration file.
package struct Place: Sendable, Hashable {
    /// The file as it was named: by `-c`, or by `include` after its relative path was resolved.
    package var file: String
    /// Counted from 1. Zero means "nowhere in particular": the place of a default.
    package var line: Int
    /// Counted from 1, in Unicode scalars.
    package var column: Int
    /// How many scalars the word takes; zero when there is no word to put a caret under.
    package var width: Int

    package init(file: String, line: Int, column: Int, width: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.width = width
    }

    /// The place of a value that nobody wrote: a default.
    package static let nowhere = Place(file: "", line: 0, column: 0, width: 0)
}

extension Place: CustomStringConvertible {
    /// `gateway.conf:12:23`, as editors and compilers write it.
    package var description: String { "\(file):\(line):\(column)" }
}

/// A value together with the word it was read from, so that a later check can still put a caret under that word.
package struct Located<Value> {
    package var value: Value
    package var place: Place

    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
