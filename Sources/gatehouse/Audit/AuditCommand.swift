import Accounts
import ArgumentParser
import Gateway
import Storage

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the security events, and find out whether anybody has changed them.",
        subcommands: [AuditListCommand.self, AuditVerifyCommand.self])
}

/// What every `audit` command takes.
struct AuditOptions: ParsableArguments {
    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// Opens the database of the configuration, as it is, and reads in it.
    func read<Result>(_ body: (LoadedConfiguration, Store) throws -> Result) throws -> Result {
        let loaded = try configurationOption.load()
        do {
            let store = try Store.open(
                loaded.configuration.database.location, schema: .leave, sealing: Unsealed())
            defer { store.close() }
            guard try store.schemaVersion() == Store.schemaVersionKnown else {
                throw CommandFailure("the database has no audit yet: the next start of the gateway makes its tables")
            }
            return try body(loaded, store)
        } catch let error as StorageError {
            throw CommandFailure("\(error)")
        }
    }
}
