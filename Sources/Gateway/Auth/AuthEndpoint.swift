import Encoding

/// What stands under `/api/auth`. A path is looked up once, on its canonical form; there are no aliases.
enum AuthEndpoint: Sendable, Equatable {
    case register
    case login
    case refresh
    case logout
    case logoutAll
    case me
    case sessions
    case session(id: String)
    case passwordChange
    case keySet
    case file(SiteFile)

    /// Nil: nothing is here.
    init?(path: [UInt8]) {
        let prefix = Array("/api/auth/".utf8)
        guard path.starts(with: prefix) else { return nil }
        let rest = path[prefix.count...]
        for (name, endpoint) in Self.named where rest.elementsEqual(name.utf8) {
            self = endpoint
            return
        }
        let sessions = "sessions/".utf8
        guard rest.starts(with: sessions) else { return nil }
        // An id that is no UUID names no session; it never gets as far as the database.
        let id = Array(rest.dropFirst(sessions.count))
        guard UUIDText.isValid(id.span) else { return nil }
        self = .session(id: String(decoding: id, as: UTF8.self))
    }

    /// Everything but the paths that hold an id.
    static let named: [(String, AuthEndpoint)] =
        [
            ("register", .register), ("login", .login), ("refresh", .refresh), ("logout", .logout),
            ("logout-all", .logoutAll), ("me", .me), ("sessions", .sessions), ("password/change", .passwordChange),
            (".well-known/jwks.json", .keySet),
        ] + SiteFile.allCases.map { ($0.rawValue, .file($0)) }

    /// The methods it answers besides OPTIONS, as `Allow` lists them. GET brings HEAD along.
    var methods: [String] {
        switch self {
        case .register, .login, .refresh, .logout, .logoutAll, .passwordChange: ["POST"]
        case .me, .sessions, .keySet, .file: ["GET", "HEAD"]
        case .session: ["DELETE"]
        }
    }

    /// Whether a good access token is needed.
    var needsBearer: Bool {
        switch self {
        case .register, .login, .refresh, .logout, .keySet, .file: false
        case .logoutAll, .me, .sessions, .session, .passwordChange: true
        }
    }
}
