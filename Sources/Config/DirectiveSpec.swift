/// Where a directive may stand: at the top of the file or in one of the blocks.
enum Context: String, Sendable, CaseIterable {
    case top
    case tokens
    case issuer
    case claims
    case limits
    case headers
    case upstream
    case timeouts
    case upstreamTimeouts
    case sizes
    case policy
    case policyAny

    /// How messages and the manual name the block.
    var block: String? {
        switch self {
        case .top: nil
        case .tokens: "tokens { … }"
        case .issuer: "issuer NAME { … }"
        case .claims: "claims { … }"
        case .limits: "limits { … }"
        case .headers: "headers { … }"
        case .upstream: "upstream NAME { … }"
        case .timeouts: "timeouts { … }"
        case .upstreamTimeouts: "timeouts { … } in an upstream"
        case .sizes: "sizes { … }"
        case .policy: "policy NAME { … }"
        case .policyAny: "any { … } in a policy"
        }
    }
}

/// One directive of the language: how it is read and what the manual says about it, side by side, so that a test can
/// hold the one against the other.
struct DirectiveSpec: Sendable {
    let name: String
    let context: Context
    /// The grammar of what follows the name, for people.
    let arguments: String
    /// What holds when the directive is absent, as it would be written; nil when it has to be there or when nothing
    /// holds in its place.
    var standard: String?
    var isRequired = false
    /// Whether it may be given more than once.
    var repeats = false
    /// The block that follows the arguments.
    var opens: Context?
    /// What it does and why one would change it.
    let purpose: String
    /// Reads the arguments.
    var read: @Sendable (inout Draft) -> Void = { _ in }
    /// Runs after the block has been read.
    var closeBlock: @Sendable (inout Draft) -> Void = { _ in }
}

extension DirectiveSpec {
    /// The whole language, in the order of the manual.
    static let all: [DirectiveSpec] =
        basics + tokens + issuers + limits + routing + policies + exposure + bounds + running + audit

    private static let byContext: [Context: [String: DirectiveSpec]] = {
        var table: [Context: [String: DirectiveSpec]] = [:]
        for spec in all { table[spec.context, default: [:]][spec.name] = spec }
        return table
    }()

    static func named(_ name: String, in context: Context) -> DirectiveSpec? { byContext[context]?[name] }

    static func names(in context: Context) -> [String] { all.filter { $0.context == context }.map(\.name) }

    /// Whether a mistake in it means that nobody knows what the routes would do.
    var decidesAboutRoutes: Bool {
        ["route", "upstream", "policy", "roles"].contains(name) || context == .policy || context == .policyAny
    }

    /// The other blocks that know a name.
    static func contexts(of name: String) -> [Context] { all.filter { $0.name == name }.map(\.context) }
}

/// What the language will have words for and this version does not do yet. Such a word is refused in so many words: a rule
/// that is silently ignored is a hole.
enum NotBuiltYet {
    static let phrase = "not built yet"

    /// Directives by the block they will stand in.
    private static let directives: [Context: Set<String>] = [
        .top: ["tls"]
    ]

    /// Words of a `route` or `expect` line.
    static let routeWords: Set<String> = ["cors"]

    static func names(_ directive: String, in context: Context) -> Bool {
        directives[context]?.contains(directive) ?? false
    }
}
