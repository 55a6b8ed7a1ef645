import Reasons

/// The one reading of a request's path that rules match and that the backend gets, byte for byte.
package struct CanonicalPath: Sendable {
    /// What rules match and what the backend gets.
    package let bytes: [UInt8]
    /// The path as a backend that folds case and escapes may read it.
    package let shadow: [UInt8]
    /// What a route has to accept by name before this path may pass; empty for a plain path.
    package let needs: PathAcceptance
    /// Every way in which a backend may read a path that needs acceptance; empty for a plain path.
    package let readings: [[UInt8]]

    /// Throws `.ambiguousPath` for what can never pass.
    package init(_ rawPath: borrowing Span<UInt8>, accepting: PathAcceptance = .everything) throws(Reason) {
        bytes = []
        shadow = []
        needs = []
        readings = []
        throw .ambiguousPath
    }

    /// Whether the gateway answers this path itself: `/api/auth` and everything below it.
    package var isOwn: Bool { false }
}

/// The unusual spellings that a route may accept by name (contract §3).
package struct PathAcceptance: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let encodedSlash = PathAcceptance(rawValue: 1 << 0)
    package static let encodedBackslash = PathAcceptance(rawValue: 1 << 1)
    package static let semicolon = PathAcceptance(rawValue: 1 << 2)
    package static let emptySegments = PathAcceptance(rawValue: 1 << 3)
    package static let encodedPercent = PathAcceptance(rawValue: 1 << 4)
    package static let nonUTF8 = PathAcceptance(rawValue: 1 << 5)
    package static let `case` = PathAcceptance(rawValue: 1 << 6)
    package static let escapes = PathAcceptance(rawValue: 1 << 7)
    package static let everything = PathAcceptance(rawValue: .max)
}
