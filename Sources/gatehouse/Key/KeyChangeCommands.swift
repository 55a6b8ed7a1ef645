import Accounts
import ArgumentParser
import EventLoop
import Tokens

struct KeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the ring, the one that signs first.")

    @OptionGroup var options: KeyOptions

    func run() throws {
        let report = KeyReport(reading: try options.withVault { try $0.read() })
        if options.json.isOn { return printJSON(report.json) }
        for line in report.lines { print(line) }
    }
}

struct KeyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a key that verifies, and waits for `gatehouse key rotate` to sign.",
        discussion: "A key on standby can sign at once when another has to go. The first key of a ring signs at once.")

    @Argument(help: "es256, eddsa, rs256 or hs256.")
    var algorithm = "es256"

    @Option(help: "Take this private key (PEM) or hs256 secret instead of making one; its tokens stay good.")
    var from: String?

    @OptionGroup var options: KeyOptions

    func validate() throws { _ = try Algorithm(named: algorithm) }

    func run() throws {
        let changed = try options.withVault { vault in
            guard let from else { return try vault.add(.generate(Algorithm(named: algorithm))) }
            do {
                let file = try FileSystem.read(from, bytesMax: 64 * 1024)
                return try vault.add(.load(Algorithm(named: algorithm), material: file.bytes))
            } catch let problem as FileProblem {
                throw CommandFailure("\(problem)")
            }
        }
        options.show(changed, "\(changed.kid) \(options.turn(of: changed))")
    }
}

struct KeyRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Let another key sign: the oldest one on standby, or a fresh one.",
        discussion: "It signs once it has been published for six minutes. Nobody is logged out.")

    @Option(help: "es256, eddsa, rs256 or hs256; otherwise that of the key that signs now.")
    var algorithm: String?

    @OptionGroup var options: KeyOptions

    func validate() throws { _ = try algorithm.map { try Algorithm(named: $0) } }

    func run() throws {
        let changed = try options.withVault { try $0.rotate(to: algorithm.map { try Algorithm(named: $0) }) }
        options.show(changed, "\(changed.kid) \(options.turn(of: changed))")
    }
}

struct KeyRetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Take a key out of the ring; its tokens are refused from then on.",
        discussion: "A key that was rotated away leaves by itself when its last token has expired.")

    @Argument(help: "The kid, as `gatehouse key list` shows it; behind `--` when it begins with a dash.")
    var kid: String

    @Flag(help: "Also when its tokens may be alive, because it is compromised. The next key then signs at once.")
    var now = false

    @OptionGroup var options: KeyOptions

    func run() throws {
        let changed = try options.withVault { try $0.retire(kid, now: now) }
        let signer = changed.reading.plan.signing.map { "; \($0) signs" } ?? ""
        options.show(changed, "\(kid) is out of the ring\(signer)")
    }
}

extension Algorithm {
    /// As the command line names it.
    fileprivate init(named word: String) throws(ValidationError) {
        guard let algorithm = Algorithm(word: word) else {
            throw ValidationError("`\(word)` is none of es256, eddsa, rs256, hs256")
        }
        self = algorithm
    }
}
