import Accounts
import Encoding
import Foundation
import Reasons
import Storage
import Synchronization
import Testing
import Tokens

@testable import Gateway

/// `/api/auth` over real accounts on a SQLite file of its own, without a socket: requests in, answers out.
final class AuthHouse: Sendable {
    static let password = "plum-harbor-82-violin"

    let api: AuthAPI
    let administration: Administration
    let sink = RecordingSink()
    private let verifier: TokenVerifier
    private let store: Store
    private let folder: URL

    init(
        publicURL: String = "http://localhost:8080", cors: [String] = [], refreshInBody: Bool = false,
        accessCookie: Bool = false,
        _ adjust: (inout AccountSettings) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("auth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(
            .sqlite(path: folder.appendingPathComponent("test.db").path), sealing: Unsealed())
        var settings = AccountSettings()
        settings.issuer = "http://localhost:8080"
        settings.registrationIsOpen = true
        settings.bcryptCost = 4
        adjust(&settings)
        let secret = [UInt8]("a secret of thirty-two bytes or more".utf8)
        let keys = try KeyRing([try TokenKey.load(algorithm: .hs256, material: secret.span)])
        let issuer = try TokenIssuer(
            keys: keys, issuer: settings.issuer, audience: "tests", lifetimeSeconds: 900)
        verifier = TokenVerifier(
            keys: keys, issuer: settings.issuer, audience: "tests", lifetimeMaxSeconds: 86_400)
        let accounts = AccountService(
            settings: settings, store: store, issuer: issuer, workers: InlineWorkers(),
            now: { Int64(Date().timeIntervalSince1970) }, report: { Issue.record("reported: \($0)") })
        administration = Administration(settings: settings, store: store)
        api = AuthAPI(
            accounts: accounts,
            settings: AuthSettings(
                publicURL: publicURL, corsOrigins: cors, refreshInBody: refreshInBody, accessCookie: accessCookie),
            verifier: verifier, revocations: sink)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// A request as curl would send it; `adjust` makes it another.
    func request(
        _ method: String, _ call: String, _ json: String? = nil, cookie: String? = nil, bearer: String? = nil,
        _ adjust: (inout AuthRequest) -> Void = { _ in }
    ) -> AuthRequest {
        var request = AuthRequest(
            method: method, path: Array("/api/auth/\(call)".utf8), host: Array("localhost:8080".utf8),
            clientAddress: "192.0.2.7", requestID: "request-1")
        if let json {
            request.contentType = [Array("application/json".utf8)]
            request.body = Array(json.utf8)
            request.hasBody = true
        }
        if let cookie { request.cookies = [Array(cookie.utf8)] }
        if let bearer {
            let token = Array(bearer.utf8)
            request.bearerToken = token
            request.bearer = judge(token)
        }
        adjust(&request)
        return request
    }

    /// What the gate makes of a token: verified, and not revoked as far as this core was told.
    private func judge(_ token: [UInt8]) -> Result<Claims, Reason> {
        do throws(Reason) {
            let claims = try verifier.verify(token.span, now: Int64(Date().timeIntervalSince1970))
            if sink.contains(claims) { return .failure(.tokenRevoked) }
            return .success(claims)
        } catch {
            return .failure(error)
        }
    }

    func call(
        _ method: String, _ call: String, _ json: String? = nil, cookie: String? = nil, bearer: String? = nil,
        _ adjust: (inout AuthRequest) -> Void = { _ in }
    ) async -> AuthAnswer {
        await api.answer(request(method, call, json, cookie: cookie, bearer: bearer, adjust))
    }

    @discardableResult
    func register(_ email: String = "ada@example.org") async throws -> SignedIn {
        try SignedIn(
            await call("POST", "register", #"{"email":"\#(email)","password":"\#(Self.password)","name":"Ada"}"#))
    }

    func login(_ email: String = "ada@example.org", cookie: String? = nil) async throws -> SignedIn {
        try SignedIn(
            await call("POST", "login", #"{"email":"\#(email)","password":"\#(Self.password)"}"#, cookie: cookie))
    }
}

/// What a client has after signing in.
struct SignedIn {
    let answer: AuthAnswer
    let accessToken: String
    /// `name=value`, as the browser sends it back.
    let cookie: String

    init(_ answer: AuthAnswer) throws {
        self.answer = answer
        let token = answer.json?["accessToken"]?.string
        accessToken = try #require(token)
        let setCookie = try #require(answer.field("Set-Cookie"))
        cookie = String(setCookie.prefix { $0 != ";" })
    }
}

final class RecordingSink: RevocationSink {
    private let known = Mutex(RevocationSet())

    var count: Int { known.withLock { $0.count } }

    func apply(_ revocations: [Accounts.Revocation]) async { _ = known.withLock { $0.insert(revocations) } }

    func contains(_ claims: Claims) -> Bool {
        known.withLock { $0.contains(sid: claims.sessionID, jti: claims.tokenID, issuer: claims.issuer) }
    }
}

extension AuthAnswer {
    var json: JSONValue? { try? JSONReader.read(body.span) }
    var code: String? { json?["code"]?.string }
    var text: String { String(decoding: body, as: UTF8.self) }
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
