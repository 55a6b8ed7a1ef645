import Reasons

/// Whom a route lets through.
package enum Rule: Sendable, Equatable {
    case anyone
    case user
    /// Any one of them. An empty list lets nobody through.
    case roles([String])
}

extension Rule {
    /// Why a caller with these roles is not let through, nil when it is. Cheap enough to ask on every request: it allocates
    /// nothing.
    ///
    /// - Parameter roles: nil for nobody.
    package func refusal(roles: [String]?) -> Reason? {
        switch self {
        case .anyone: return nil
        case .user: return roles == nil ? .tokenMissing : nil
        case .roles(let wanted):
            guard let roles else { return .tokenMissing }
            for role in wanted { for held in roles where Self.isSame(role, held) { return nil } }
            return .forbidden
        }
    }

    /// Byte for byte. `==` on strings compares by canonical equivalence, where U+212A is a `K`.
    static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
    }
}
