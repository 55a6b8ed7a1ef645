import Config
import Policy

/// gateway.conf: no file makes the reader or the route compiler trap, every problem has a place in the file, and the report
/// can be written.
enum ConfigurationCheck {
    static func run(_ input: [UInt8]) throws {
        struct Missing: Error {}
        let surroundings = Surroundings(
            read: { path, _ in
                guard path == "gateway.conf" else { throw Missing() }
                return input
            },
            list: { _ in [] }, environment: { $0 == "SET" ? "value" : nil })
        var problems = Problems()
        let configuration = Configuration.read("gateway.conf", from: surroundings, problems: &problems)
        let routes = RouteTable(configuration, problems: &problems)
        routes.check(configuration.expectations, problems: &problems)
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
        for problem in problems.all {
            guard problem.place.line >= 1, problem.place.line <= lines + 1, problem.place.column >= 1 else {
                throw Complaint("a problem outside of the file: \(problem.place)")
            }
            guard !problem.message.isEmpty else { throw Complaint("a problem without words") }
        }
        _ = problems.report()
    }
}
