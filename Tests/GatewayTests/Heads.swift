import Config
import HTTP
import Policy
import Testing

@testable import Gateway

/// A parsed request with the bytes it was parsed from.
struct SentRequest: ~Copyable {
    var head = RequestHead()
    let bytes: [UInt8]

    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        guard case .complete = try head.parse(bytes.span, limits: HeadLimits()) else { throw Incomplete() }
    }

    struct Incomplete: Error {}
}

extension Peer {
    static let stranger = Peer(text: "203.0.113.9", isTrusted: false)
    static let proxy = Peer(text: "10.0.0.1", isTrusted: true)
}

extension RouteTable {
    /// The routes of a configuration that has nothing else to it.
    static func compiled(_ routes: String) throws -> RouteTable {
        struct NoSuchFile: Error {}
        let text = """
            listen 127.0.0.1:8080
            public-url http://gate.example
            tokens { audience app; key es256 file access.pem }
            upstream web { server 127.0.0.1:3000 }
            \(routes)
            """
        let surroundings = Surroundings(
            read: { path, _ in
                guard path == "gateway.conf" else { throw NoSuchFile() }
                return Array(text.utf8)
            }, list: { _ in [] }, environment: { _ in nil })
        var problems = Problems()
        let configuration = Configuration.read("gateway.conf", from: surroundings, problems: &problems)
        let table = RouteTable(configuration, problems: &problems)
        try #require(!problems.hasErrors)
        return table
    }
}
