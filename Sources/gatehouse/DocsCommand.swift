import ArgumentParser
import Config

struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Print the manual of gateway.conf, or of one directive, from the table that reads the file.")

    @OptionGroup var configurationOption: ConfigurationOption

    @Argument(help: "A directive, such as route.")
    var directive: String?

    func run() throws {
        guard let text = Manual.text(of: directive) else {
            let name = directive ?? ""
            throw CommandFailure(
                "there is no directive `\(name)`\(Manual.hint(for: name).map { "; \($0)" } ?? "")", status: .wrongUsage)
        }
        print(text, terminator: "")
    }
}
