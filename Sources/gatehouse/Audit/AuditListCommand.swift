import Accounts
import ArgumentParser
import Config
import Encoding
import Storage

struct AuditListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show security events, the newest last.",
        discussion: "All filters must fit. Guesses that a limit refused are one row a minute, with their number.")

    @Option(help: "Of this account (email or id), or tried with this email.")
    var user: String?

    @Option(help: "Of this kind: login, refresh-reused, user-roles…")
    var kind: String?

    @Option(help: "With this outcome: ok or refused.")
    var outcome: String?

    @Option(name: [.customLong("from"), .customLong("ip")], help: "From this address.")
    var from: String?

    @Option(help: "Of this session.")
    var session: String?

    @Option(help: "Of this request.")
    var request: String?

    @Option(help: "Not older than this: a duration such as 90m or 7d.")
    var since: String?

    @Option(help: "Older than this: a duration such as 90m or 7d.")
    var until: String?

    @Option(help: "How many at most, the newest.")
    var limit = 100

    @OptionGroup var options: AuditOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000000") }
        if let kind, AuditEvent.Kind(rawValue: kind) == nil {
            let known = AuditEvent.Kind.allCases.map(\.rawValue)
            let hint = NearestWord.hint(for: kind, among: known) ?? "they are \(known.joined(separator: ", "))"
            throw ValidationError("--kind `\(kind)` is no kind of event; \(hint)")
        }
        for text in [since, until] { _ = try text.map(Self.milliseconds) }
    }

    func run() throws {
        let records = try options.read { _, store in
            var filter = AuditFilter()
            (filter.kind, filter.outcome, filter.ip) = (kind, outcome, from)
            (filter.sessionId, filter.requestId) = (session, request)
            // By the database's clock, which dated the records.
            let now = try store.read { transaction in try transaction.now() }
            if let since { filter.since = now - (try Self.milliseconds(since)) }
            if let until { filter.until = now - (try Self.milliseconds(until)) }
            return try AuditReading(store: store).list(filter, who: user, limit: limit)
        }
        if options.json.isOn {
            var answer = JSONWriter()
            answer.beginObject()
            answer.key("events")
            answer.beginArray()
            for record in records { answer.auditRecord(record) }
            answer.endArray()
            answer.endObject()
            printJSON(answer.finish())
        } else {
            for record in records { print("\(RFC3339.format(milliseconds: record.at)) \(record.line)") }
        }
    }

    private static func milliseconds(_ text: String) throws -> Int64 {
        guard let value = try? Quantity.milliseconds(text) else {
            throw ValidationError("`\(text)` is not a duration such as 90m or 7d")
        }
        return Int64(value)
    }
}

extension JSONWriter {
    fileprivate mutating func auditRecord(_ record: AuditRecord) {
        let event = record.event
        beginObject()
        member("seq", record.seq)
        member("time", RFC3339.format(milliseconds: record.at))
        member("kind", event.kind)
        member("outcome", event.outcome)
        member("times", event.times)
        member("user", orNull: event.userId)
        member("email", orNull: event.email)
        member("session", orNull: event.sessionId)
        member("from", orNull: event.ip)
        member("requestId", orNull: event.requestId)
        member("detail", orNull: event.detail)
        member("digest", record.digest)
        endObject()
    }
}
