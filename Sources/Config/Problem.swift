/// One thing that is wrong, or doubtful, in the configuration.
package struct Problem: Error, Sendable, Equatable {
    /// What a problem means for the load.
    package enum Severity: String, Sendable {
        /// The configuration is refused.
        case error
        /// The configuration is used; somebody should look at this.
        case warning
        /// Nothing is wrong; somebody may want to know. Only `check` shows it.
        case note
    }

    package var severity: Severity
    package var place: Place
    /// What was found and why it is wrong. Never the value of a secret.
    package var message: String
    /// What would have been right there: `a port from 1 to 65535`.
    package var expected: String?
    /// What to do about it, often the nearest known word.
    package var hint: String?

    package init(
        _ severity: Severity = .error, at place: Place, _ message: String, expected: String? = nil, hint: String? = nil
    ) {
        self.severity = severity
        self.place = place
        self.message = message
        self.expected = expected
        self.hint = hint
    }
}
