import Config
import EventLoop
import HTTP
import Policy
import Tokens

extension Site {
    /// Compiles a configuration that has been checked. Names of servers are looked up here, once.
    ///
    /// - Throws: a problem for every server whose name has no address.
    init(_ loaded: LoadedConfiguration, auth: AuthAPI, verifier: TokenVerifier) throws(Problems) {
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
        publicAuthority = Self.authority(configuration.publicURL)
        gate = Gate(routes: loaded.routes, fallbackHost: Array(publicAuthority.utf8))
        upstreamHead = UpstreamHead(
            filter: ForwardedFields(configuration), publicScheme: configuration.publicURL.scheme.rawValue)
        identity = IdentityFields(configuration.identityHeaders)
        self.verifier = verifier
        self.auth = auth
        errors = ErrorAnswer(isHTTPS: configuration.publicURL.isHTTPS)
        cors = CORS(origins: configuration.corsOrigins.map(\.value))
        var limits = HeadLimits()
        limits.headBytesMax = configuration.sizes.headBytes
        limits.targetBytesMax = configuration.sizes.targetBytes
        limits.fieldsMax = configuration.sizes.fields
        headLimits = limits
        timeouts = Timeouts(configuration.timeouts)
        bodyBytesMax = configuration.sizes.bodyBytes
        trustedProxies = configuration.trustedProxies
        revocationStaleMax = Milliseconds(clamping: configuration.revocationStaleMaxSeconds) * 1000
    }

    private static func resolve(_ server: Located<ListenAddress>, _ problems: inout Problems) -> [SocketAddress] {
        do {
            return try SocketAddress.resolve(server.value)
        } catch {
            problems.error(
                at: server.place, "the server \(server.value) cannot be found: \(error.words)",
                expected: "an address, or a name that has one")
            return []
        }
    }

    private static func authority(_ url: PublicURL) -> String {
        url.port == url.scheme.defaultPort ? url.host : "\(url.host):\(url.port)"
    }
}

extension SocketAddress {
    /// The addresses of what the configuration names; a Unix path is its own.
    static func resolve(_ address: ListenAddress) throws(ResolutionError) -> [SocketAddress] {
        switch address {
        case .tcp(let host, let port): try resolve(host: host, port: port)
        case .unix(let path): [.unix(path: path)]
        }
    }
}

extension SocketAddress.ResolutionError {
    package var words: String {
        switch self {
        case .failed(let words): words
        }
    }
}
