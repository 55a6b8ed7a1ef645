import Accounts
import ArgumentParser

struct UserRolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "Show the roles of a user, or replace them.",
        discussion: "Access tokens that were handed out with other roles stop; sessions go on.")

    @Argument(help: "The email address or the id.")
    var user: String

    @Argument(help: "The roles to have from now on; without any, they are shown.")
    var roles: [String] = []

    @Flag(help: "Take all roles away.")
    var none = false

    @OptionGroup var options: UserOptions

    func validate() throws {
        if none, !roles.isEmpty { throw ValidationError("--none stands alone") }
    }

    func run() throws {
        let account = try options.administer { administration in
            if !none, roles.isEmpty {
                guard let account = try administration.find(user) else { throw Refusal(.notFound) }
                return account
            }
            return try administration.setRoles(splitRoles(roles), of: user).account
        }
        let list = account.roles.isEmpty ? "no roles" : "the roles \(account.roles.joined(separator: " "))"
        options.show(account, "\(account.email) has \(list)")
    }
}
