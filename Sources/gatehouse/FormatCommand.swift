import ArgumentParser
import Config
import EventLoop
import Gateway

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Lay configuration files out.",
        discussion: """
            Indentation, columns and empty lines change; words, comments and the order of lines do not. Without a FILE, the \
            configuration itself is laid out; the files that it includes are named one by one.
            """)

    @OptionGroup var configurationOption: ConfigurationOption

    @Argument(help: "The files to lay out.")
    var files: [String] = []

    @Flag(help: "Change nothing; name the files that would change, and end with 1 when there are any.")
    var check = false

    @Flag(help: "Print the result instead of writing it.")
    var stdout = false

    func run() throws {
        var changed = false
        for file in files.isEmpty ? [configurationOption.file] : files {
            let bytes: [UInt8]
            do { bytes = try FileSystem.read(file, bytesMax: 1 << 20).bytes } catch { throw CommandFailure("\(error)") }
            var problems = Problems()
            guard let formatted = Formatter.format(file: file, bytes, problems: &problems) else {
                throw BadConfiguration(problems: problems)
            }
            if stdout {
                StandardStreams.write(String(decoding: formatted.dropLast(), as: UTF8.self))
            } else if formatted != bytes {
                changed = true
                print(file)
                guard !check else { continue }
                do { try FileSystem.replace(file, contents: formatted.span) } catch { throw CommandFailure("\(error)") }
            }
        }
        if check, changed { throw QuietFailure(status: .failed) }
    }
}
