import Accounts
import ArgumentParser
import Encoding

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Look at the sessions of a user, and end them.",
        discussion: "What is ended here stops opening the gate of running gateways within a second.",
        subcommands: [SessionListCommand.self, SessionRevokeCommand.self])
}

struct SessionListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the live sessions of a user, the newest first.")

    @OptionGroup var named: UserArgument

    func run() throws {
        let sessions = try named.administer { try $0.sessions(of: $1) }
        if named.options.json.isOn {
            printJSON(Self.json(sessions))
            return
        }
        for session in sessions {
            // The device comes last, and is printable ASCII: whatever a client called itself stays on its line.
            let used = RFC3339.format(milliseconds: session.lastUsedAt)
            print("\(session.id)  \(used)  \(session.ip ?? "-")  \(session.userAgent ?? "-")")
        }
    }

    private static func json(_ sessions: [SessionSummary]) -> [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.key("sessions")
        answer.beginArray()
        for session in sessions {
            answer.beginObject()
            answer.member("id", session.id)
            answer.member("createdAt", RFC3339.format(milliseconds: session.createdAt))
            answer.member("lastUsedAt", RFC3339.format(milliseconds: session.lastUsedAt))
            answer.member("expiresAt", RFC3339.format(milliseconds: session.expiresAt))
            answer.member("ip", orNull: session.ip)
            answer.member("userAgent", orNull: session.userAgent)
            answer.endObject()
        }
        answer.endArray()
        answer.endObject()
        return answer.finish()
    }
}

struct SessionRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End one session, or with --user every session of a user.")

    @Argument(help: "The id of the session, as `session list` shows it.")
    var session: String?

    @Option(help: "The email address or the id of a user: ends all their sessions.")
    var user: String?

    @OptionGroup var options: UserOptions

    func validate() throws {
        guard (session == nil) != (user == nil) else {
            throw ValidationError("name either one session or, with --user, a user.")
        }
    }

    func run() throws {
        let missing = user.map(UserArgument.missing) ?? "there is no such session, or it has ended already"
        let count = try options.administer(missing: missing) { administration in
            if let session { return try administration.endSession(session).count }
            guard let user else { return 0 }
            return try administration.endSessions(of: user).revocations.count
        }
        if options.json.isOn {
            var answer = JSONWriter()
            answer.beginObject()
            answer.member("revoked", Int64(count))
            answer.endObject()
            printJSON(answer.finish())
        } else {
            print("ended \(counted(count, "session"))")
        }
    }
}
