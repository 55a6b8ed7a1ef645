import Reasons

/// The one reading of a request's path: what the rules match is, byte for byte, what the backend gets.
///
/// A gateway that matches one spelling and forwards another lets strangers choose which of the two is which (Oathkeeper
/// GHSA-p224-6x5r-fjpm). So nothing is repaired here. Escapes of unreserved characters are decoded and hex digits
/// upper-cased, which every reader agrees on (RFC 3986 §6.2.2); whatever a backend might read differently is refused, or
/// has to be accepted by name on a route and then passes untouched.
///
/// `docs/decisions/0003-paths.md` says why each case is as it is.
package struct CanonicalPath: Sendable {
    /// What rules match and what the backend gets. Begins with `/`, is printable ASCII, has no dot segment in any
    /// spelling. It is the path as sent when `needs` is not empty.
    package private(set) var bytes: [UInt8] = []

    /// What a route has to accept by name before this path may pass; empty for a plain path.
    package private(set) var needs: PathAcceptance = []

    /// Every way in which a backend may read a path that needs acceptance (as sent, decoded, parameters cut, backslashes
    /// as slashes, slashes merged, a host cut off, in any order). Empty for a plain path.
    package private(set) var readings: [[UInt8]] = []

    /// The folded form, perhaps with a slash at its end, which decides nothing; nil when that is `bytes`. Most paths are plain
    /// lower case, and then neither the copy nor a second match is needed.
    package private(set) var folded: [UInt8]?

    /// Nothing yet: `bytes` is empty until a path has been read.
    package init() {}

    package init(_ rawPath: borrowing Span<UInt8>, accepting: PathAcceptance = .everything) throws(Reason) {
        try read(rawPath, accepting: accepting)
    }

    /// Makes the value ready for the next path; storage is kept.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needs = []
        if !readings.isEmpty { readings = [] }
        folded = nil
    }

    /// Reads a path into a value that is new or was `reset`, and which a refusal leaves as it was.
    ///
    /// - Parameter rawPath: the path of an origin-form target, without query.
    /// - Parameter accepting: what some route accepts. A path that needs more is refused before any work is done on its
    ///   readings.
    /// - Throws: `.ambiguousPath` for what can never pass: dot segments in any spelling, control bytes, bad escapes, raw
    ///   bytes that no client may send, and whatever becomes one of these when it is decoded once more.
    ///
    /// One pass and one copy for a plain path; otherwise linear, with a bounded number of readings.
    package mutating func read(_ rawPath: borrowing Span<UInt8>, accepting: PathAcceptance) throws(Reason) {
        switch try Self.survey(rawPath) {
        case .plain:
            bytes.append(rawPath)
        case .hasCapitals:
            bytes.append(rawPath)
            folded = bytes.map(PathBytes.lowered)
        case .unusual:
            let normal = try Self.normalise(rawPath)
            guard accepting.isSuperset(of: normal.needs) else { throw .ambiguousPath }
            if normal.needs.isEmpty {
                try Self.refuseHazards(in: normal.bytes)
                bytes = normal.bytes
            } else {
                var sent: [UInt8] = []
                sent.append(rawPath)
                readings = try Self.readings(asSent: sent, normalised: normal.bytes)
                needs = normal.needs
                bytes = sent
            }
            folded = Self.fold(bytes, .everything)
        }
    }

    /// The path as a backend that folds case and escapes may read it: every escape decoded, ASCII letters lowered, dots
    /// and blanks at a segment's end, empty segments and the slash at the end removed.
    package var foldedForm: [UInt8] {
        let folded = folded ?? bytes
        return folded.count > 1 && folded.last == PathBytes.slash ? Array(folded.dropLast()) : folded
    }

    /// Whether the gateway answers this path itself: `/api/auth` and everything below it.
    package var isOwn: Bool { Self.isOwn(bytes) }

    /// Whether a path, or a reading of one, lies in `/api/auth`.
    package static func isOwn(_ path: [UInt8]) -> Bool {
        guard path.count >= own.count else { return false }
        for index in own.indices where path[index] != own[index] { return false }
        return path.count == own.count || path[own.count] == PathBytes.slash
    }

    private static let own = Array("/api/auth".utf8)
}

extension CanonicalPath {
    private enum Survey {
        /// Canonical already, and its own folded form.
        case plain
        /// Canonical already; folded it is the same in lower case.
        case hasCapitals
        case unusual
    }

    /// Sorts out what nearly all requests send. Stops at the first byte that needs a closer look.
    private static func survey(_ path: borrowing Span<UInt8>) throws(Reason) -> Survey {
        guard path.count > 0, path[0] == PathBytes.slash else { throw .ambiguousPath }
        let legal = PathBytes.legal
        var hasCapitals = false
        var previous = PathBytes.slash
        for index in 1..<path.count {
            let byte = path[index]
            if byte == PathBytes.slash {
                // An empty segment, or dots at the end of one.
                if previous == PathBytes.slash || previous == PathBytes.dot { return .unusual }
            } else if PathBytes.isCapital(byte) {
                hasCapitals = true
            } else if byte == UInt8(ascii: "$"), previous == UInt8(ascii: ":") {
                // A stream of NTFS: folded it is another path.
                return .unusual
            } else if !legal.contains(byte) {
                guard byte == PathBytes.percent || byte == PathBytes.semicolon else { throw .ambiguousPath }
                return .unusual
            }
            previous = byte
        }
        if previous == PathBytes.dot { return .unusual }
        return hasCapitals ? .hasCapitals : .plain
    }
}

/// The unusual spellings that a route may accept by name. The list is complete.
package struct PathAcceptance: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `%2F`
    package static let encodedSlash = PathAcceptance(rawValue: 1 << 0)
    /// `%5C`
    package static let encodedBackslash = PathAcceptance(rawValue: 1 << 1)
    /// `;` and `%3B`
    package static let semicolon = PathAcceptance(rawValue: 1 << 2)
    /// `//`
    package static let emptySegments = PathAcceptance(rawValue: 1 << 3)
    /// `%25` before two hex digits: an escape that has been escaped.
    package static let encodedPercent = PathAcceptance(rawValue: 1 << 4)
    /// Escapes whose bytes are not UTF-8, as in Latin-1. Overlong forms of ASCII never pass.
    package static let nonUTF8 = PathAcceptance(rawValue: 1 << 5)
    /// A path that another route would win if letters were lowered. Never needed by a path as such.
    package static let `case` = PathAcceptance(rawValue: 1 << 6)
    /// A path that another route would win if escapes were decoded. Never needed by a path as such.
    package static let escapes = PathAcceptance(rawValue: 1 << 7)

    package static let everything = PathAcceptance(rawValue: .max)
}
