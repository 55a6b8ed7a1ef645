import Accounts
import ArgumentParser
import Encoding

struct UserShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all about one account: state, roles, password, sign-ins, sessions.",
        discussion:
            "Its sessions one by one are `gatehouse session list`, its history is `gatehouse audit list --user`.")

    @OptionGroup var named: UserArgument

    func run() throws {
        let report = try named.administer { try $0.report(on: $1) }
        if named.options.json.isOn { return printJSON(Self.json(report)) }
        for (name, words) in Self.table(report) { print("\(name.padded(to: 16))\(words)") }
    }

    /// Names and times are printable, whatever a client sent: see `DisplayName`.
    private static func table(_ report: AccountReport) -> [(String, String)] {
        let account = report.account
        let state = report.disabledAt.map { "disabled since \(time($0))" } ?? "enabled"
        let refused =
            report.lastRefused.map { "\(report.refusedSignIns) in the last 24 hours, the last at \(words($0))" }
        return [
            ("email", "\(account.email) (\(account.emailVerified ? "verified" : "not verified"))"),
            ("id", account.id),
            ("name", account.name ?? "-"),
            ("roles", account.roles.isEmpty ? "-" : account.roles.joined(separator: " ")),
            ("state", state),
            ("created", time(account.createdAt)),
            ("password set", "\(time(report.passwordChangedAt)) (\(report.passwordKind ?? "no hash"))"),
            ("last sign-in", report.lastSignIn.map(words) ?? "-"),
            ("refused", refused ?? "none in the last 24 hours"),
            ("live sessions", "\(report.sessions.count)"),
            ("last used", report.sessions.map(\.lastUsedAt).max().map(time) ?? "-"),
        ]
    }

    private static func json(_ report: AccountReport) -> [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.members(of: report.account)
        answer.member("disabledAt", orNull: report.disabledAt.map(time))
        answer.member("passwordChangedAt", time(report.passwordChangedAt))
        answer.member("passwordKind", orNull: report.passwordKind)
        answer.member("sessions", Int64(report.sessions.count))
        answer.member("lastUsedAt", orNull: report.sessions.map(\.lastUsedAt).max().map(time))
        answer.member("lastSignInAt", orNull: report.lastSignIn.map { time($0.at) })
        answer.member("lastSignInFrom", orNull: report.lastSignIn?.from)
        answer.member("refusedSignIns", report.refusedSignIns)
        answer.member("lastRefusedAt", orNull: report.lastRefused.map { time($0.at) })
        answer.member("lastRefusedFrom", orNull: report.lastRefused?.from)
        answer.endObject()
        return answer.finish()
    }

    private static func time(_ milliseconds: Int64) -> String { RFC3339.format(milliseconds: milliseconds) }

    private static func words(_ sighting: AccountReport.Sighting) -> String {
        sighting.from.map { "\(time(sighting.at)) from \($0)" } ?? time(sighting.at)
    }
}
