import ArgumentParser
import Encoding
import Telemetry

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    func run() {
        guard json.isOn else {
            print("gatehouse \(Version.text)")
            return
        }
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("version", Version.text)
        answer.endObject()
        printJSON(answer.finish())
    }
}

/// Prints what a `JSONWriter` has written.
func printJSON(_ bytes: [UInt8]) {
    print(String(decoding: bytes, as: UTF8.self))
}
