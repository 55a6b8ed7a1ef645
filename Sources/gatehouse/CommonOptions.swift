import ArgumentParser
import Config
import EventLoop
import Gateway

/// `-c FILE`, on every command.
struct ConfigurationOption: ParsableArguments {
    @Option(name: [.customShort("c"), .customLong("config")], help: "The configuration file.")
    var file = "gateway.conf"

    /// Loads the file for a command that needs a good one; warnings are shown.
    func load() throws -> LoadedConfiguration {
        let loaded: LoadedConfiguration
        do {
            loaded = try LoadedConfiguration.load(file)
        } catch {
            throw BadConfiguration(problems: error.withoutNotes)
        }
        let warnings = loaded.warnings.withoutNotes
        if !warnings.isEmpty { StandardStreams.reportError(warnings.report()) }
        return loaded
    }
}

/// `--json`, on every command whose answer a script would read.
struct JSONOption: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Answer in JSON.")
    var isOn = false
}

/// Every mistake of gateway.conf, as the room that read it words them.
struct BadConfiguration: Failure {
    let problems: Problems

    var message: String { problems.report() }
    var status: ExitStatus { .badConfiguration }
}
