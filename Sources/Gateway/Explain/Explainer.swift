import Accounts
import Config
import HTTP
import Policy
import Reasons
import Tokens

/// Tells what the gateway would do with a request, without a socket: the head is written as a client would send it, parsed,
/// judged by the gate and built anew for the backend by the code that serves requests.
package struct Explainer {
    private let loaded: LoadedConfiguration
    private let gate: Gate
    private let upstreamHead: UpstreamHead
    private let verifier: TokenVerifier
    private let identity: IdentityFields
    private let authority: String
    private let revoked: RevocationSet

    /// Who asks, besides what the question says.
    package enum Bearer: Sendable {
        case none
        /// Somebody whose token would say just this.
        case claims(Claims)
        /// A token, which is verified.
        case token(String)
    }

    /// - Parameters:
    ///   - keys: those that tokens are verified with; the sets that other issuers keep at a URL are not fetched.
    ///   - revoked: what a gateway would have read from the database by now.
    package init(_ loaded: LoadedConfiguration, keys: KeyRing, revoked: RevocationSet = RevocationSet()) {
        self.loaded = loaded
        self.revoked = revoked
        let configuration = loaded.configuration
        let filter = ForwardedFields(configuration)
        authority = Site.authority(configuration.publicURL)
        gate = Gate(
            routes: loaded.routes, fallbackHost: Array(authority.utf8), cookieAccess: Site.cookieAccess(configuration),
            filter: filter)
        upstreamHead = UpstreamHead(
            filter: filter, publicScheme: configuration.publicURL.scheme.rawValue, fallbackHost: authority)
        identity = IdentityFields(configuration.identityHeaders)
        let live = LiveKeys(keys)
        for (index, ring) in loaded.issuerKeys { _ = live.replaceForeign(index, ring) }
        verifier = TokenVerifier(
            live: live, issuer: configuration.tokens.issuer, audience: configuration.tokens.audience,
            lifetimeMaxSeconds: Int64(configuration.tokens.lifetimeMaxSeconds), trusted: loaded.issuers,
            keptClaims: loaded.askedClaims)
    }

    /// The question as the gate answers it.
    ///
    /// - Parameters:
    ///   - question: its roles and claims are replaced by the bearer's.
    ///   - client: the client's address as text; empty when it is not known.
    ///   - now: unix seconds.
    package func explain(_ question: Question, bearer: Bearer, client: String, now: Int64) -> Explanation {
        var question = question
        if question.host.isEmpty { question.host = authority }
        question.unixSeconds = now
        let tokens = TokenGate(verifier: verifier, identity: identity)
        tokens.inherit(revoked)
        var text = ""
        switch bearer {
        case .none: break
        case .token(let token): text = token
        case .claims(let claims):
            text = "explained"
            tokens.assume(Array(text.utf8).span, claims)
        }
        var explanation = judge(question, token: text, tokens, client: client, now: now)
        question.roles = explanation.claims?.roles
        question.claims = explanation.claims?.kept ?? [:]
        question.withheldClaims = explanation.claims?.withheld ?? []
        explanation.answer = loaded.routes.answer(to: question)
        explanation.candidates = loaded.routes.candidates(for: explanation.answer)
        explanation.tried = tried(question, explanation)
        describePath(of: question, &explanation)
        if let route = explanation.answer.route, explanation.reason == nil {
            explanation.upstream = loaded.configuration.upstreams[route.upstreamIndex]
        }
        return explanation
    }

    /// What a `shadow` line would decide.
    private func tried(_ question: Question, _ explanation: Explanation) -> (route: CompiledRoute, reason: Reason?)? {
        guard let shadow = loaded.shadow else { return nil }
        let answer = shadow.table.answer(to: question)
        guard let route = answer.route, shadow.number(of: route) != nil else { return nil }
        return (route, answer.reason == .tokenMissing ? explanation.whyNobody ?? .tokenMissing : answer.reason)
    }

    private func judge(
        _ question: Question, token: String, _ tokens: TokenGate, client: String, now: Int64
    ) -> Explanation {
        var explanation = Explanation(answer: Answer(facts: Facts()))
        let bytes = sent(question, token: token)
        var head = RequestHead()
        var judgement = Judgement()
        do throws(Reason) {
            guard case .complete = try head.parse(bytes.span, limits: HeadLimits(loaded.configuration.sizes)) else {
                throw .malformedRequest
            }
            try gate.judge(
                head, bytes.span, isPreflight: false, tokens: tokens, client: client, now: now, &judgement)
            if !judgement.isOwn { explanation.headLines = try built(head, bytes, judgement, client: client) }
        } catch {
            explanation.reason = error
        }
        explanation.claims = judgement.bearer?.claims
        if judgement.bearer == nil, judgement.whyNobody != .tokenMissing { explanation.whyNobody = judgement.whyNobody }
        return explanation
    }

    /// The request as the client would send it.
    private func sent(_ question: Question, token: String) -> [UInt8] {
        var bytes = Array(question.method.utf8) + [0x20] + question.rawPath
        if !question.query.isEmpty { bytes += [UInt8(ascii: "?")] + question.query }
        bytes += Array(" HTTP/1.1\r\nHost: \(question.host)\r\n".utf8)
        for (name, value) in question.fields { bytes += Array("\(name): \(value)\r\n".utf8) }
        if !token.isEmpty { bytes += Array("Authorization: Bearer \(token)\r\n".utf8) }
        return bytes + Array("\r\n".utf8)
    }

    /// The head as the backend would get it, line by line; what is new for each request is said to be.
    private func built(
        _ head: borrowing RequestHead, _ bytes: [UInt8], _ judgement: borrowing Judgement, client: String
    ) throws(Reason) -> [String] {
        let origin = UpstreamHead.Origin(
            peer: Peer(text: client.isEmpty ? "127.0.0.1" : client, isTrusted: false), requestID: RequestID(),
            trace: TraceContext(high: 0, low: 1, span: 1, flags: 1, continues: false))
        var output: [UInt8] = []
        try upstreamHead.append(head, bytes.span, judgement, origin, to: &output)
        return String(decoding: output, as: UTF8.self).split(separator: "\r\n").map { line in
            for name in ["X-Request-Id", "traceparent"] where line.hasPrefix("\(name): ") {
                return "\(name): (new for each request)"
            }
            return line.hasPrefix("Authorization: ") ? "Authorization: (the token, as sent)" : String(line)
        }
    }

    private func describePath(of question: Question, _ explanation: inout Explanation) {
        let raw = question.rawPath
        explanation.rawPath = String(decoding: raw, as: UTF8.self)
        guard let path = explanation.answer.path, explanation.reason != .ambiguousPath else {
            explanation.pathNotes = [
                CanonicalPath.objection(to: raw, accepting: loaded.routes.acceptedAnywhere)
                    ?? doubt(question, explanation.answer.path)
            ]
            return
        }
        explanation.pathNotes = path.changes(from: raw)
        if !path.needs.isEmpty {
            explanation.pathNotes.append(
                "forwarded as sent, because the route accepts \(path.needs.names.joined(separator: " "))")
        }
    }

    /// Which other route a lax backend would take the path for.
    private func doubt(_ question: Question, _ path: CanonicalPath?) -> String {
        var other = question
        other.path = path.map { String(decoding: $0.foldedForm, as: UTF8.self) } ?? ""
        let route = loaded.routes.answer(to: other).route.map { ", which falls to \($0.name)" } ?? ""
        return "a backend that folds case and escapes could read it as \(other.path)\(route)"
    }
}

extension HeadLimits {
    /// `sizes` in gateway.conf.
    init(_ sizes: Configuration.Sizes) {
        self.init()
        headBytesMax = sizes.headBytes
        targetBytesMax = sizes.targetBytes
        fieldsMax = sizes.fields
    }
}

/// What `explain` has to say.
package struct Explanation: Sendable {
    package fileprivate(set) var rawPath = ""
    /// How the canonical path came about, or why there is none.
    package fileprivate(set) var pathNotes: [String] = []
    /// The route that won, with its conditions.
    package fileprivate(set) var answer: Answer
    /// The winner first.
    package fileprivate(set) var candidates: [Candidate] = []
    /// The gate's decision; nil when the request is let through.
    package fileprivate(set) var reason: Reason?
    /// Who sent a good token.
    package fileprivate(set) var claims: Claims?
    /// Why the token that came makes its bearer nobody.
    package fileprivate(set) var whyNobody: Reason?
    /// The head that the backend would get.
    package fileprivate(set) var headLines: [String] = []
    package fileprivate(set) var upstream: Configuration.Upstream?
    /// The `shadow` line that would decide if it were in force, and why it would refuse.
    package fileprivate(set) var tried: (route: CompiledRoute, reason: Reason?)?
}
