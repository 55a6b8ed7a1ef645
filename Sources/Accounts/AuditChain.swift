import Crypto
import Encoding
import Storage

/// Makes a chain of the audit: every record carries an HMAC over itself and the record before it, so a changed, removed or
/// inserted one shows; both ends are sealed, so a cut-off one shows too.
package struct AuditChain: AuditSealing {
    let keys: AuditKeys
    private let log: @Sendable (String) -> Void

    /// - Parameter log: gets one line for every event, once it is committed.
    package init(keys: AuditKeys, log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.keys = keys
        self.log = log
    }

    package var keyId: String { keys.first?.id ?? "" }

    package func digest(of record: AuditRecord, after previous: String) -> String {
        keys.first.map { Self.digest(of: record, after: previous, key: $0) } ?? ""
    }

    package func seal(_ end: AuditEnd, seq: Int64, digest: String) -> String {
        keys.first.map { Self.seal(end, seq: seq, digest: digest, key: $0) } ?? ""
    }

    package func announce(_ record: AuditRecord) { log(record.line) }

    static func digest(of record: AuditRecord, after previous: String, key: AuditKeys.Key) -> String {
        let event = record.event
        var message = Message("gatehouse audit record v1")
        message.append(previous)
        message.append(record.seq)
        message.append(record.at)
        message.append(event.kind)
        message.append(event.outcome)
        message.append(event.times)
        for text in [event.userId, event.email, event.sessionId, event.ip, event.requestId, event.detail] {
            message.append(text)
        }
        return message.code(key)
    }

    static func seal(_ end: AuditEnd, seq: Int64, digest: String, key: AuditKeys.Key) -> String {
        var message = Message("gatehouse audit \(end.rawValue) v1")
        message.append(seq)
        message.append(digest)
        return message.code(key)
    }

    /// Fields one after the other, each with its length before it: no two records give the same bytes.
    private struct Message {
        private var bytes: [UInt8] = []

        init(_ label: String) { append(label) }

        mutating func append(_ number: Int64) {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
            }
        }

        mutating func append(_ text: String?) {
            guard let text else { return append(-1) }
            append(Int64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }

        func code(_ key: AuditKeys.Key) -> String {
            Hex.encode(HMAC.sha256(key: key.secret, message: bytes.span).span)
        }
    }
}

extension AuditRecord {
    /// The line of the log: who, what, from where, with what outcome, in which request. Printable ASCII, whatever was sent.
    package var line: String {
        let words: [(String, String?)] = [
            ("user", event.userId), ("email", event.email), ("session", event.sessionId), ("from", event.ip),
            ("outcome", event.outcome), ("times", event.times == 1 ? nil : "\(event.times)"),
            ("request", event.requestId), ("detail", event.detail),
        ]
        return words.reduce("audit \(seq) \(Self.printable(event.kind))") { line, word in
            word.1.map { "\(line) \(word.0)=\(Self.printable($0))" } ?? line
        }
    }

    /// One word: what is not printable ASCII becomes `?`, and a text with a blank or a quote in it is quoted.
    private static func printable(_ text: String) -> String {
        let bytes = text.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        let needsQuotes = bytes.isEmpty || bytes.contains { $0 == 0x20 || $0 == 0x22 || $0 == 0x3D }
        guard needsQuotes else { return String(decoding: bytes, as: UTF8.self) }
        let escaped = bytes.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] }
        return "\"" + String(decoding: escaped, as: UTF8.self) + "\""
    }
}
