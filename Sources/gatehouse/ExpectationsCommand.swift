import ArgumentParser
import Config
import Encoding
import EventLoop
import Gateway
import Policy

/// Named so that nobody takes it for a test.
struct ExpectationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the `expect` lines, and show which routes and conditions none of them touches.",
        discussion: "Exit code 0 when all hold, 1 when one does not; gaps are no failure unless --strict says so.")

    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    @Flag(name: .shortAndLong, help: "Show every expectation, not only those that do not hold.")
    var verbose = false

    @Flag(help: "Fail, too, while a route or a condition is not touched.")
    var strict = false

    func run() throws {
        let (configuration, table) = try load()
        let results = table.results(of: configuration.expectations)
        let coverage = Coverage(of: table, by: results)
        if json.isOn { printJSON(report(results, coverage)) } else { show(results, coverage) }
        let hasGaps = !coverage.untouchedRoutes.isEmpty || !coverage.gaps.isEmpty
        if !results.allSatisfy(\.holds) || (strict && hasGaps) { throw QuietFailure(status: .failed) }
    }

    /// Without keys: expectations need none, so they can be run where the keys are not.
    private func load() throws -> (Configuration, RouteTable) {
        var problems = Problems()
        let configuration = Configuration.read(configurationOption.file, from: .system, problems: &problems)
        let table = RouteTable(configuration, problems: &problems)
        if problems.hasErrors { throw BadConfiguration(problems: problems) }
        table.check(configuration.expectations, problems: &problems)
        // What does not hold is what this command shows; anything else is a mistake in the file.
        let failing = table.results(of: configuration.expectations).filter { !$0.holds }.map(\.line.status.place)
        let others = problems.all.filter { $0.severity == .error && !failing.contains($0.place) }
        if !others.isEmpty { throw BadConfiguration(problems: problems) }
        return (configuration, table)
    }

    private func show(_ results: [ExpectationResult], _ coverage: Coverage) {
        for result in results where verbose || !result.holds {
            let verdict = result.holds ? "ok   " : "FAIL "
            print(
                "\(verdict)\(result.line.place.file):\(result.line.place.line): \(result.line.text) -> \(result.line.status.value)"
            )
            if !result.holds {
                print(
                    "     answered \(result.answer.status)\(result.answer.reason.map { " \($0.code)" } ?? ""); \(RouteTable.why(result.answer))"
                )
            }
        }
        let failed = results.count { !$0.holds }
        let routes = coverage.routeCount - coverage.untouchedRoutes.count
        let conditions = coverage.conditionCount - coverage.gaps.count
        for route in coverage.untouchedRoutes {
            print("gap  \(route.place.file):\(route.place.line): no expectation is decided by the route \(route.name)")
        }
        for gap in coverage.gaps { print("gap  \(gap.place.file):\(gap.place.line): \(words(gap))") }
        print(
            "\(counted(results.count, "expectation")), \(failed == 0 ? "all hold" : "\(failed) not so"); touched: \(routes) of \(counted(coverage.routeCount, "route")), \(conditions) of \(counted(coverage.conditionCount, "condition"))"
        )
    }

    private func words(_ gap: Coverage.Gap) -> String {
        switch (gap.isNeverMet, gap.isNeverUnmet) {
        case (true, true): "no expectation looks at `\(gap.text)`"
        case (true, false): "no expectation sees `\(gap.text)` hold"
        default: "no expectation sees `\(gap.text)` not hold"
        }
    }

    private func report(_ results: [ExpectationResult], _ coverage: Coverage) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("ok", results.allSatisfy(\.holds))
        writer.key("expectations")
        writer.beginArray()
        for result in results {
            writer.beginObject()
            writer.member("expectation", result.line.text)
            writer.place(result.line.place)
            writer.member("expected", Int64(result.line.status.value))
            writer.member("status", Int64(result.answer.status))
            writer.member("code", orNull: result.answer.reason?.code)
            writer.member("holds", result.holds)
            if !result.holds { writer.member("why", RouteTable.why(result.answer)) }
            writer.endObject()
        }
        writer.endArray()
        writer.key("gaps")
        writer.beginArray()
        for route in coverage.untouchedRoutes {
            writer.beginObject()
            writer.member("route", route.name)
            writer.place(route.place)
            writer.endObject()
        }
        for gap in coverage.gaps {
            writer.beginObject()
            writer.member("condition", gap.text)
            writer.place(gap.place)
            writer.member("why", words(gap))
            writer.endObject()
        }
        writer.endArray()
        writer.member("routes", Int64(coverage.routeCount))
        writer.member("conditions", Int64(coverage.conditionCount))
        writer.endObject()
        return writer.finish()
    }
}
