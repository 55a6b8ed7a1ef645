/// The name that a person wants to be called. It goes to backends percent-encoded and to pages that may show it, so it
/// is short and holds nothing that moves a cursor or turns the reading direction of what stands beside it.
package struct DisplayName: Sendable, Hashable {
    /// Three times this is the longest `X-User-Name`.
    package static let bytesMax = 200

    package let text: String

    /// Nil when `text` is blank, too long, or holds a character that does not belong into a name.
    package init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard text.utf8.count <= Self.bytesMax, scalars.allSatisfy(Self.isFit) else { return nil }
        guard let first = scalars.firstIndex(where: { $0 != " " }), let last = scalars.lastIndex(where: { $0 != " " })
        else { return nil }
        self.text = String(String.UnicodeScalarView(scalars[first...last]))
    }

    private static func isFit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069: return false  // bidirectional overrides and isolates
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return false
        default: return true
        }
    }
}
