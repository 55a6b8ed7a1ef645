/// What a client of PostgreSQL says on one connection, read as the frontend's messages of its protocol (version 3): which SQL
/// each transaction runs, also that of statements which were prepared long before.
struct PostgresDialogue: Sendable {
    private var unread: [UInt8] = []
    private var hasStarted = false
    private var prepared: [String: String] = [:]
    private var transaction = ""

    /// Reads on.
    ///
    /// - Returns: when these bytes ask for a commit, the SQL of the transaction that it ends.
    mutating func commit(in bytes: [UInt8]) -> String? {
        unread += bytes
        var committed: String?
        while let message = nextMessage() {
            switch message.kind {
            case UInt8(ascii: "P"):
                let texts = Self.texts(message.body)
                if texts.count > 1 { prepared[texts[0]] = texts[1] }
            case UInt8(ascii: "B"):
                let texts = Self.texts(message.body)
                if texts.count > 1 { transaction += (prepared[texts[1]] ?? "") + "\n" }
            case UInt8(ascii: "Q"):
                let sql = Self.texts(message.body).first ?? ""
                if sql.hasPrefix("BEGIN") { transaction = "" }
                if sql == "COMMIT" { committed = transaction }
            default: break
            }
        }
        return committed
    }

    /// The next whole message. What comes before the start of the session has a length and no kind.
    private mutating func nextMessage() -> (kind: UInt8, body: [UInt8])? {
        let before = hasStarted ? 1 : 0
        guard unread.count >= before + 4 else { return nil }
        let length = unread[before..<before + 4].reduce(0) { $0 << 8 | Int($1) }
        guard unread.count >= before + length else { return nil }
        let kind = hasStarted ? unread[0] : 0
        let body = Array(unread[(before + 4)..<(before + length)])
        unread.removeFirst(before + length)
        // Version 3.x; what else comes first asks whether the server encrypts.
        if !hasStarted, body.starts(with: [0, 3]) { hasStarted = true }
        return (kind, body)
    }

    /// The texts that the body begins with, each ended by a zero byte.
    private static func texts(_ body: [UInt8]) -> [String] {
        body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
