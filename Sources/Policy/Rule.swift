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
    package func decide(_ caller: borrowing Caller) -> Decision { .refuse(.tokenMissing) }
}
