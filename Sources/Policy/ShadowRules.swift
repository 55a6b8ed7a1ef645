import Config
import HTTP
import Reasons

/// The `shadow` lines of a configuration: rules that are tried on requests beside those in force, and decide nothing.
package struct ShadowRules: Sendable {
    /// The routes as they would be if the `shadow` lines were routes; one for the same requests as a route has taken its place.
    package let table: RouteTable
    /// Where the shadow lines begin among the routes of the table.
    private let firstIndex: Int

    /// The shadow lines, in the order of the file.
    package var routes: ArraySlice<CompiledRoute> { table.routes[firstIndex...] }

    /// The place of a route in `routes`, counted from 0; nil for one that is in force.
    package func number(of route: CompiledRoute) -> Int? {
        route.index >= firstIndex ? route.index - firstIndex : nil
    }

    /// Nil without any such line, or when one has a mistake, which goes into `problems`.
    package init?(_ configuration: Configuration, beside inForce: RouteTable, problems: inout Problems) {
        guard !configuration.shadows.isEmpty, inForce.isWhole else { return nil }
        var tried = configuration
        tried.routes = Self.kept(configuration) + configuration.shadows
        var found = problems.cleared
        table = RouteTable(tried, problems: &found)
        firstIndex = tried.routes.count - configuration.shadows.count
        // What is said about the routes in force has been said.
        let lines = Set(configuration.shadows.map { Line($0.place) })
        for problem in found.all where lines.contains(Line(problem.place)) { problems.add(problem) }
        guard table.routes.count == tried.routes.count else { return nil }
    }

    private struct Line: Hashable {
        let file: String
        let line: Int

        init(_ place: Place) { (file, line) = (place.file, place.line) }
    }

    /// The routes for which no shadow line stands.
    private static func kept(_ configuration: Configuration) -> [RouteLine] {
        var unheard = Problems()
        var numbers = MethodNumbers()
        func identity(_ line: RouteLine) -> Identity? {
            RoutePattern(line, numbers: &numbers, problems: &unheard).map {
                Identity(reach: $0.reach, methods: $0.methods)
            }
        }
        let replaced = Set(configuration.shadows.compactMap(identity))
        return configuration.routes.filter { line in identity(line).map { !replaced.contains($0) } ?? true }
    }

    /// Two lines for the very same requests.
    private struct Identity: Hashable {
        let reach: RoutePattern.Reach
        let methods: MethodSet?
    }
}
