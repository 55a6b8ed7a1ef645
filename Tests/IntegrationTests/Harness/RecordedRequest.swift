/// One request as the backend received it: its bytes, and what a strict reader makes of them.
struct RecordedRequest: Sendable {
    /// The number of the backend's connection it came on, from 1.
    var connection = 0
    /// Head and body exactly as received (of a very long body, its first bytes).
    var bytes: [UInt8] = []
    var method = ""
    var target = ""
    var fields: [WireField] = []
    /// The body with its chunks joined.
    var body: [UInt8] = []
    /// How many body bytes came, kept or not.
    var bodyCount = 0
    /// Whether the body came to its stated end.
    var isComplete = false
    /// What is wrong with it. The gateway must never send anything that has an entry here.
    var violations: [String] = []

    var head: String {
        let end = bytes.end(of: Array("\r\n\r\n".utf8)) ?? bytes.count
        return Array(bytes[..<end]).text
    }

    var requestLine: String { head.split(separator: "\r\n", maxSplits: 1).first.map(String.init) ?? "" }

    subscript(name: String) -> String? { fields.first(name) }

    func all(_ name: String) -> [String] { fields.values(name) }

    /// The bytes that follow the head, as they were on the wire.
    var rawBody: [UInt8] {
        bytes.end(of: Array("\r\n\r\n".utf8)).map { Array(bytes[$0...]) } ?? []
    }
}

extension RecordedRequest {
    /// The names under which backends look for who is calling.
    static let identityNames = [
        "X-User-Id", "X-User-Email", "X-User-Email-Verified", "X-User-Roles", "X-User-Role", "X-User-Name",
        "X-Session-Id",
    ]

    /// Every field that a backend may fold to one of the identity names, in whatever spelling it came.
    var identity: [WireField] { Self.identityNames.flatMap { fields.folded($0) } }
}
