import Config
import Policy
import Tokens

/// A gateway.conf that has passed every check that needs nobody's help: language, routes, expectations, keys. What is left
/// to find out is whether the database answers and the ports are free.
package struct LoadedConfiguration: Sendable {
    package let configuration: Configuration
    package let routes: RouteTable
    /// The first signs, all verify.
    package let keys: KeyRing
    /// What somebody should look at; none of it is an error.
    package let warnings: Problems

    /// Reads and checks a file with all that it includes and names.
    ///
    /// Every check runs, also after one has failed, so that all mistakes are reported in one run.
    ///
    /// - Throws: every problem found, when at least one is an error.
    package static func load(
        _ path: String, from surroundings: Surroundings = .system
    ) throws(Problems) -> LoadedConfiguration {
        var problems = Problems()
        let configuration = Configuration.read(path, from: surroundings, problems: &problems)
        let routes = RouteTable(configuration, problems: &problems)
        routes.check(configuration.expectations, problems: &problems)
        if let page = configuration.signInPage {
            routes.check(signInPage: page, host: configuration.publicURL.host, problems: &problems)
        }
        let keys = KeyRing.load(configuration.tokens.keys, problems: &problems)
        guard let keys, !problems.hasErrors else { throw problems }
        return LoadedConfiguration(configuration: configuration, routes: routes, keys: keys, warnings: problems)
    }
}
