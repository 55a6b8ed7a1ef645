import Accounts
import ArgumentParser
import EventLoop
import Reasons

struct UserDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an account and end every session of it, for good.",
        discussion: """
            Asks first. Its events stay in the audit; its email is free for a new account, which has another id. To keep \
            somebody out who may come back, use `gatehouse user disable`.
            """)

    @OptionGroup var named: UserArgument

    @Flag(help: "Do not ask.")
    var yes = false

    func run() throws {
        let deleted = try named.administer { administration, user in
            if yes { return try administration.delete(user) }
            let report = try administration.report(on: user)
            try confirm(report)
            // By id: the email may belong to somebody else by the time of the answer.
            return try administration.delete(report.account.id)
        }
        let account = deleted.account
        named.options.show(account, "deleted \(account.email) (\(account.id)) and ended all sessions")
    }

    private func confirm(_ report: AccountReport) throws {
        let sessions = counted(report.sessions.count, "live session")
        let question = "Delete \(report.account.email) (\(report.account.id), \(sessions)) for good? [yes/no] "
        let answer: [UInt8]
        do {
            answer = try Terminal.ask(question, isHidden: false, bytesMax: 4096)
        } catch let problem {
            throw CommandFailure("\(problem); without a terminal, use --yes")
        }
        guard ["y", "yes"].contains(String(decoding: answer, as: UTF8.self)) else {
            throw CommandFailure("nothing was deleted")
        }
    }
}
