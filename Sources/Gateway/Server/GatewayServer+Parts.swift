import Accounts
import Config
import Crypto
import EventLoop
import Telemetry
import Tokens

/// What a server is made of, each with the words for an operator when it cannot be had.
extension GatewayServer {
    static func open(
        _ database: Configuration.Database, audit: AuditChain
    ) throws(StartProblem) -> AccountDatabase {
        do {
            switch database {
            case .sqlite(let path): return try AccountDatabase(opening: .sqlite(path: path), audit: audit)
            case .postgres(let url):
                return try AccountDatabase(
                    opening: .postgres(url: String(decoding: url.bytes, as: UTF8.self)), audit: audit)
            }
        } catch {
            throw .failed("the database \(database.name) cannot be opened: \(error.words)")
        }
    }

    static func openLog(_ settings: Configuration.AccessLog, report: @escaping @Sendable (String) -> Void)
        throws(StartProblem) -> AccessLog?
    {
        let format: AccessLogFormat = settings.format == .json ? .json : .combined
        do {
            switch settings.target {
            case .off: return nil
            case .stdout: return try AccessLog(.standardOutput, format: format, report: report)
            case .file(let path): return try AccessLog(.file(path), format: format, report: report)
            }
        } catch {
            throw .failed("the access log cannot be opened: \(error)")
        }
    }

    /// Two pools: passwords on all cores but one, behind the gate; the store as wide as the database.
    static func startPools(_ database: Configuration.Database)
        throws(StartProblem) -> (store: WorkerPool, passwords: WorkerPool)
    {
        let isSQLite = if case .sqlite = database { true } else { false }
        return (
            try pool("store", threads: isSQLite ? 3 : 8, queueMax: 256),
            try pool("passwords", threads: max(Processors.count - 1, 1), queueMax: 64, nice: 10)
        )
    }

    /// Threads for work that blocks.
    static func pool(
        _ name: String, threads: Int, queueMax: Int, nice: Int32 = 0
    ) throws(StartProblem) -> WorkerPool {
        do throws(IOError) {
            return try WorkerPool(name: name, threads: threads, queueMax: queueMax, nice: nice)
        } catch {
            throw .failed("no threads can be started: \(error.words)")
        }
    }

    private static func issuer(_ loaded: LoadedConfiguration, _ keys: LiveKeys) throws(StartProblem) -> TokenIssuer {
        let tokens = loaded.configuration.tokens
        do throws(KeyProblem) {
            return try TokenIssuer(
                live: keys, issuer: tokens.issuer, audience: tokens.audience,
                lifetimeSeconds: Int64(tokens.accessSeconds))
        } catch {
            throw .failed("the first key cannot sign: \(error)")
        }
    }

    /// Everything that a configuration decides about requests, and the accounts behind `/api/auth`.
    static func site(
        _ loaded: LoadedConfiguration, _ settings: AccountSettings, keys: KeyKeeping, clock: WallClock,
        tools: KeyKeeping.Tools
    ) throws(StartProblem) -> Site {
        let configuration = loaded.configuration
        let verifier = TokenVerifier(
            live: keys.keys, issuer: configuration.tokens.issuer, audience: configuration.tokens.audience,
            lifetimeMaxSeconds: Int64(configuration.tokens.lifetimeMaxSeconds), trusted: loaded.issuers,
            keptClaims: loaded.askedClaims)
        let accounts = tools.database.service(
            settings: settings, issuer: try issuer(loaded, keys.keys), workers: tools.calls,
            now: { clock.seconds }, report: tools.report)
        let auth = AuthAPI(
            accounts: accounts, settings: AuthSettings(configuration), verifier: verifier,
            revocations: tools.broadcast)
        do {
            return try Site(loaded, auth: auth, verifier: verifier, keys: keys, report: tools.report)
        } catch { throw .configuration(error) }
    }

    static func startLoops(_ count: Int, engine: Engine) throws(StartProblem) -> [EventLoop] {
        var loops: [EventLoop] = []
        for index in 0..<max(count, 1) {
            do throws(IOError) {
                let loop = try EventLoop(name: "core-\(index)", engine: engine)
                try loop.start()
                loops.append(loop)
            } catch {
                throw .failed("no core can be started: \(error.words)")
            }
        }
        return loops
    }

    static func core(
        _ index: Int, _ loop: EventLoop, _ site: Site, clock: WallClock, log: AccessLog?, admin: AdminSite
    ) throws(StartProblem) -> Core {
        do throws(IOError) {
            return Core(
                index: index, loop: loop, site: site, clock: clock, log: log, admin: admin, seed: try randomSeed())
        } catch {
            throw .failed("no core can be started: \(error.words)")
        }
    }

    private static func randomSeed() throws(IOError) -> UInt64 {
        do { return try Randomness.uint64() } catch { throw .system(errno: 5) }
    }

    static func randomName() throws(StartProblem) -> String {
        do { return "gatehouse-\(try Randomness.uint64())" } catch { throw .failed("the kernel gives no random bytes") }
    }
}

extension Configuration.Database {
    /// For messages: a file by its path; a URL may hold a password and stays unsaid.
    var name: String {
        switch self {
        case .sqlite(let path): path
        case .postgres: "(PostgreSQL)"
        }
    }
}
