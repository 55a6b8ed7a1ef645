import Config
import EventLoop
import HTTP
import Policy
import Telemetry
import Tokens

/// Everything that a loaded configuration decides about requests, compiled: shared by all cores and never changed. A
/// class, so that nothing of it is copied on the way of a request.
final class Site: Sendable {
    struct Upstream: Sendable {
        let name: String
        let servers: [(text: String, addresses: [SocketAddress])]
        let timeouts: Timeouts
    }

    /// `timeouts`, as the loop counts them.
    struct Timeouts: Sendable {
        let head: Milliseconds
        let bodyIdle: Milliseconds
        let keepAlive: Milliseconds
        let connect: Milliseconds
        let answer: Milliseconds
        let answerIdle: Milliseconds

        init(_ timeouts: Configuration.Timeouts) {
            head = Milliseconds(clamping: timeouts.headMs)
            bodyIdle = Milliseconds(clamping: timeouts.bodyIdleMs)
            keepAlive = Milliseconds(clamping: timeouts.keepAliveMs)
            connect = Milliseconds(clamping: timeouts.connectMs)
            answer = Milliseconds(clamping: timeouts.answerMs)
            answerIdle = Milliseconds(clamping: timeouts.answerIdleMs)
        }
    }

    let gate: Gate
    let upstreamHead: UpstreamHead
    let identity: IdentityFields
    let verifier: TokenVerifier
    let keys: KeyKeeping
    let auth: AuthAPI
    let errors: ErrorAnswer
    /// Nil unless `debug-header` is there.
    let debug: DebugHeader?
    let cors: CORS
    let signInPage: SignInPage?
    let upstreams: [Upstream]
    let headLimits: HeadLimits
    let timeouts: Timeouts
    let bodyBytesMax: UInt64?
    let trustedProxies: TrustedProxies
    let revocationStaleMax: Milliseconds
    let untrustedProxies: UntrustedProxyNotice

    /// The routes as the log writes them, by index.
    let routeWords: [LogWord]

    var routes: RouteTable { gate.routes }

    /// Compiles a configuration that has been checked. Names of servers are looked up here, once.
    ///
    /// - Throws: a problem for every server whose name has no address.
    init(
        _ loaded: LoadedConfiguration, auth: AuthAPI, verifier: TokenVerifier, keys: KeyKeeping,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(Problems) {
        let configuration = loaded.configuration
        var problems = loaded.warnings.cleared
        upstreams = configuration.upstreams.map { upstream in
            Upstream(
                name: upstream.name.value,
                servers: upstream.servers.map { server in
                    (server.value.description, Self.resolve(server, &problems))
                },
                timeouts: Timeouts(upstream.timeouts))
        }
        guard !problems.hasErrors else { throw problems }
        let authority = Self.authority(configuration.publicURL)
        routeWords = loaded.routes.routes.map { LogWord($0.name) }
        let filter = ForwardedFields(configuration)
        gate = Gate(
            routes: loaded.routes, fallbackHost: Array(authority.utf8), cookieAccess: Self.cookieAccess(configuration),
            filter: filter)
        upstreamHead = UpstreamHead(
            filter: filter, publicScheme: configuration.publicURL.scheme.rawValue,
            fallbackHost: authority)
        identity = IdentityFields(configuration.identityHeaders)
        self.verifier = verifier
        self.keys = keys
        self.auth = auth
        errors = ErrorAnswer(isHTTPS: configuration.publicURL.isHTTPS)
        debug = configuration.debugSecret.map { DebugHeader(secret: $0.bytes) }
        cors = CORS(origins: configuration.corsOrigins.map(\.value))
        signInPage = configuration.signInPage.map {
            SignInPage(path: $0.value, isHTTPS: configuration.publicURL.isHTTPS)
        }
        headLimits = HeadLimits(configuration.sizes)
        timeouts = Timeouts(configuration.timeouts)
        bodyBytesMax = configuration.sizes.bodyBytes
        trustedProxies = configuration.trustedProxies
        untrustedProxies = UntrustedProxyNotice(report: report)
        revocationStaleMax = Milliseconds(clamping: configuration.revocationStaleMaxSeconds) * 1000
    }
}
