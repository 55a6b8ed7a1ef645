import ArgumentParser
import EventLoop

/// `gatehouse`: parses the command line, calls the rooms, and turns what they say into words and an exit code. It decides
/// nothing.
struct Gatehouse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "An authentication gateway: one process in front of your backends.",
        discussion: "Not built yet: \(NotBuiltYet.commands.joined(separator: ", ")).",
        subcommands: [
            RunCommand.self, ReloadCommand.self, CheckCommand.self, ExpectationsCommand.self, ExplainCommand.self,
            FormatCommand.self, DocsCommand.self, InitCommand.self, UserCommand.self, SessionCommand.self,
            KeyCommand.self, AuditCommand.self,
            EchoCommand.self, VersionCommand.self,
        ])
}

@main
enum Main {
    /// Not asynchronous: signals are minded on the main thread, where this stays.
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            if let command = NotBuiltYet.command(in: words) { throw NotBuiltYet(command: command) }
            var command = try Gatehouse.parseAsRoot(words)
            try command.run()
        } catch let failure as any Failure {
            if !failure.message.isEmpty { StandardStreams.reportError(failure.message) }
            ExitStatus.exit(failure.status)
        } catch {
            // Help and usage, as the parser words them.
            let message = Gatehouse.fullMessage(for: error)
            if Gatehouse.exitCode(for: error).isSuccess {
                print(message)
                ExitStatus.exit(.well)
            }
            StandardStreams.reportError(message)
            ExitStatus.exit(Gatehouse.exitCode(for: error) == .validationFailure ? .wrongUsage : .failed)
        }
    }
}
