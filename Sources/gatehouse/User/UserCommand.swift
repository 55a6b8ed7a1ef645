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
            UserAddCommand.self, UserListCommand.self, UserRolesCommand.self, UserDisableCommand.self,
            UserEnableCommand.self, UserPasswordCommand.self, UserImportCommand.self, UserExportCommand.self,
        ])
}

/// What every `user` command takes.
struct UserOptions: ParsableArguments {
    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// Opens the database of the configuration and does something with its accounts.
    /// `missing` is what is said when the thing it is about does not exist.
    func administer<Result>(
        missing: String = "there is no such user", _ body: (Administration) throws -> Result
    ) throws -> Result {
        let loaded = try configurationOption.load()
        let configuration = loaded.configuration
        do {
            let store = try Store.open(
                configuration.database.location, sealing: AuditChain(keys: loaded.auditKeys))
            defer { store.close() }
            return try body(Administration(settings: AccountSettings(configuration), store: store))
        } catch let refusal as Refusal {
            throw CommandFailure(refusal.reason == .notFound ? missing : words(of: refusal))
        } catch let error as StorageError {
            throw CommandFailure("\(error)")
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

    private func words(of refusal: Refusal) -> String {
        let details = refusal.details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return details.isEmpty ? refusal.reason.sentence : details.joined(separator: "; ")
    }
}

extension JSONWriter {
    mutating func account(_ account: Account) {
        beginObject()
        member("id", account.id)
        member("email", account.email)
        member("emailVerified", account.emailVerified)
        member("name", orNull: account.name)
        member("roles", account.roles)
        member("disabled", account.isDisabled)
        member("createdAt", RFC3339.format(milliseconds: account.createdAt))
        endObject()
    }
}
