/// A `route` line as it was written; `Policy` compiles it.
package struct RouteLine: Sendable {
    /// Which `Host` a route is for.
    package enum Host: Sendable, Hashable {
        case any
        /// Lower-cased, without port and without a dot at its end.
        case exact(String)
        /// `*.example.com` is kept as `.example.com`.
        case wildcard(suffix: String)
    }

    package enum Rule: Sendable, Equatable {
        case anyone
        case user
        /// Any of them; none at all lets nobody through.
        case roles([Located<String>])
    }

    /// The word `route`.
    package var place: Place
    /// Empty means every method.
    package var methods: [Located<String>] = []
    package var host = Host.any
    /// The path pattern as written, beginning with `/`; the place is that of the whole `[HOST]PATH` word.
    package var path: Located<String>
    /// `[HOST]PATH` as written: what logs and metrics show.
    package var label: String
    package var rule: Located<Rule>
    /// All of them have to hold, besides the rule.
    package var conditions: [ConditionLine] = []
    package var accept: [Located<AcceptedSpelling>] = []
    package var stripAuthorization = false
    package var upstream: Located<String>
}

/// The unusual spellings of a path that a route may accept by name. The list is complete.
package enum AcceptedSpelling: String, Sendable, CaseIterable {
    case encodedSlash = "encoded-slash"
    case encodedBackslash = "encoded-backslash"
    case semicolon
    case emptySegments = "empty-segments"
    case encodedPercent = "encoded-percent"
    case nonUTF8 = "non-utf8"
    case `case`
    case escapes
}

/// An `expect` line as it was written; `Policy` evaluates it.
package struct ExpectLine: Sendable {
    package enum Caller: Sendable, Equatable {
        case nobody
        /// Signed in, with these roles; `as user` is signed in with none.
        case signedIn(roles: [Located<String>])
    }

    /// What an expectation says about the request besides its caller's roles. What it does not say is not known, and a
    /// condition that needs it does not hold.
    package struct Circumstances: Sendable, Equatable {
        package var address: [UInt8]?
        /// `from ADDRESS` as written.
        package var addressText: String?
        package var claims: [String: [String]] = [:]
        package var headers: [(name: String, value: String)] = []
        package var unixSeconds: Int64?
        /// All of it as written, for messages.
        package var text = ""

        package static func == (a: Circumstances, b: Circumstances) -> Bool { a.text == b.text }
    }

    /// The word `expect`.
    package var place: Place
    package var method: Located<String>
    /// Empty unless the line says `HOST/path`.
    package var host: String
    /// The path as a client would send it; a query in it is for `query` conditions.
    package var path: Located<String>
    package var caller: Caller
    package var circumstances = Circumstances()
    package var status: Located<UInt16>
}
