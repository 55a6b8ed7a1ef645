import ArgumentParser
import Config
import EventLoop
import Gateway

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, its keys, the backends and the database, and change nothing.",
        discussion: """
            What start and reload would refuse is refused here (exit code 78); what they would warn of is a warning. Notes are \
            worth knowing and no more. Backends that do not answer are warnings (notes on this machine), a database that does not is exit code 1.
            """)

    /// How the answer is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
        /// Workflow commands, which GitHub, Gitea and Forgejo show beside the lines of a pull request.
        case github
    }

    @OptionGroup var configurationOption: ConfigurationOption

    @Flag(name: .customLong("json"), help: "Answer in JSON: --format json.")
    var isJSON = false

    @Option(help: "text, json, or github: remarks beside the lines of a pull request.")
    var format = Format.text

    @Flag(help: "Leave the backends and the database out.")
    var offline = false

    func run() throws {
        let format = isJSON ? .json : format
        let loaded: LoadedConfiguration
        do {
            loaded = try LoadedConfiguration.load(configurationOption.file)
        } catch {
            guard format != .text else { throw BadConfiguration(problems: error) }
            show(CheckReport(problems: error, database: nil), format)
            throw QuietFailure(status: .badConfiguration)
        }
        let configuration = loaded.configuration
        var problems = loaded.warnings
        let database = offline ? nil : DatabaseVerdict(configuration.database)
        if !offline { Backends.check(configuration.upstreams, problems: &problems) }
        if format == .text {
            let warnings = problems.withoutNotes
            if !warnings.isEmpty { StandardStreams.reportError(warnings.report()) }
            if !problems.notes.isEmpty { print(problems.notes.report(), terminator: "") }
            print(summary(of: loaded, problems, database))
        } else {
            show(CheckReport(problems: problems, database: database), format)
        }
        if let database, !database.isWell {
            throw format == .text ? CommandFailure(database.words) : QuietFailure(status: .failed)
        }
    }

    private func show(_ report: CheckReport, _ format: Format) {
        switch format {
        case .json: printJSON(report.json)
        case .github: print(report.annotations, terminator: "")
        case .text: break
        }
    }

    private func summary(of loaded: LoadedConfiguration, _ problems: Problems, _ database: DatabaseVerdict?) -> String {
        let configuration = loaded.configuration
        var parts = [
            counted(configuration.routes.count, "route"), counted(configuration.expectations.count, "expectation"),
            configuration.tokens.keyRing == nil ? counted(loaded.keys.count, "key") : "a key ring",
        ]
        if let database, database.isWell { parts.append(database.words) }
        let warnings = problems.withoutNotes.all.count
        let verdict = warnings == 0 ? "is well" : "can be used, with \(counted(warnings, "warning"))"
        return "\(configurationOption.file) \(verdict): \(parts.joined(separator: ", "))"
    }
}
