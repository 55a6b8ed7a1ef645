import ArgumentParser
import Config
import Encoding
import EventLoop
import Gateway
import Storage

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, its keys and the database, and change nothing.")

    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    @Flag(help: "Leave the database out.")
    var offline = false

    func run() throws {
        let loaded: LoadedConfiguration
        do {
            loaded = try LoadedConfiguration.load(configurationOption.file)
        } catch {
            if json.isOn { printJSON(CheckReport(problems: error, database: nil).json) }
            throw json.isOn ? QuietFailure(status: .badConfiguration) : BadConfiguration(problems: error)
        }
        let database = offline ? nil : DatabaseVerdict(loaded.configuration.database)
        if json.isOn {
            printJSON(CheckReport(problems: loaded.warnings, database: database).json)
        } else {
            if !loaded.warnings.isEmpty { StandardStreams.reportError(loaded.warnings.report()) }
            print(summary(of: loaded, database))
        }
        if let database, !database.isWell {
            throw json.isOn ? QuietFailure(status: .failed) : CommandFailure(database.words)
        }
    }

    private func summary(of loaded: LoadedConfiguration, _ database: DatabaseVerdict?) -> String {
        let configuration = loaded.configuration
        var parts = [
            count(configuration.routes.count, "route"), count(configuration.expectations.count, "expectation"),
            configuration.tokens.keyRing == nil ? count(loaded.keys.count, "key") : "a key ring",
        ]
        if let database, database.isWell { parts.append(database.words) }
        return "\(configurationOption.file) is well: \(parts.joined(separator: ", "))"
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

/// What `check` found out about the database.
struct DatabaseVerdict {
    let isWell: Bool
    /// For people; without the password of a PostgreSQL URL.
    let words: String

    init(_ database: Configuration.Database) {
        let name =
            switch database {
            case .sqlite(let path): "SQLite \(path)"
            case .postgres: "PostgreSQL"
            }
        if case .sqlite(let path) = database, !FileSystem.exists(path) {
            (isWell, words) = (true, "\(name), which the first start will make")
            return
        }
        do {
            let store = try Store.open(database.location, schema: .leave, sealing: Unsealed())
            defer { store.close() }
            let found = try store.schemaVersion()
            isWell = found <= Store.schemaVersionKnown
            words =
                switch found {
                case 0: "\(name), whose tables the first start will make"
                case Store.schemaVersionKnown: "\(name), schema version \(found)"
                case ..<Store.schemaVersionKnown:
                    "\(name), schema version \(found), which the next start will upgrade to \(Store.schemaVersionKnown)"
                default: "\(StorageError.schemaTooNew(found: found, known: Store.schemaVersionKnown))"
                }
        } catch {
            (isWell, words) = (false, "\(name): \(error)")
        }
    }
}

/// The answer of `check --json`.
struct CheckReport {
    let problems: Problems
    let database: DatabaseVerdict?

    var json: [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("ok", !problems.hasErrors && database?.isWell != false)
        answer.key("problems")
        answer.beginArray()
        for problem in problems.all {
            answer.beginObject()
            answer.member("severity", problem.severity.rawValue)
            answer.member("file", problem.place.file)
            answer.member("line", Int64(problem.place.line))
            answer.member("column", Int64(problem.place.column))
            answer.member("message", problem.message)
            answer.member("expected", ifPresent: problem.expected)
            answer.member("hint", ifPresent: problem.hint)
            answer.endObject()
        }
        answer.endArray()
        if let database {
            answer.key("database")
            answer.beginObject()
            answer.member("ok", database.isWell)
            answer.member("message", database.words)
            answer.endObject()
        }
        answer.endObject()
        return answer.finish()
    }
}
