import Config
import HTTP
import Policy

/// Parts of a site that different rules guard, as segments from the root. What lies in none of them lies in `/`.
enum Region {
    /// The narrower before the wider.
    static let all = ["/api/auth", "/admin", "/api", "/files", "/public"]

    /// Where a path lies, in the eyes of somebody who compares whole segments byte for byte.
    static func of(_ path: [UInt8]) -> String {
        all.first { region in
            path.starts(with: region.utf8)
                && (path.count == region.utf8.count || path[region.utf8.count] == UInt8(ascii: "/"))
        } ?? "/"
    }

    /// The same for somebody who folds case.
    static func folded(_ path: [UInt8]) -> String { of(path.map { (65...90).contains($0) ? $0 + 32 : $0 }) }
}

/// A configuration with a route for each region, asked in this process: by the functions that serve requests.
struct PathRules: Sendable {
    /// The spellings that its routes accept.
    let accepts: [String]
    private let table: RouteTable

    static let spellings = AcceptedSpelling.allCases.map(\.rawValue)

    /// Nothing accepted, each spelling by itself, and all but the two that are about what a backend does not do.
    static func all() throws -> [PathRules] {
        try [PathRules([])] + spellings.map { try PathRules([$0]) }
            + [PathRules(spellings.filter { $0 != "case" && $0 != "escapes" })]
    }

    init(_ accepts: [String]) throws {
        self.accepts = accepts
        let accept = accepts.isEmpty ? "" : "accept \(accepts.joined(separator: " "))"
        let text = """
            listen 127.0.0.1:8080
            public-url http://localhost:8080
            tokens { audience app; key es256 file access.pem }
            upstream web { server 127.0.0.1:3000 }
            route /*        public     \(accept) -> web
            route /public/* public     \(accept) -> web
            route /files/*  public     \(accept) -> web
            route /api/*    user       \(accept) -> web
            route /admin/*  role admin \(accept) -> web

            """
        let surroundings = Surroundings(
            read: { _, _ in Array(text.utf8) }, list: { _ in [] }, environment: { _ in nil })
        var problems = Problems()
        let configuration = Config.Configuration.read("gateway.conf", from: surroundings, problems: &problems)
        table = RouteTable(configuration, problems: &problems)
        guard !problems.hasErrors else { throw Failure(problems.report()) }
    }

    /// Whose rule decides about a target, and the bytes that its backend gets; nil when it is refused or never forwarded.
    func judge(_ target: [UInt8]) -> (region: String, forwarded: [UInt8])? {
        let path = Array(target.prefix { $0 != UInt8(ascii: "?") })
        let query = target.dropFirst(path.count)
        // The parser of request lines lets nothing else pass.
        guard query.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }),
            let canonical = try? CanonicalPath(path.span, accepting: table.acceptedAnywhere), !canonical.isOwn,
            let index = try? table.route(
                method: Array("GET".utf8).span, host: Array("a.test".utf8).span, path: canonical)
        else { return nil }
        let label = table.routes[index].label
        return (label == "/*" ? "/" : String(label.dropLast(2)), canonical.bytes + query)
    }

    /// Whether its routes say that what a backend does is as this reading has it.
    func concerns(_ reading: PathReading) -> Bool { !accepts.contains("escapes") || !reading.isDecoded }
    var foldsCase: Bool { !accepts.contains("case") }
}

/// What some program takes a target's path for.
struct PathReading: Sendable {
    /// The program, and which of its functions.
    let reader: String
    let path: [UInt8]
    /// Whether escapes were decoded on the way.
    let isDecoded: Bool
    /// The region that the program itself found it in, if it can say.
    var region: String?
}
