import ArgumentParser
import EventLoop

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the running gateway read its configuration anew, and say what changed.",
        discussion: """
            Asks through the `admin` address of the file; without one, send HUP to the process. All or nothing: a file with a \
            mistake, or with a change that needs a restart, changes nothing (exit code 78), nor does a good one while the \
            database of a key ring is away (1). Open connections stay open.
            """)

    @OptionGroup var configurationOption: ConfigurationOption

    func run() throws {
        guard
            let (answer, admin) = try AdminCaller.call(
                "PUT", "/reload", configurationOption.file, otherwise: "; send HUP to it instead")
        else { return }
        switch answer {
        case (200, let text): print(text, terminator: "")
        case (409, let text): throw refusal(text, .badConfiguration)
        case (503, let text): throw refusal(text, .failed)
        case (let status, _):
            throw CommandFailure("\(admin) answers \(status): is that the gateway's `admin`?")
        }
    }

    private func refusal(_ text: String, _ status: ExitStatus) -> QuietFailure {
        StandardStreams.reportError(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        return QuietFailure(status: status)
    }
}
