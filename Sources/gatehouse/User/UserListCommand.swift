import Accounts
import ArgumentParser
import Encoding

struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts by email.")

    @OptionGroup var options: UserOptions

    private static let pageSize = 500

    func run() throws {
        try options.administer { administration in
            if options.json.isOn { try printAll(administration) } else { try printTable(administration) }
        }
    }

    private func printAll(_ administration: Administration) throws {
        var answer = JSONWriter()
        answer.beginObject()
        answer.key("users")
        answer.beginArray()
        try forEach(administration) { answer.account($0) }
        answer.endArray()
        answer.endObject()
        printJSON(answer.finish())
    }

    private func printTable(_ administration: Administration) throws {
        try forEach(administration) { account in
            let state = account.isDisabled ? "disabled" : "enabled"
            let roles = account.roles.isEmpty ? "-" : account.roles.joined(separator: ",")
            print("\(account.id)  \(state.padded(to: 8))  \(account.email.padded(to: 32))  \(roles)")
        }
    }

    /// In pages, so that a long list holds neither the memory nor a transaction.
    private func forEach(_ administration: Administration, _ body: (Account) -> Void) throws {
        var last: String?
        while true {
            let page = try administration.list(after: last, limit: Self.pageSize)
            page.forEach(body)
            guard page.count == Self.pageSize else { return }
            last = page.last?.email
        }
    }
}
