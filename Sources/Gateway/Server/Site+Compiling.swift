import Config
import EventLoop
import HTTP
import Policy
import Tokens

extension Site {
    static func resolve(_ server: Located<ListenAddress>, _ problems: inout Problems) -> [SocketAddress] {
        do {
            return try SocketAddress.resolve(server.value)
        } catch {
            problems.error(
                at: server.place, "the server \(server.value) cannot be found: \(error.words)",
                expected: "an address, or a name that has one")
            return []
        }
    }

    static func cookieAccess(_ configuration: Configuration) -> CookieAccess? {
        guard configuration.tokens.accessCookie else { return nil }
        return CookieAccess(
            cookie: AccessCookie(isHTTPS: configuration.publicURL.isHTTPS),
            crossSite: CrossSite(
                publicURL: configuration.publicURL.origin, corsOrigins: configuration.corsOrigins.map(\.value)))
    }

    static func authority(_ url: PublicURL) -> String {
        url.port == url.scheme.defaultPort ? url.host : "\(url.host):\(url.port)"
    }
}

extension SocketAddress {
    /// The addresses of what the configuration names; a Unix path is its own.
    package static func resolve(_ address: ListenAddress) throws(ResolutionError) -> [SocketAddress] {
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
