/// All that gateway.conf says, checked and with every default filled in.
///
/// A value of this type is only to be used when the `Problems` of the same reading hold no error; until then it is what
/// could be understood, so that later checks can find their mistakes in the same run.
package struct Configuration: Sendable {
    package var listen: [Located<ListenAddress>] = []
    package var publicURL = PublicURL(scheme: .http, host: "localhost", port: 80)
    package var database = Database.sqlite(path: "gatehouse.db")
    /// The value of `database`, when it was written.
    package var databasePlace: Place?
    package var registrationOpen = false
    package var tokens = Tokens()
    /// Others whose tokens open the gate too.
    package var issuers: [Issuer] = []
    package var limits = Limits()
    package var admin: Located<ListenAddress>?
    package var accessLog = AccessLog(target: .stdout, format: .json)
    /// How many cores to use; nil means all.
    package var workers: Int?
    package var upstreams: [Upstream] = []
    package var routes: [RouteLine] = []
    package var policies: [PolicyLine] = []
    package var expectations: [ExpectLine] = []
    package var timeouts = Timeouts()
    package var sizes = Sizes()
    package var identityHeaders = IdentityHeaders()
    package var trustedProxies = TrustedProxies()
    /// Origins of other sites that scripts may call from, as browsers send them: `https://app.example.com`.
    package var corsOrigins: [Located<String>] = []
    /// The path that a browser is sent to instead of a 401.
    package var signInPage: Located<String>?
    package var underscoreHeaders = UnderscoreHeaders.drop
    /// What a request has to carry to be told why it was decided as it was; nil tells nobody.
    package var debugSecret: Secret?
    package var bcryptCost = 12
    /// Bits of libzxcvbn below which a new password is refused; 0 switches the check off.
    package var passwordStrengthBits = 20
    package var ioEngine = IOEngine.auto
    package var drainGraceMs = 30_000
    /// The roles that exist, when `roles` lists them; nil means that any role name will do.
    package var roles: [Located<String>]?
    /// Which of them include which others.
    package var roleRanks: [RoleRank] = []
    /// How long the revocation table may stay unreadable before private routes answer 503.
    package var revocationStaleMaxSeconds = 300

    /// `audit-key`: the first makes the chain of the audit, all of them verify it. Empty: one is derived from the signing key.
    package var auditKeys: [Located<KeySource.Source>] = []
    /// `audit-keep`; nil means for ever.
    package var auditKeepSeconds: Int? = 400 * 86_400

    /// False when a `route`, a `policy` or an `upstream` could not be read: then what follows from the others is not worth saying.
    package internal(set) var routesAreWhole = true

    package init() {}
}

extension Configuration {
    /// Where accounts and sessions are kept.
    package enum Database: Sendable, Equatable {
        case sqlite(path: String)
        /// A `postgresql://` URL. It may hold a password, so it does not print.
        case postgres(url: Secret)
    }

    /// `tokens { … }`.
    package struct Tokens: Sendable {
        /// `iss` of the tokens that are issued and accepted; the public URL unless it is set.
        package var issuer = ""
        package var audience = ""
        package var accessSeconds = 15 * 60
        package var refreshSeconds = 7 * 86_400
        package var refreshGraceSeconds = 30
        package var refreshAbsoluteSeconds = 30 * 86_400
        /// Live sessions of one user; the oldest ends when one more begins.
        package var maxSessions = 50
        /// How far after `iat` (or now) the `exp` of an accepted token may lie.
        package var lifetimeMaxSeconds = 86_400
        package var refreshInBody = false
        /// Whether the access token also travels in a cookie.
        package var accessCookie = false
        /// The first signs, all verify. Never empty in a configuration without errors, unless there is a ring.
        package var keys: [Located<KeySource>] = []
        /// `key ring database`: the keys of the database sign.
        package var keyRing: Located<KeyRingSource>?

        package init() {}
    }

