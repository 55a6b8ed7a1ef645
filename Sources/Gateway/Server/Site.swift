import Config
import EventLoop
import HTTP
import Policy
import Tokens

/// Everything that a loaded configuration decides about requests, compiled: shared by all cores and never changed.
struct Site: Sendable {
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
    let auth: AuthAPI
    let errors: ErrorAnswer
    let cors: CORS
    let upstreams: [Upstream]
    let headLimits: HeadLimits
    let timeouts: Timeouts
    let bodyBytesMax: UInt64?
    let trustedProxies: TrustedProxies
    let revocationStaleMax: Milliseconds
    /// What an HTTP/1.0 request without `Host` is taken to mean.
    let publicAuthority: String

    var routes: RouteTable { gate.routes }
}
