import ArgumentParser

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the gateway.")

    @OptionGroup var configurationOption: ConfigurationOption

    func run() throws {
        _ = try configurationOption.load()
    }
}
