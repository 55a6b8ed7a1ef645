import Accounts
import ArgumentParser
import Config
import EventLoop
import Gateway
import Policy
import Tokens

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what the gateway would do with a request, and why.",
        discussion: """
            Who asks is a signed-in user without roles, unless --role, --claim, --token or --anonymous say something else. No \
            backend is asked, and the database only with --token: for the keys of its key ring, and for whether the token's \
            session has ended.
            """)

    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    @Argument(help: "GET, POST, …")
    var method: String

    @Argument(help: "The path as a client would send it, perhaps with a query; HOST/PATH works too.")
    var path: String

    @Option(help: "The request's Host; the public URL's unless it is said.")
    var host: String?

    @Option(parsing: .upToNextOption, help: "Roles that the caller has.")
    var role: [String] = []

    @Option(parsing: .singleValue, help: "NAME=VALUE in the access token; a name given twice is a list.")
    var claim: [String] = []

    @Option(parsing: .singleValue, help: "NAME=VALUE: a header field of the request.")
    var header: [String] = []

    @Option(help: "The client's address.")
    var from: String?

    @Option(help: "When, in UTC: 2026-12-24T14:30Z; now unless it is said.")
    var at: String?

    @Flag(help: "The caller is not signed in.")
    var anonymous = false

    @Option(help: "An access token, which is verified.")
    var token: String?

    func run() throws {
        let loaded = try configurationOption.load()
        let question = try question()
        let bearer = try bearer(askedClaims: loaded.askedClaims)
        let explanation = Explainer(loaded, keys: try keys(loaded), revoked: revoked(loaded)).explain(
            question, bearer: bearer, client: from ?? "", now: try now())
        let report = ExplanationReport(explanation, asked: "\(method) \(path)")
        if json.isOn { printJSON(report.json) } else { print(report.text) }
    }

    /// Those that tokens are verified with, when there is one to verify.
    private func keys(_ loaded: LoadedConfiguration) throws -> KeyRing {
        guard token != nil else { return .none }
        guard loaded.configuration.tokens.keyRing != nil else { return try KeyRing(loaded.keys) }
        return try loaded.withVault(schema: .leave) { vault in
            var follower = KeyFollower(vault: vault, fixed: loaded.keys)
            guard let news = try follower.take(try vault.read()) else { throw KeyRingProblem.noSigningKey }
            return news.ring
        }
    }

    /// What a gateway knows of sessions that have ended, when there is a token that may be of one. Without the database the
    /// rest of the answer still holds, and standard error says what it leaves out.
    private func revoked(_ loaded: LoadedConfiguration) -> RevocationSet {
        var revoked = RevocationSet()
        guard token != nil else { return revoked }
        do {
            let store = try loaded.openStore(schema: .leave)
            defer { store.close() }
            let feed = RevocationFeed(store: store)
            var page = try feed.page()
            revoked.insert(page.reading.revocations)
            while !page.isLast {
                page = try feed.page(after: page)
                revoked.insert(page.reading.revocations)
            }
        } catch {
            let words = (error as? CommandFailure)?.message ?? "gatehouse: \(error)"
            StandardStreams.reportError("\(words); so this does not tell whether the token was revoked")
        }
        return revoked
    }

    private func question() throws -> Question {
        var question = Question(method: method, path: path)
        if !path.hasPrefix("/"), let slash = path.firstIndex(of: "/") {
            question = Question(method: method, path: String(path[slash...]))
            question.host = String(path[..<slash])
        }
        if let host { question.host = host }
        if let from {
            guard let address = IPAddress.bytes(of: from) else {
                throw CommandFailure("`\(from)` is not an address", status: .wrongUsage)
            }
            question.address = address
        }
        question.fields = try header.map { try pair($0, "--header") }
        return question
    }

    private func bearer(askedClaims: Set<String>) throws -> Explainer.Bearer {
        if let token {
            guard role.isEmpty, claim.isEmpty, !anonymous else {
                throw CommandFailure("a token says itself who its bearer is", status: .wrongUsage)
            }
            return .token(token)
        }
        if anonymous {
            guard role.isEmpty, claim.isEmpty else {
                throw CommandFailure("nobody has neither roles nor claims", status: .wrongUsage)
            }
            return .none
        }
        var claims = Claims(
            issuer: "", subject: "00000000-0000-4000-8000-000000000000", roles: role, expiresAt: .max)
        for text in claim {
            let (name, value) = try pair(text, "--claim")
            claims.kept[name, default: []].append(value)
            switch name {
            case "sub": claims.subject = value
            case "sid": claims.sessionID = value
            case "email": claims.email = value
            case "email_verified": claims.emailVerified = value == "true"
            case "name": claims.name = value
            case "roles": claims.roles.append(value)
            default: break
            }
        }
        if askedClaims.contains("sub") { claims.kept["sub"] = [claims.subject] }
        if askedClaims.contains("roles"), !role.isEmpty { claims.kept["roles", default: []] += role }
        return .claims(claims)
    }

    private func now() throws -> Int64 {
        guard let at else { return WallClock { _ in }.seconds }
        guard let seconds = TimeWindow.instant(at) else {
            throw CommandFailure("`\(at)` is not a time such as 2026-12-24T14:30Z", status: .wrongUsage)
        }
        return seconds
    }

    private func pair(_ text: String, _ option: String) throws -> (name: String, value: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw CommandFailure("\(option) \(text): write NAME=VALUE", status: .wrongUsage)
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
