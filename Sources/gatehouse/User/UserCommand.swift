import Accounts
import ArgumentParser
import Encoding
import Gateway
import Storage

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Look after accounts.",
        discussion: "What is changed here takes hold in running gateways within a second.",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserShowCommand.self, UserRolesCommand.self,
            UserDisableCommand.self, UserEnableCommand.self, UserDeleteCommand.self, UserPasswordCommand.self,
            UserImportCommand.self, UserExportCommand.self,
        ])
}

/// What every `user` command takes.
struct UserOptions: ParsableArguments {
    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// Opens the database of the configuration and does something with its accounts.
    ///
    /// - Parameters:
    ///   - missing: what is said when the thing it is about does not exist.
    ///   - isTellingAudit: whether each event is a line on standard error.
    ///   - mayCreate: whether a database that is not there is made; otherwise its name is probably wrong.
    func administer<Result>(
        missing: String = "there is no such user", isTellingAudit: Bool = true, mayCreate: Bool = false,
        _ body: (Administration) throws -> Result
    ) throws -> Result {
        let loaded = try configurationOption.load()
        do {
            let store = try loaded.openStore(isTellingAudit: isTellingAudit, mayCreate: mayCreate)
            defer { store.close() }
            return try body(Administration(settings: AccountSettings(loaded.configuration), store: store))
        } catch let refusal as Refusal {
            throw CommandFailure(words(of: refusal, missing: missing))
        } catch let error as StorageError {
            throw CommandFailure(about: error)
        }
    }

    /// Says what became of an account: for a script the account as it now is, for people a sentence.
    func show(_ account: Account, _ sentence: String) {
        if json.isOn {
            var answer = JSONWriter()
            answer.account(account)
            printJSON(answer.finish())
        } else {
            print(sentence)
        }
    }

    private func words(of refusal: Refusal, missing: String) -> String {
        switch refusal.reason {
        case .notFound: return missing
        case .emailTaken: return "an account with this email exists already; `gatehouse user show` says more about it"
        default:
            let details = refusal.details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return details.isEmpty ? refusal.reason.sentence : details.joined(separator: "; ")
        }
    }
}

/// The account that a command is about, and what every `user` command takes.
struct UserArgument: ParsableArguments {
    @Argument(help: "The email address or the id of the user.")
    var user: String

    @OptionGroup var options: UserOptions

    /// As `UserOptions.administer`; the body also gets what was named.
    func administer<Result>(_ body: (Administration, String) throws -> Result) throws -> Result {
        try options.administer(missing: Self.missing(user)) { try body($0, user) }
    }

    static func missing(_ user: String) -> String { "no such user: \(user) (`gatehouse user list` shows all)" }
}
