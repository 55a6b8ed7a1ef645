import Reasons

/// Whom a route lets through.
package enum Rule: Sendable, Equatable {
    case anyone
    case user
    /// Any one of them. An empty list lets nobody through.
    case roles([String])
}

/// Who is calling, as far as rules care.
package enum Caller: Sendable, Equatable {
    /// No token, or, on a public route, none that is valid.
    case nobody
    case signedIn(roles: [String])
}

/// What the gate does with a request, and why.
package enum Decision: Sendable, Equatable {
    /// Why a caller is let through.
    package enum Grounds: Sendable, Equatable {
        case publicRoute
        case signedIn
        case role(String)
    }

    case allow(Grounds)
    case refuse(Reason)
}

extension Rule {
    /// Whether the caller is let through. Cheap enough to ask on every request: it allocates nothing.
    package func decide(_ caller: borrowing Caller) -> Decision {
        switch (self, copy caller) {
        case (.anyone, _): .allow(.publicRoute)
        case (_, .nobody): .refuse(.tokenMissing)
        case (.user, .signedIn): .allow(.signedIn)
        case (.roles(let wanted), .signedIn(let held)):
            if let role = wanted.first(where: { role in held.contains { Self.isSame(role, $0) } }) {
                .allow(.role(role))
            } else {
                .refuse(.forbidden)
            }
        }
    }

    /// Why a caller with these roles is not let through, nil when it is; `decide` without the grounds, for the path of every
    /// request.
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