    /// A signing key: which algorithm, and where its bytes come from.
    package struct KeySource: Sendable, Equatable {
        package enum Algorithm: String, Sendable, CaseIterable {
            case hs256, es256, rs256, eddsa
        }

        package enum Source: Sendable, Equatable {
            /// The path, resolved. `readable` says that others on the machine may read the file.
            case file(path: String, readable: Bool)
            /// The name of the variable and what it held when the configuration was read.
            case environment(name: String, value: Secret)
        }

        package var algorithm: Algorithm
        package var source: Source

        package init(algorithm: Algorithm, source: Source) {
            self.algorithm = algorithm
            self.source = source
        }
    }

    /// The secret that the keys in the database are sealed with, and the variable that held it.
    package struct KeyRingSource: Sendable, Equatable {
        package var variable: String
        package var secret: Secret
    }

    /// `COUNT per WINDOW`.
    package struct RateLimit: Sendable, Equatable {
        package var count: Int
        package var windowSeconds: Int

        package init(count: Int, windowSeconds: Int) {
            self.count = count
            self.windowSeconds = windowSeconds
        }
    }

    /// `limits { … }`; nil means `off`.
    package struct Limits: Sendable {
        /// Failures per (email, address).
        package var login: RateLimit? = RateLimit(count: 10, windowSeconds: 15 * 60)
        /// Accounts made per address.
        package var register: RateLimit? = RateLimit(count: 100, windowSeconds: 3_600)
        /// Refreshes per address.
        package var refresh: RateLimit? = RateLimit(count: 300, windowSeconds: 60)

        package init() {}
    }

    package struct AccessLog: Sendable, Equatable {
        package enum Target: Sendable, Equatable {
            case off, stdout
            case file(path: String)
        }

        package enum Format: String, Sendable, CaseIterable {
            case json, combined
        }

        package var target: Target
        package var format: Format

        package init(target: Target, format: Format) {
            self.target = target
            self.format = format
        }
    }

    /// `upstream NAME { … }`.
    package struct Upstream: Sendable {
        package var name: Located<String>
        /// Never empty in a configuration without errors.
        package var servers: [Located<ListenAddress>]
        /// The file's `timeouts` with this upstream's own on top: nothing is left to look up while serving.
        package var timeouts: Timeouts

        package init(name: Located<String>, servers: [Located<ListenAddress>], timeouts: Timeouts) {
            self.name = name
            self.servers = servers
            self.timeouts = timeouts
        }
    }

    /// `timeouts { … }`, in milliseconds.
    package struct Timeouts: Sendable, Equatable {
        /// From the first byte of a request head to its last.
        package var headMs = 10_000
        /// Between two pieces of a request body.
        package var bodyIdleMs = 30_000
        /// Between two requests on a connection.
        package var keepAliveMs = 60_000
        /// Until a connection to a server stands.
        package var connectMs = 5_000
        /// From the end of the request to the head of the answer.
        package var answerMs = 60_000
        /// Between two pieces of an answer.
        package var answerIdleMs = 600_000

        package init() {}
    }

    /// `sizes { … }`.
    package struct Sizes: Sendable, Equatable {
        /// Request line and fields together.
        package var headBytes = 32 * 1024
        package var targetBytes = 8 * 1024
        /// Field lines in one head.
        package var fields = 100
        /// nil means that bodies on proxied routes have no limit.
        package var bodyBytes: UInt64?

        package init() {}
    }

    /// `headers { … }`: under which names the backend learns who is calling.
    package struct IdentityHeaders: Sendable, Equatable {
        package var userID = "X-User-Id"
        package var userEmail = "X-User-Email"
        package var userEmailVerified = "X-User-Email-Verified"
        package var userRoles = "X-User-Roles"
        package var userName = "X-User-Name"
        package var sessionID = "X-Session-Id"

        package init() {}

        /// All six.
        package var names: [String] { [userID, userEmail, userEmailVerified, userRoles, userName, sessionID] }
    }

    /// What to do with a client's field whose name holds `_`.
    package enum UnderscoreHeaders: String, Sendable, CaseIterable {
        case drop, refuse, pass
    }

    package enum IOEngine: String, Sendable, CaseIterable {
        case auto
        case ioUring = "io_uring"
        case epoll
    }
}
