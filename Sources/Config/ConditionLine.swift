/// A condition of a route or a policy as it was written; `Policy` compiles it.
package struct ConditionLine: Sendable, Equatable {
    package indirect enum Test: Sendable, Equatable {
        /// Any of them.
        case role([Located<String>])
        /// Each of them.
        case allRoles([Located<String>])
        case claim(name: String, ValueTest)
        /// The path parameter equals the claim.
        case parameter(Located<String>, claim: String)
        case from([AddressRange])
        case method([String])
        case host([RouteLine.Host])
        case header(name: Located<String>, ValueTest)
        case query(name: String, ValueTest)
        case between(TimeWindow)
        case policy(Located<String>)
        /// One of the sentences holds, which it does when each of its conditions does.
        case any([[ConditionLine]])
    }

    /// What is asked of a value.
    package enum ValueTest: Sendable, Equatable {
        /// It is one of these.
        case among([String])
        /// It is there, whatever it is.
        case present
    }

    /// From the first word, `not` included.
    package var place: Place
    /// As it stands in the file, so that a value from the environment shows as its variable.
    package var text: String
    package var isNegated: Bool
    package var test: Test
}

/// `policy NAME { … }`: conditions that many routes share.
package struct PolicyLine: Sendable {
    package var name: Located<String>
    /// All have to hold. Never empty in a configuration without errors.
    package var conditions: [ConditionLine] = []
}

/// `roles HIGHER > LOWER`: whoever has the higher role counts as having the lower one.
package struct RoleRank: Sendable, Equatable {
    package var higher: Located<String>
    package var lower: Located<String>
}

/// The words that begin a condition, in the order of the manual.
enum ConditionWord: String, CaseIterable {
    case role
    case allRoles = "all-roles"
    case claim
    case `where`
    case from
    case method
    case host
    case header
    case query
    case between
    case policy
    case not

    static let texts = Set(allCases.map(\.rawValue))
}
