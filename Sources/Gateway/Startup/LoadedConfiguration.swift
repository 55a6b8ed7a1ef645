import Accounts
import Config
import Policy
import Tokens

/// A gateway.conf that has passed every check that needs nobody's help: language, routes, expectations, keys. What is left
/// to find out is whether the database answers and the ports are free.
package struct LoadedConfiguration: Sendable {
    package let configuration: Configuration
    package let routes: RouteTable
    /// The keys that the configuration names, in its order: the first signs, all verify. Beside a ring in the database they
    /// stand behind its keys, and there may be none.
    package let keys: [TokenKey]
    package let issuers: [TrustedIssuer]
    /// The key sets that are files, by the issuer's place.
    package let issuerKeys: [Int: KeyRing]
    /// The first makes the chain of the audit, all verify it.
    package let auditKeys: AuditKeys
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
        Lints.run(configuration, routes, problems: &problems)
        configuration.lintFiles(problems: &problems)
        let keys = KeyRing.load(configuration.tokens.keys, problems: &problems)
        let issuers = configuration.issuers.map(TrustedIssuer.init)
        let issuerKeys = KeyRing.loadKeySets(configuration.issuers, issuers, problems: &problems)
        let auditKeys = AuditKeys.load(configuration, problems: &problems)
        guard let keys, !problems.hasErrors else { throw problems }
        return LoadedConfiguration(
            configuration: configuration, routes: routes, keys: keys, issuers: issuers, issuerKeys: issuerKeys,
            auditKeys: auditKeys, warnings: problems)
    }
}
