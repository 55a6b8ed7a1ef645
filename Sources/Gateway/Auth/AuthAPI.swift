import Accounts
import Reasons
import Tokens

/// Takes the revocations of a committed transaction to every core of this process, and returns when the last one has
/// applied them: only then may the answer go out ("at once on this node").
package protocol RevocationSink: Sendable {
    func apply(_ revocations: [Revocation]) async
}

/// The endpoints under `/api/auth`: a request in, an answer out. It knows HTTP's words but no socket, and accounts but
/// no SQL.
///
/// A call goes through it in two steps, so that nobody uploads a body that is refused anyway:
/// 1. `admission(_:)` when the head is read: what is answered without looking at a body;
/// 2. `answer(_:)` when the body is there.
package struct AuthAPI: Sendable {
    /// The longest body of a call, in bytes; a longer one gets 413 from the pipeline.
    package static let bodyBytesMax = 10 * 1024
    /// How long a client may keep the key set, or one of the files beside it.
    static let keySetSeconds = 300

    let accounts: AccountService
    let settings: AuthSettings
    let cookie: RefreshCookie
    /// Nil unless `access-cookie on`.
    let accessCookie: AccessCookie?
    let verifier: TokenVerifier
    let revocations: any RevocationSink
    /// The OpenAPI document, as this gateway is configured.
    let document: [UInt8]
    private let cors: CORS
    private let crossSite: CrossSite
    private let errors: ErrorAnswer

    package init(
        accounts: AccountService, settings: AuthSettings, verifier: TokenVerifier,
        revocations: any RevocationSink
    ) {
        self.accounts = accounts
        self.settings = settings
        self.verifier = verifier
        self.revocations = revocations
        cookie = RefreshCookie(isHTTPS: settings.isHTTPS)
        accessCookie = settings.accessCookie ? AccessCookie(isHTTPS: settings.isHTTPS) : nil
        document = SiteFile.document(refreshCookie: cookie.name)
        cors = CORS(origins: settings.corsOrigins)
        crossSite = CrossSite(publicURL: settings.publicURL, corsOrigins: settings.corsOrigins)
        errors = ErrorAnswer(isHTTPS: settings.isHTTPS)
    }

    /// The answer that needs no body: unknown path, OPTIONS and preflight, wrong method, another site, a body that is not
    /// JSON, no good access token where one is needed. Nil: read the body (if any) and call `answer`.
    package func admission(_ request: AuthRequest) -> AuthAnswer? {
        guard let endpoint = AuthEndpoint(path: request.path) else {
            return refuse(request, Refusal(.notFound))
        }
        if request.method == "OPTIONS" { return options(request, endpoint) }
        guard endpoint.methods.contains(request.method) else {
            return refuse(request, Refusal(.methodNotAllowed), allow: Self.allow(endpoint))
        }
        let isSafe = request.method == "GET" || request.method == "HEAD"
        if !isSafe, !crossSite.passes(origin: request.origin, secFetchSite: request.secFetchSite, host: request.host) {
            return refuse(
                request, Refusal(.crossSite), sentence: CrossSite.sentence(origin: request.origin))
        }
        if request.hasBody, !MediaType.isJSON(request.contentType) {
            return refuse(request, Refusal(.unsupportedMediaType))
        }
        if endpoint.needsBearer {
            do { _ = try Self.bearer(request) } catch { return refuse(request, error) }
        }
        return nil
    }

    /// The answer to a call. It never throws: whatever goes wrong is an answer with a code.
    package func answer(_ request: AuthRequest) async -> AuthAnswer {
        if let early = admission(request) { return early }
        do throws(Refusal) {
            guard let endpoint = AuthEndpoint(path: request.path) else { throw Refusal(.notFound) }
            var answer = try await perform(endpoint, request)
            answer.fields += cors.fields(origin: request.origin)
            return answer
        } catch {
            return refuse(request, error)
        }
    }

    private func perform(_ endpoint: AuthEndpoint, _ request: AuthRequest) async throws(Refusal) -> AuthAnswer {
        // Read for every call, also where no member is asked for: a body that is not JSON is never waved through.
        let body = try AuthBody(request.body)
        switch endpoint {
        case .register: return try await register(request, body)
        case .login: return try await login(request, body)
        case .refresh: return try await refresh(request, body)
        case .logout: return try await logout(request, body)
        case .logoutAll: return try await logoutAll(request, Self.bearer(request))
        case .me: return try await me(Self.bearer(request))
        case .sessions: return try await listSessions(Self.bearer(request))
        case .session(let id): return try await deleteSession(id, request, Self.bearer(request))
        case .passwordChange: return try await changePassword(request, body, Self.bearer(request))
        case .keySet: return publishKeySet()
        case .file(let file): return publish(file)
        }
    }

    /// Applies what was ended on every core, whatever came of it otherwise; then the outcome.
    func settled<Value>(_ settled: Settled<Value>) async throws(Refusal) -> Value {
        if !settled.revocations.isEmpty { await revocations.apply(settled.revocations) }
        return try settled.result.get()
    }

    func caller(_ request: AuthRequest) -> Caller {
        Caller(address: request.clientAddress, userAgent: request.userAgent, requestID: request.requestID)
    }

    /// A success, with a JSON body unless said otherwise.
    func success(
        _ status: UInt16, _ body: [UInt8] = [], type: String = "application/json", cacheControl: String = "no-store",
        setCookie: String? = nil
    ) -> AuthAnswer {
        var answer = AuthAnswer(status: status, body: body)
        if !body.isEmpty { answer.add("Content-Type", type) }
        answer.add("Cache-Control", cacheControl)
        answer.fields += SecurityFields.all(isHTTPS: settings.isHTTPS)
        if let setCookie { answer.add("Set-Cookie", setCookie) }
        return answer
    }

    private func refuse(
        _ request: AuthRequest, _ refusal: Refusal, sentence: String? = nil, allow: String? = nil
    ) -> AuthAnswer {
        var answer = errors.make(
            refusal.reason, requestID: request.requestID, sentence: sentence, details: refusal.details,
            retryAfterSeconds: refusal.retryAfterSeconds, allow: allow, allowance: refusal.allowance)
        answer.fields += cors.fields(origin: request.origin)
        return answer
    }

    /// A preflight, or what RFC 9110 §9.3.7 makes of OPTIONS otherwise.
    private func options(_ request: AuthRequest, _ endpoint: AuthEndpoint) -> AuthAnswer {
        var answer = success(204)
        answer.add("Allow", Self.allow(endpoint))
        if request.corsRequestMethod != nil, !request.origin.isEmpty {
            answer.fields += cors.preflightFields(origin: request.origin, methods: endpoint.methods)
        } else {
            answer.fields += cors.fields(origin: request.origin)
        }
        return answer
    }

    private func publishKeySet() -> AuthAnswer {
        success(200, verifier.keys.keySet, cacheControl: "max-age=\(Self.keySetSeconds)")
    }

    private func publish(_ file: SiteFile) -> AuthAnswer {
        let bytes = file == .openAPI ? document : file.bytes
        return success(200, bytes, type: file.mediaType, cacheControl: "max-age=\(Self.keySetSeconds)")
    }

    private static func allow(_ endpoint: AuthEndpoint) -> String {
        (endpoint.methods + ["OPTIONS"]).joined(separator: ", ")
    }

    /// Who is signed in here. A user of another issuer is nobody: there is no account that the token could speak for.
    private static func bearer(_ request: AuthRequest) throws(Refusal) -> Claims {
        let claims: Claims
        do { claims = try request.bearer.get() } catch { throw Refusal(error) }
        guard claims.trustedIssuer == nil else { throw Refusal(.tokenInvalid) }
        return claims
    }
}
