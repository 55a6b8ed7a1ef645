import Config
import HTTP
import Policy
import Reasons
import Tokens

/// Decides about one request from its head alone: canonical path, route, token, rule.
///
/// Pure: no I/O, no clock, no lock. What it finds out on the way stays in the `Judgement`, so that the log can tell how
/// far a refused request came.
final class Gate: Sendable {
    let routes: RouteTable
    /// The public URL's authority: what a backend is told as `Host` when an HTTP/1.0 request names none.
    let fallbackHost: [UInt8]
    /// Whether, and by which rules, the access token may come in a cookie.
    let cookieAccess: CookieAccess?
    /// What a backend gets of the client's fields; conditions see no other.
    let filter: ForwardedFields?
    /// Vias of ours in one request at which it is taken to go round in circles.
    private static let viasMax = 3

    init(
        routes: RouteTable, fallbackHost: [UInt8], cookieAccess: CookieAccess? = nil, filter: ForwardedFields? = nil
    ) {
        self.routes = routes
        self.fallbackHost = fallbackHost
        self.cookieAccess = cookieAccess
        self.filter = filter
    }

    /// - Parameters:
    ///   - isPreflight: whether this is a CORS preflight of an origin that `cors` names. It carries no token, so it is
    ///     judged by whether a route covers what it asks about; the rule decides when the request itself comes.
    ///   - client: the client's address as text, for conditions; empty when it is not known.
    ///   - now: unix seconds.
    /// - Throws: why the request is refused. Nothing has been sent anywhere by then.
    func judge(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, isPreflight: Bool, tokens: TokenGate,
        client: String = "", now: Int64, _ judgement: inout Judgement
    ) throws(Reason) {
        guard routes.knows(method: bytes.extracting(head.method)) else { throw .methodNotImplemented }
        // `OPTIONS *` asks about a server, and no route is one.
        guard head.targetForm != .asterisk else { throw .noRoute }
        try judgement.path.read(bytes.extracting(head.path), accepting: routes.acceptedAnywhere)
        if Self.countVias(head, bytes) >= Self.viasMax { throw .loopDetected }
        try findBearer(head, bytes, tokens: tokens, now: now, &judgement)
        if judgement.path.isOwn {
            judgement.isOwn = true
            return
        }
        let asked = isPreflight ? head.first(.accessControlRequestMethod)?.value : nil
        let route = try route(method: bytes.extracting(asked ?? head.method), head, bytes, judgement.path)
        judgement.route = route
        if asked != nil {
            judgement.isPreflight = true
            return
        }
        if judgement.isByCookie { distrustCrossSite(head, bytes, &judgement) }
        if let refusal = route.rule.refusal(roles: judgement.bearer?.claims.roles) {
            // To somebody whose token is bad, that is the reason, not that there is none.
            throw judgement.bearer == nil ? judgement.whyNobody : refusal
        }
        if route.hasConditions { try checkConditions(of: route, head, bytes, client: client, now: now, judgement) }
        judgement.isIdentified = judgement.bearer != nil
    }

    private func route(
        method: borrowing Span<UInt8>, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>,
        _ path: borrowing CanonicalPath
    ) throws(Reason) -> CompiledRoute {
        // By the host that the backend will read: leaving it out must not lead around the rules of a host.
        if head.host.isEmpty {
            let host = fallbackHost
            return routes.routes[try routes.route(method: method, host: host.span, path: path)]
        }
        return routes.routes[try routes.route(method: method, host: bytes.extracting(head.hostName), path: path)]
    }

    /// The token's verdict. A bad token is no refusal yet: on a public route its bearer is nobody.
    private func findBearer(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, tokens: TokenGate, now: Int64,
        _ judgement: inout Judgement
    ) throws(Reason) {
        guard let range = try findToken(head, bytes, tokens: tokens, now: now, &judgement) else { return }
        judgement.token = range
        var isHit = false
        do throws(Reason) {
            judgement.bearer = try tokens.check(bytes.extracting(range), now: now, isHit: &isHit)
            judgement.cacheHit = isHit
        } catch {
            judgement.whyNobody = error
        }
    }

    private static func countVias(_ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) -> Int {
        guard head.has(.via) else { return 0 }
        let ours = Array("gatehouse".utf8)
        var count = 0
        for index in 0..<head.fieldCount where head.field(at: index).known == .via {
            let value = bytes.extracting(head.field(at: index).value)
            var at = 0
            while at + ours.count <= value.count {
                if matches(value, at: at, ours) {
                    count += 1
                    at += ours.count
                } else {
                    at += 1
                }
            }
        }
        return count
    }

    private static func matches(_ value: borrowing Span<UInt8>, at start: Int, _ word: [UInt8]) -> Bool {
        for index in 0..<word.count where value[start + index] != word[index] { return false }
        return true
    }
}

/// What the gate has found out about a request, as far as it came.
struct Judgement: ~Copyable {
    /// Empty while it has not been read, or when it was refused.
    var path = CanonicalPath()
    /// The path lies in `/api/auth`.
    var isOwn = false
    /// A preflight that the gateway answers itself.
    var isPreflight = false
    /// The route that won.
    var route: CompiledRoute?
    /// Who sent a good access token, whether or not the route asks for one.
    var bearer: TokenGate.Bearer?
    /// Where the access token is in the head, good or not.
    var token: Range<Int>?
    /// It came in the cookie, which the browser may have been made to send.
    var isByCookie = false
    /// Why there is no bearer.
    var whyNobody = Reason.tokenMissing
    /// The backend is told who the bearer is.
    var isIdentified = false
    /// Whether the token's verdict came from the cache; nil when there was no token to verify.
    var cacheHit: Bool?

    /// Makes the value ready for the next request; storage is kept.
    mutating func reset() {
        path.reset()
        isOwn = false
        isPreflight = false
        route = nil
        bearer = nil
        token = nil
        isByCookie = false
        whyNobody = .tokenMissing
        isIdentified = false
        cacheHit = nil
    }
}
