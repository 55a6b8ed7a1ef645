import Foundation
import Synchronization
import Testing

@testable import Accounts
@testable import Crypto
@testable import Storage
@testable import Tokens

// Storage has rows of the same names.
typealias RefreshToken = Accounts.RefreshToken
typealias Revocation = Accounts.Revocation

/// Accounts on a real SQLite file of their own, as a gateway with fast hashes has them. Nothing is faked but the threads:
/// jobs run where they are called unless a test wants otherwise.
final class House: Sendable {
    static let password = "plum-harbor-82-violin"
    static let caller = Caller(address: "192.0.2.7", userAgent: Array("tests/1".utf8), requestID: "request-1")

    let store: Store
    let accounts: AccountService
    let administration: Administration
    let settings: AccountSettings
    let verifier: TokenVerifier
    private let folder: URL
    /// What the log was told of the audit.
    let lines = Lines()

    static let auditKeys = AuditKeys([Secret(Array("thirty-two bytes for the audit's chain".utf8))])

    init(
        workers: any AccountWorkers = InlineWorkers(), _ adjust: (inout AccountSettings) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("accounts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = lines
        let chain = AuditChain(keys: House.auditKeys) { line in lines.add(line) }
        store = try Store.open(.sqlite(path: folder.appendingPathComponent("test.db").path), sealing: chain)
        var settings = AccountSettings()
        settings.issuer = "http://localhost"
        settings.registrationIsOpen = true
        settings.bcryptCost = 4
        settings.registerLimit = nil
        settings.refreshLimit = nil
        adjust(&settings)
        self.settings = settings
        let secret = [UInt8]("a secret of thirty-two bytes or more".utf8)
        let keys = try KeyRing([try TokenKey.load(algorithm: .hs256, material: secret.span)])
        let issuer = try TokenIssuer(
            keys: keys, issuer: settings.issuer, audience: "tests", lifetimeSeconds: 900)
        verifier = TokenVerifier(
            keys: keys, issuer: settings.issuer, audience: "tests", lifetimeMaxSeconds: 86_400)
        accounts = AccountService(
            settings: settings, store: store, issuer: issuer, workers: workers,
            now: { Int64(Date().timeIntervalSince1970) }, report: { Issue.record("reported: \($0)") })
        administration = Administration(settings: settings, store: store)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The same database under other settings, as after a restart.
    func reopened(_ adjust: (inout AccountSettings) -> Void) throws -> AccountService {
        var settings = self.settings
        adjust(&settings)
        return AccountService(
            settings: settings, store: try Store.open(store.location, sealing: AuditChain(keys: House.auditKeys)),
            issuer: accounts.issuer,
            workers: InlineWorkers(), now: accounts.now)
    }

    @discardableResult
    func register(_ email: String = "ada@example.org", presented: RefreshToken? = nil) async throws -> SessionGrant {
        let settled = await accounts.register(
            email: email, password: Self.password, name: "Ada", presented: presented, caller: Self.caller)
        return try settled.result.get()
    }

    func login(
        _ email: String = "ada@example.org", _ password: String = House.password, presented: RefreshToken? = nil,
        from address: String = "192.0.2.7"
    ) async -> Settled<SessionGrant> {
        await accounts.login(
            email: email, password: password, presented: presented, caller: Caller(address: address))
    }

    func refresh(_ token: RefreshToken) async -> Settled<SessionGrant> {
        await accounts.refresh(token, caller: Self.caller)
    }

    func claims(_ grant: SessionGrant) throws -> Claims {
        try verifier.verify(Array(grant.accessToken.utf8).span, now: accounts.now())
    }

    /// The kinds of audit events so far, in order.
    func audit() throws -> [String] { try events().map(\.kind) }

    func events() throws -> [AuditEvent] {
        try store.read { transaction in try transaction.auditRecords(after: 0, limit: 1000).map(\.event) }
    }

    /// What a gateway that starts now would know.
    func revoked() throws -> RevocationSet {
        var set = RevocationSet()
        set.insert(try RevocationFeed(store: store).loadAll().revocations)
        return set
    }

    func isRevoked(_ grant: SessionGrant) throws -> Bool {
        let claims = try claims(grant)
        return try revoked().contains(sid: claims.sessionID, jti: claims.tokenID, issuer: claims.issuer)
    }
}

/// Lines in the order in which they came.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

extension Settled {
    var refusal: Refusal? {
        if case .failure(let refusal) = result { refusal } else { nil }
    }
}

/// A thread for every job, so that jobs truly run at once whatever the number of cores.
struct ThreadWorkers: AccountWorkers {
    func store<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T { try await run(job) }
    func password<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T { try await run(job) }

    private func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try job() }) }
        }
    }
}

extension RevocationFeed {
    /// All pages in one reading.
    func loadAll() throws -> Reading {
        var page = try page()
        var revocations = page.reading.revocations
        while !page.isLast {
            page = try self.page(after: page)
            revocations += page.reading.revocations
        }
        return Reading(revocations: revocations, readAt: page.reading.readAt)
    }
}
