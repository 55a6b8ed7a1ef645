/// What was wrong with a JSON text, and where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: Sendable, Equatable {
        /// The text ends inside a value, or holds none.
        case unexpectedEnd
        /// A byte that the grammar does not allow here.
        case unexpectedByte
        /// A number outside the grammar: leading zero, no digits after the point, `NaN`, …
        case badNumber
        /// An unescaped control byte or an unknown escape in a string.
        case badString
        /// Half of a surrogate pair in `\u` escapes.
        case loneSurrogate
        /// Bytes that are not UTF-8.
        case notUTF8
        /// The same member name twice in one object.
        case duplicateMember
        /// Nested deeper than the limit.
        case tooDeep
        /// Something other than white space after the value.
        case trailingBytes
    }

    package let problem: Problem
    /// Zero-based offset of the byte at which reading stopped.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String {
        let what =
            switch problem {
            case .unexpectedEnd: "the JSON text ends too early"
            case .unexpectedByte: "unexpected byte"
            case .badNumber: "malformed number"
            case .badString: "control byte or bad escape in a string"
            case .loneSurrogate: "half a surrogate pair in a string"
            case .notUTF8: "not UTF-8"
            case .duplicateMember: "the same member name twice"
            case .tooDeep: "nested too deeply"
            case .trailingBytes: "bytes after the value"
            }
        return "\(what) (at byte \(offset))"
    }
}
