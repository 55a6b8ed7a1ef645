import Config
import HTTP
import Policy
import Reasons
import Testing

/// A route table from `route` lines. Their upstreams are `web` and `api`.
func table(_ lines: String) throws -> RouteTable {
    let (table, problems) = compile(lines)
    try #require(problems.isEmpty, "\(problems.report())")
    return table
}

/// Compiles `route` lines and keeps what is wrong with them.
func compile(_ lines: String) -> (table: RouteTable, problems: Problems) {
    let (_, table, problems) = read(lines)
    return (table, problems)
}

/// As `compile`, with what was read.
func read(_ lines: String) -> (configuration: Configuration, table: RouteTable, problems: Problems) {
    let text = """
        listen 127.0.0.1:8080
        public-url http://localhost:8080
        tokens { audience app; key es256 file access.pem }
        upstream web { server 127.0.0.1:3000 }
        upstream api { server 127.0.0.1:9001 }
        route unused.example/web -> web
        route unused.example/api -> api

        """
    let surroundings = Surroundings(
        read: { _, _ in Array((text + lines).utf8) }, list: { _ in [] }, environment: { _ in nil })
    var problems = Problems()
    let configuration = Configuration.read("gateway.conf", from: surroundings, problems: &problems)
    let table = RouteTable(configuration, problems: &problems)
    table.check(configuration.expectations, problems: &problems)
    return (configuration, table, problems)
}

extension RouteTable {
    func knows(_ method: String) -> Bool { knows(method: Array(method.utf8).span) }

    /// The label of the route in force, or why there is none.
    func winner(_ method: String = "GET", _ host: String = "localhost:8080", _ path: String) -> Result<String, Reason> {
        do throws(Reason) {
            let path = try CanonicalPath(Array(path.utf8).span, accepting: acceptedAnywhere)
            let index = try route(method: Array(method.utf8).span, host: Array(host.utf8).span, path: path)
            return .success(routes[index].label)
        } catch {
            return .failure(error)
        }
    }

    /// Which of the lines given to `compile` is in force, counted from 0.
    func winningLine(_ method: String, _ host: String, _ path: String) -> Int? {
        guard let path = try? CanonicalPath(Array(path.utf8).span),
            let index = try? route(method: Array(method.utf8).span, host: Array(host.utf8).span, path: path)
        else { return nil }
        return routes[index].place.line - 8
    }

    /// What the gate answers: 200 for "let through".
    ///
    /// - Parameter roles: nil for nobody.
    func status(_ method: String, _ path: String, roles: [String]?) -> UInt16 {
        do throws(Reason) {
            let path = try CanonicalPath(Array(path.utf8).span, accepting: acceptedAnywhere)
            if path.isOwn { return 0 }
            let index = try route(method: Array(method.utf8).span, host: Array("localhost".utf8).span, path: path)
            return routes[index].rule.refusal(roles: roles)?.status ?? 200
        } catch {
            return error.status
        }
    }
}
