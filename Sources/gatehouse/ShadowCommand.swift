import ArgumentParser
import Encoding

struct ShadowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Look at the rules that are tried and not in force.",
        subcommands: [ShadowReportCommand.self])
}

struct ShadowReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show what the `shadow` lines would have done with the requests so far.",
        discussion: """
            Asks the running gateway through the `admin` address of the file. `refuse` counts requests that were let through and \
            would be refused, `allow` the other way round, `other` those that would be answered with another code or by another \
            upstream. The access log names each of them under `shadow`.
            """)

    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    func run() throws {
        guard let (answer, admin) = try AdminCaller.call("GET", "/shadow", configurationOption.file) else { return }
        let body = Array(answer.text.utf8)
        guard answer.status == 200, let report = try? JSONReader.read(body.span),
            let shadows = report["shadows"]?.elements
        else { throw CommandFailure("\(admin) answers \(answer.status): is that the gateway's `admin`?") }
        if json.isOn { return printJSON(body) }
        if shadows.isEmpty {
            print("no `shadow` line is in the configuration that runs")
            return
        }
        let columns = ["same", "refuse", "allow", "other"]
        print((columns.map { Self.column($0) } + ["  rule that is tried"]).joined())
        for shadow in shadows {
            let counts = columns.map { Self.column("\(shadow[$0]?.integer ?? 0)") }.joined()
            let (route, rule) = (shadow["route"]?.string ?? "", shadow["rule"]?.string ?? "")
            print("\(counts)  \(route) \(rule)  (\(shadow["file"]?.string ?? ""):\(shadow["line"]?.integer ?? 0))")
        }
    }

    private static func column(_ text: String) -> String {
        String(repeating: " ", count: max(1, 10 - text.utf8.count)) + text
    }
}
